//! What the page knows, and what is to be done next.
//!
//! Everything that happens is told to the [`Session`]; [`Session::next_command`] then says what
//! the worker has to do. One photo at most is with the worker, so memory stays bounded, and a
//! worker that dies takes only that photo with it.

use std::rc::Rc;

use tagsight_protocol::{LoadError, MAX_PHOTO_BYTES, Model, Progress, Reply, Request, Tagging};

/// A worker whose memory grew beyond this is replaced, as WebAssembly memory never shrinks.
const REPLACE_WORKER_BYTES: u64 = 512 << 20;

const CRASHED: &str = "The tagger ran out of memory or crashed on this photo. Scale the photo \
                       down or save it again as JPEG, then add it once more.";

/// A photo and its tags.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Photo {
    /// Never given twice.
    pub(crate) id: u32,
    /// The file's name.
    pub(crate) name: String,
    /// How far it is.
    pub(crate) state: PhotoState,
}

/// How far a photo is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PhotoState {
    /// Waits for its turn.
    Queued,
    /// Is with the worker.
    Working,
    /// Has its tags.
    Done(Tagging),
    /// Could not be tagged; the message is for its owner.
    Failed(String),
}

impl PhotoState {
    /// The name in the page's hooks.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Working => "working",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
        }
    }
}

/// How far the model is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ModelState {
    /// The site does not have it.
    Missing(String),
    /// It is on its way.
    Loading(Option<Progress>),
    /// It is ready.
    Ready(Rc<Model>),
    /// It cannot be used, or the worker cannot.
    Failed(String),
}

impl ModelState {
    /// The name in the page's hooks.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Loading(_) => "loading",
            Self::Ready(_) => "ready",
            Self::Failed(_) => "failed",
        }
    }
}

/// What the worker is doing, as far as the page knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worker {
    /// There is none, and there should be.
    Wanted,
    /// It has not reported yet.
    Starting,
    /// It runs and has no model.
    Started,
    /// It fetches the model.
    Loading,
    /// It can take a photo.
    Idle,
    /// It has the photo of this id.
    Tagging(u32),
    /// It is of no use until the user asks to try again.
    Failed,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Start a worker, ending the one that runs.
    Start,
    /// Send this to the worker; of [`Request::Tag`], together with the photo.
    Send(Request),
}

/// The page's state.
#[derive(Debug)]
pub(crate) struct Session {
    wanted_model: Option<String>,
    worker: Worker,
    next_id: u32,
    tagged: u32,
    tagged_millis: f64,
    /// What the worker says it runs on.
    pub(crate) engine: Option<String>,
    /// How far the model is.
    pub(crate) model: ModelState,
    /// In the order in which they were added.
    pub(crate) photos: Vec<Rc<Photo>>,
    /// What the worker's memory has grown to.
    pub(crate) wasm_bytes: u64,
}

impl Session {
    /// A session that will use the model of this name, or the site's first.
    pub(crate) fn new(wanted_model: Option<String>) -> Self {
        Self {
            wanted_model,
            worker: Worker::Wanted,
            next_id: 0,
            tagged: 0,
            tagged_millis: 0.0,
            engine: None,
            model: ModelState::Loading(None),
            photos: Vec::new(),
            wasm_bytes: 0,
        }
    }

    /// What has to be done now; ask until there is nothing.
    pub(crate) fn next_command(&mut self) -> Option<Command> {
        let (worker, command) = match self.worker {
            Worker::Wanted => (Worker::Starting, Command::Start),
            Worker::Started => {
                let model = self.wanted_model.clone();
                (Worker::Loading, Command::Send(Request::Load { model }))
            }
            Worker::Idle => {
                let queued = |photo: &&Rc<Photo>| photo.state == PhotoState::Queued;
                let id = self.photos.iter().find(queued)?.id;
                self.set_state(id, PhotoState::Working);
                (Worker::Tagging(id), Command::Send(Request::Tag { id }))
            }
            Worker::Starting | Worker::Loading | Worker::Tagging(_) | Worker::Failed => {
                return None;
            }
        };
        self.worker = worker;
        Some(command)
    }

    /// Takes in a photo; gives its id.
    pub(crate) fn add(&mut self, name: String, bytes: u64) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        let state = if bytes > MAX_PHOTO_BYTES {
            let limit = MAX_PHOTO_BYTES >> 20;
            let size = bytes >> 20;
            PhotoState::Failed(format!(
                "The file is too large ({size} MB). Scale the photo down to less than {limit} MB \
                 and try again."
            ))
        } else {
            PhotoState::Queued
        };
        self.photos.push(Rc::new(Photo { id, name, state }));
        id
    }

    /// Drops a photo. If the worker has it, the answer will be ignored.
    pub(crate) fn remove(&mut self, id: u32) {
        self.photos.retain(|photo| photo.id != id);
    }

    /// Drops all photos.
    pub(crate) fn clear(&mut self) {
        self.photos.clear();
        (self.tagged, self.tagged_millis) = (0, 0.0);
    }

    /// Starts over with the model; what was tagged stays.
    pub(crate) fn retry(&mut self) {
        self.model = ModelState::Loading(None);
        self.worker = Worker::Wanted;
    }

    /// Takes in what the worker says.
    pub(crate) fn reply(&mut self, reply: Reply) {
        match reply {
            Reply::Started { engine } => {
                self.engine = Some(engine);
                self.worker = Worker::Started;
            }
            Reply::Loading(progress) => self.model = ModelState::Loading(Some(progress)),
            Reply::Loaded(model) => {
                self.wasm_bytes = model.wasm_bytes;
                self.model = ModelState::Ready(Rc::new(model));
                self.worker = Worker::Idle;
            }
            Reply::LoadFailed(error) => {
                self.model = match error {
                    LoadError::Missing(message) => ModelState::Missing(message),
                    LoadError::Unusable(message) => ModelState::Failed(message),
                };
                self.worker = Worker::Failed;
            }
            Reply::Tagged { id, outcome, wasm_bytes } => self.tagged(id, outcome, wasm_bytes),
            // Only the benchmark asks for this.
            Reply::Timed(_) => {}
        }
    }

    fn tagged(&mut self, id: u32, outcome: Result<Tagging, String>, wasm_bytes: u64) {
        let kept = self.photos.iter().any(|photo| photo.id == id);
        if let (Ok(tagging), true) = (&outcome, kept) {
            self.tagged += 1;
            self.tagged_millis += tagging.decode_millis + tagging.inference_millis;
        }
        self.set_state(id, outcome.map_or_else(PhotoState::Failed, PhotoState::Done));
        self.wasm_bytes = wasm_bytes;
        if wasm_bytes > REPLACE_WORKER_BYTES {
            self.retry();
        } else {
            self.worker = Worker::Idle;
        }
    }

    /// The worker died.
    pub(crate) fn crashed(&mut self, message: &str) {
        match self.worker {
            // Without a model it would only die again.
            Worker::Wanted | Worker::Starting | Worker::Started | Worker::Loading => {
                self.fail(format!(
                    "The tagger could not be started ({message}). Check your connection and try \
                     again."
                ));
            }
            Worker::Tagging(id) => {
                self.set_state(id, PhotoState::Failed(CRASHED.to_owned()));
                self.retry();
            }
            Worker::Idle => self.retry(),
            Worker::Failed => {}
        }
    }

    /// Gives up until the user asks to try again.
    pub(crate) fn fail(&mut self, message: String) {
        self.model = ModelState::Failed(message);
        self.worker = Worker::Failed;
    }

    /// Photos that are done with, one way or the other.
    pub(crate) fn finished(&self) -> usize {
        let pending =
            |state: &PhotoState| matches!(state, PhotoState::Queued | PhotoState::Working);
        self.photos.iter().filter(|photo| !pending(&photo.state)).count()
    }

    /// Photos that failed.
    pub(crate) fn failures(&self) -> usize {
        let failed = |photo: &&Rc<Photo>| matches!(photo.state, PhotoState::Failed(_));
        self.photos.iter().filter(failed).count()
    }

    /// What a photo takes on average, milliseconds.
    pub(crate) fn millis_each(&self) -> Option<f64> {
        (self.tagged > 0).then(|| self.tagged_millis / f64::from(self.tagged))
    }

    /// A photo that was removed meanwhile is left alone.
    fn set_state(&mut self, id: u32, state: PhotoState) {
        if let Some(photo) = self.photos.iter_mut().find(|photo| photo.id == id) {
            Rc::make_mut(photo).state = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        Model {
            name: "resnet18".into(),
            bytes: 11_000_000,
            labels: vec!["dog".into()],
            load_millis: 1.0,
            wasm_bytes: 1 << 20,
        }
    }

    fn tagged(id: u32) -> Reply {
        let tagging = Tagging {
            tags: Vec::new(),
            scores: vec![0.25],
            decode_millis: 10.0,
            inference_millis: 30.0,
        };
        Reply::Tagged { id, outcome: Ok(tagging), wasm_bytes: 1 << 20 }
    }

    fn start(session: &mut Session) {
        assert_eq!(session.next_command(), Some(Command::Start));
        assert_eq!(session.next_command(), None);
        session.reply(Reply::Started { engine: "wasm-simd".into() });
        let load = Command::Send(Request::Load { model: None });
        assert_eq!(session.next_command(), Some(load));
        assert_eq!(session.next_command(), None);
        session.reply(Reply::Loaded(model()));
    }

    fn ready() -> Session {
        let mut session = Session::new(None);
        start(&mut session);
        session
    }

    fn states(session: &Session) -> Vec<&'static str> {
        session.photos.iter().map(|photo| photo.state.name()).collect()
    }

    fn tag(id: u32) -> Option<Command> {
        Some(Command::Send(Request::Tag { id }))
    }

    #[test]
    fn photos_wait_for_the_model_and_go_one_at_a_time() {
        let mut session = Session::new(None);
        let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
        start(&mut session);
        assert_eq!(session.next_command(), tag(ids[0]));
        assert_eq!(session.next_command(), None);
        assert_eq!(states(&session), ["working", "queued"]);
        session.reply(tagged(ids[0]));
        assert_eq!(session.next_command(), tag(ids[1]));
        assert_eq!(states(&session), ["done", "working"]);
        session.reply(tagged(ids[1]));
        assert_eq!(session.next_command(), None);
        assert_eq!((session.finished(), session.millis_each()), (2, Some(40.0)));
    }

    #[test]
    fn a_photo_that_fails_harms_no_other() {
        let mut session = ready();
        let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
        assert_eq!(session.next_command(), tag(ids[0]));
        let outcome = Err("damaged".to_owned());
        session.reply(Reply::Tagged { id: ids[0], outcome, wasm_bytes: 0 });
        assert_eq!(session.next_command(), tag(ids[1]));
        assert_eq!(states(&session), ["failed", "working"]);
        assert_eq!(session.failures(), 1);
    }

    #[test]
    fn a_crash_fails_one_photo_and_starts_the_worker_again() {
        let mut session = ready();
        let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
        assert_eq!(session.next_command(), tag(ids[0]));
        session.crashed("unreachable");
        assert_eq!(states(&session), ["failed", "queued"]);
        start(&mut session);
        assert_eq!(session.next_command(), tag(ids[1]));
    }

    #[test]
    fn a_crash_before_the_model_is_ready_waits_for_the_user() {
        let mut session = Session::new(None);
        session.next_command();
        session.crashed("404");
        assert_eq!(session.model.name(), "failed");
        assert_eq!(session.next_command(), None);
        session.retry();
        start(&mut session);
        assert_eq!(session.model.name(), "ready");
    }

    #[test]
    fn a_refused_model_keeps_the_photos_for_the_next_try() {
        let mut session = Session::new(None);
        let id = session.add("a".into(), 1);
        session.next_command();
        session.reply(Reply::Started { engine: "wasm-simd".into() });
        session.next_command();
        session.reply(Reply::LoadFailed(LoadError::Unusable("altered".into())));
        assert_eq!(session.next_command(), None);
        session.retry();
        start(&mut session);
        assert_eq!(session.next_command(), tag(id));
    }

    #[test]
    fn a_huge_file_is_refused_unread() {
        let mut session = ready();
        session.add("film.raw".into(), MAX_PHOTO_BYTES + 1);
        assert_eq!(states(&session), ["failed"]);
        assert_eq!(session.next_command(), None);
    }

    #[test]
    fn an_answer_about_a_removed_photo_is_ignored() {
        let mut session = ready();
        let id = session.add("a".into(), 1);
        session.next_command();
        session.clear();
        session.reply(tagged(id));
        assert!(session.photos.is_empty());
        assert_eq!(session.millis_each(), None);
        let next = session.add("b".into(), 1);
        assert_ne!(next, id);
        assert_eq!(session.next_command(), tag(next));
    }

    #[test]
    fn a_worker_that_grew_is_replaced() {
        let mut session = ready();
        let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
        session.next_command();
        let outcome = Err("too large".to_owned());
        let wasm_bytes = REPLACE_WORKER_BYTES + 1;
        session.reply(Reply::Tagged { id: ids[0], outcome, wasm_bytes });
        start(&mut session);
        assert_eq!(session.next_command(), tag(ids[1]));
    }
}
