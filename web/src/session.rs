//! What the page knows, and what is to be done next.
//!
//! Everything that happens is told to the [`Session`]; [`Session::next_command`] then says what
//! the worker has to do. One photo at most is with the worker, or two while a graphics processor
//! runs, of which one is decoded meanwhile; so memory stays bounded, and a worker that dies takes
//! one photo with it at most.

use std::rc::Rc;

use tagsight_protocol::{
    GpuUse, LoadError, MAX_PHOTO_BYTES, ManifestModel, Model, Progress, Reply, Request, Runs,
    Tagging, WEBGPU,
};

use crate::choice::{self, Models};

/// A worker whose memory grew beyond this is replaced, as WebAssembly memory never shrinks.
const REPLACE_WORKER_BYTES: u64 = 512 << 20;

const CRASHED: &str = "The tagger ran out of memory or crashed on this photo. Scale the photo \
                       down or save it again as JPEG, then add it once more.";

const GPU_CRASHED: &str = "The tagger stopped while it used the graphics processor. The processor \
                           tags instead; choose “Graphics processor” to try it again.";

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
    Done {
        /// What was found.
        tagging: Tagging,
        /// By which model.
        by: Rc<ManifestModel>,
    },
    /// Could not be tagged; the message is for its owner.
    Failed(String),
}

impl PhotoState {
    /// The name in the page's hooks.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Working => "working",
            Self::Done { .. } => "done",
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

/// How far the list of models is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// It is to be fetched.
    Wanted,
    /// It is on its way, or did not come.
    Asked,
    /// It is there.
    Known,
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
    /// It tags photos; which ones it has is in [`Session::at_work`].
    Ready,
    /// It is of no use until the user asks to try again.
    Failed,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Fetch the list of models.
    List,
    /// Start a worker, ending the one that runs.
    Start,
    /// Send this to the worker; of [`Request::Tag`], together with the photo.
    Send(Request),
}

/// The page's state.
#[derive(Debug)]
pub(crate) struct Session {
    asked: Option<String>,
    remembered: Option<String>,
    listing: Listing,
    worker: Worker,
    /// Photos that the worker has, oldest first.
    at_work: Vec<u32>,
    /// Whether the worker may use the graphics processor.
    gpu: GpuUse,
    /// The same before a crash that may have been its fault.
    suspected: Option<GpuUse>,
    /// Whether it is known what came of that.
    gpu_is_settled: bool,
    /// What the worker was last told to load.
    current: Option<Rc<ManifestModel>>,
    next_id: u32,
    tagged: u32,
    tagged_millis: f64,
    /// What the worker says it runs on.
    pub(crate) engine: Option<String>,
    /// Why that, if there is something to say.
    pub(crate) why: Option<String>,
    /// What the user has to know about that.
    pub(crate) notice: Option<String>,
    /// What the site has.
    pub(crate) models: Models,
    /// How far the model is.
    pub(crate) model: ModelState,
    /// In the order in which they were added.
    pub(crate) photos: Vec<Rc<Photo>>,
    /// What the worker's memory has grown to.
    pub(crate) wasm_bytes: u64,
}

impl Session {
    /// A session that will use the model that is asked for, or that of last time if that is still
    /// there, or else the site's default.
    pub(crate) fn new(asked: Option<String>, remembered: Option<String>, gpu: GpuUse) -> Self {
        Self {
            asked,
            remembered,
            listing: Listing::Wanted,
            worker: Worker::Wanted,
            at_work: Vec::new(),
            gpu,
            suspected: None,
            gpu_is_settled: gpu == GpuUse::Never,
            current: None,
            next_id: 0,
            tagged: 0,
            tagged_millis: 0.0,
            engine: None,
            why: None,
            notice: None,
            models: Models::new(),
            model: ModelState::Loading(None),
            photos: Vec::new(),
            wasm_bytes: 0,
        }
    }

    /// What has to be done now; ask until there is nothing.
    pub(crate) fn next_command(&mut self) -> Option<Command> {
        if self.listing == Listing::Wanted {
            self.listing = Listing::Asked;
            return Some(Command::List);
        }
        let (worker, command) = match self.worker {
            Worker::Wanted => (Worker::Starting, Command::Start),
            Worker::Started if self.listing == Listing::Known => match self.pick() {
                Ok(model) => {
                    let file = model.file();
                    self.current = Some(model);
                    self.gpu_is_settled = self.gpu == GpuUse::Never;
                    (Worker::Loading, Command::Send(Request::Load { file, gpu: self.gpu }))
                }
                Err(message) => {
                    self.model = ModelState::Missing(message);
                    self.worker = Worker::Failed;
                    return None;
                }
            },
            Worker::Ready if self.wasm_bytes > REPLACE_WORKER_BYTES && self.at_work.is_empty() => {
                self.restart();
                (Worker::Starting, Command::Start)
            }
            Worker::Ready if self.at_work.len() < self.places() => {
                let queued = |photo: &&Rc<Photo>| photo.state == PhotoState::Queued;
                let id = self.photos.iter().find(queued)?.id;
                self.set_state(id, PhotoState::Working);
                self.at_work.push(id);
                (Worker::Ready, Command::Send(Request::Tag { id }))
            }
            Worker::Starting
            | Worker::Started
            | Worker::Loading
            | Worker::Ready
            | Worker::Failed => return None,
        };
        self.worker = worker;
        Some(command)
    }

    /// How many photos the worker may have.
    fn places(&self) -> usize {
        let is_full_grown = self.wasm_bytes > REPLACE_WORKER_BYTES;
        match self.engine.as_deref() {
            _ if is_full_grown => 0,
            Some(WEBGPU) => 2,
            _ => 1,
        }
    }

    /// Takes in the list of models; the error is for the user.
    pub(crate) fn listed(&mut self, models: Result<Models, String>) {
        match models {
            Ok(models) => (self.models, self.listing) = (models, Listing::Known),
            Err(message) => self.fail(message),
        }
    }

    /// The name of the model that is used, if the site has it.
    pub(crate) fn chosen(&self) -> Option<String> {
        self.pick().ok().map(|model| model.name.clone())
    }

    fn pick(&self) -> Result<Rc<ManifestModel>, String> {
        choice::pick(&self.models, self.asked.as_deref(), self.remembered.as_deref()).cloned()
    }

    /// Goes on with another model. Photos that are done keep their tags; the others, and the one
    /// that the worker has, wait for the new model.
    pub(crate) fn switch_model(&mut self, name: String) {
        self.asked = Some(name);
        (self.tagged, self.tagged_millis) = (0, 0.0);
        self.restart();
    }

    /// Goes on with or without the graphics processor.
    pub(crate) fn switch_gpu(&mut self, gpu: GpuUse) {
        (self.gpu, self.suspected) = (gpu, None);
        (self.tagged, self.tagged_millis) = (0, 0.0);
        self.restart();
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

    /// Starts over, as the user asked; what was tagged stays.
    pub(crate) fn retry(&mut self) {
        // The site may have other models by now.
        self.listing = Listing::Wanted;
        self.restart();
    }

    /// Takes another worker, which also gives the memory of the old one back. What the old one had
    /// waits again.
    fn restart(&mut self) {
        for id in std::mem::take(&mut self.at_work) {
            self.set_state(id, PhotoState::Queued);
        }
        (self.why, self.notice) = (None, None);
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
                self.worker = Worker::Ready;
            }
            Reply::Runs(Runs { engine, why, is_news, is_settled }) => {
                self.engine = Some(engine);
                self.notice = is_news.then(|| why.clone());
                self.why = Some(why);
                self.gpu_is_settled = is_settled;
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
        let by = self.current.as_ref().expect("a worker that tags was told to load a model");
        let done = |tagging| PhotoState::Done { tagging, by: by.clone() };
        self.set_state(id, outcome.map_or_else(PhotoState::Failed, done));
        self.at_work.retain(|&other| other != id);
        self.wasm_bytes = wasm_bytes;
    }

    /// The worker died.
    pub(crate) fn crashed(&mut self, message: &str) {
        match self.worker {
            Worker::Loading | Worker::Ready if self.may_be_the_gpus_fault() => {
                let suspected = std::mem::replace(&mut self.gpu, GpuUse::Never);
                self.suspected = Some(suspected);
                self.restart();
                self.notice = Some(GPU_CRASHED.to_owned());
            }
            // Without a model it would only die again.
            Worker::Wanted | Worker::Starting | Worker::Started | Worker::Loading => {
                self.fail(format!(
                    "The tagger could not be started ({message}). Check your connection and try \
                     again."
                ));
            }
            Worker::Ready => {
                for id in std::mem::take(&mut self.at_work) {
                    self.set_state(id, PhotoState::Failed(CRASHED.to_owned()));
                    // The photo did it again without the graphics processor.
                    self.gpu = self.suspected.take().unwrap_or(self.gpu);
                }
                self.restart();
            }
            Worker::Failed => {}
        }
    }

    /// Whether the graphics processor runs or is being tried.
    fn may_be_the_gpus_fault(&self) -> bool {
        !self.gpu_is_settled || self.engine.as_deref() == Some(WEBGPU)
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
mod tests;
