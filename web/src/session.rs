//! What is to be tagged, by what, and what has to be done next for it.
//!
//! Everything that happens is told to the [`Session`]; [`Session::next_command`] then says what
//! the worker has to do. One photo at most is with the worker, or two while a graphics processor
//! runs, of which one is decoded meanwhile; so memory stays bounded, and a worker that dies takes
//! one photo with it at most. What is tagged leaves the session for the library once it is kept there.

mod questions;

use std::rc::Rc;

use tagsight_protocol::{
    Backend, GpuUse, LoadError, MAX_PHOTO_BYTES, ManifestModel, Model, PhotoProblem, Progress,
    Reply, Request, Runs, Tagging, VERSION, Why,
};

use crate::choice::{self, Models};
use crate::question::{Question, Stage};
use crate::reason::{Notice, Problem};

/// A worker whose memory grew beyond this is replaced, as WebAssembly memory never shrinks.
const REPLACE_WORKER_BYTES: u64 = 512 << 20;

/// A photo that is to be tagged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Job {
    /// Never given twice, so that an answer about a photo that was taken away finds nobody.
    pub(crate) id: u32,
    /// The file's name.
    pub(crate) name: String,
    /// How far it is.
    pub(crate) state: JobState,
}

/// How far a photo is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum JobState {
    /// Waits for its turn.
    Queued,
    /// Is with the worker.
    Working,
    /// Is tagged, and its tags are on their way into the library.
    Saving,
    /// Could not be tagged.
    Failed(PhotoProblem),
}

/// Whether photos are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// One after the other.
    Going,
    /// Not until the user says so.
    Paused,
}

/// A photo that was tagged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tagged {
    /// Of its job.
    pub(crate) id: u32,
    /// What was found.
    pub(crate) tagging: Tagging,
    /// By which model.
    pub(crate) by: Rc<Model>,
}

/// How far the model is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ModelState {
    /// The site does not have it.
    Missing(Problem),
    /// It is on its way.
    Loading(Option<Progress>),
    /// It is ready.
    Ready(Rc<Model>),
    /// It cannot be used, or the worker cannot.
    Failed(Problem),
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
    /// Load the page anew, since its parts do not belong together.
    Reload {
        /// Whether the user asks for it; of itself the page does so only once.
        is_asked_for: bool,
    },
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
    /// How many threads are to compute a photo.
    threads: u32,
    /// Whether it is known what came of that.
    gpu_is_settled: bool,
    /// What the worker was last told to load.
    current: Option<Rc<ManifestModel>>,
    /// A command to load the page anew that was not given yet.
    reload: Option<Command>,
    next_id: u32,
    /// Photos that were kept since there was last nothing to do, and how many had failed before.
    done: usize,
    failed_before: usize,
    tagged: u32,
    tagged_millis: f64,
    /// What the worker says it runs on.
    pub(crate) backend: Option<Backend>,
    /// Why that, if there is something to say.
    pub(crate) why: Option<Why>,
    /// What the user has to know about that.
    pub(crate) notice: Option<Notice>,
    /// What the site has.
    pub(crate) models: Models,
    /// How far the model is.
    pub(crate) model: ModelState,
    /// In the order in which they were added.
    pub(crate) jobs: Vec<Rc<Job>>,
    /// Whether photos are handed out.
    pub(crate) pace: Pace,
    /// Whether it is known what the library has; before that nothing is added to it.
    is_open: bool,
    /// What the worker's memory has grown to.
    pub(crate) wasm_bytes: u64,
    /// What was asked of a tag, while that is to be seen.
    pub(crate) question: Option<Question>,
}

impl Session {
    /// A session that will use the model that is asked for, or that of last time if that is still
    /// there, or else the site's default.
    pub(crate) fn new(
        asked: Option<String>,
        remembered: Option<String>,
        gpu: GpuUse,
        threads: u32,
    ) -> Self {
        Self {
            asked,
            remembered,
            listing: Listing::Wanted,
            worker: Worker::Wanted,
            at_work: Vec::new(),
            gpu,
            threads,
            suspected: None,
            gpu_is_settled: gpu == GpuUse::Never,
            current: None,
            reload: None,
            next_id: 0,
            done: 0,
            failed_before: 0,
            tagged: 0,
            tagged_millis: 0.0,
            backend: None,
            why: None,
            notice: None,
            models: Models::new(),
            model: ModelState::Loading(None),
            jobs: Vec::new(),
            pace: Pace::Going,
            is_open: false,
            wasm_bytes: 0,
            question: None,
        }
    }

    /// What has to be done now; ask until there is nothing.
    pub(crate) fn next_command(&mut self) -> Option<Command> {
        if self.reload.is_some() {
            return self.reload.take();
        }
        if self.listing == Listing::Wanted {
            self.listing = Listing::Asked;
            return Some(Command::List);
        }
        let (worker, command) = match self.worker {
            Worker::Wanted => (Worker::Starting, Command::Start),
            Worker::Started if self.listing == Listing::Known => match self.pick().cloned() {
                Ok(model) => {
                    let file = model.file();
                    self.current = Some(model);
                    self.gpu_is_settled = self.gpu == GpuUse::Never;
                    let request = Request::Load { file, gpu: self.gpu, threads: self.threads };
                    (Worker::Loading, Command::Send(request))
                }
                Err(problem) => {
                    self.model = ModelState::Missing(problem);
                    self.worker = Worker::Failed;
                    return None;
                }
            },
            Worker::Ready if self.wasm_bytes > REPLACE_WORKER_BYTES && self.at_work.is_empty() => {
                self.restart();
                (Worker::Starting, Command::Start)
            }
            Worker::Ready if let Some((id, label)) = self.question_waits() => {
                self.set_stage(Stage::Wanted, Stage::Asked);
                (Worker::Ready, Command::Send(Request::Explain { id, label }))
            }
            Worker::Ready if self.hands_out() && self.at_work.len() < self.places() => {
                let queued = |job: &&Rc<Job>| job.state == JobState::Queued;
                let id = self.jobs.iter().find(queued)?.id;
                self.set_state(id, JobState::Working);
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

    /// The library is open, or cannot be.
    pub(crate) fn open(&mut self) {
        self.is_open = true;
    }

    fn hands_out(&self) -> bool {
        self.is_open && self.pace == Pace::Going
    }

    /// How many photos the worker may have.
    fn places(&self) -> usize {
        let is_full_grown = self.wasm_bytes > REPLACE_WORKER_BYTES;
        match self.backend {
            _ if is_full_grown => 0,
            Some(Backend::WebGpu) => 2,
            _ => 1,
        }
    }

    /// Takes in the list of models.
    pub(crate) fn listed(&mut self, models: Result<Models, Problem>) {
        match models {
            Ok(models) => (self.models, self.listing) = (models, Listing::Known),
            Err(problem) => self.fail(problem),
        }
    }

    /// The model that is used, if the site has it.
    pub(crate) fn chosen(&self) -> Option<&ManifestModel> {
        self.pick().ok().map(Rc::as_ref)
    }

    fn pick(&self) -> Result<&Rc<ManifestModel>, Problem> {
        choice::pick(&self.models, self.asked.as_deref(), self.remembered.as_deref())
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

    /// Takes in a photo; gives its job's id.
    pub(crate) fn add(&mut self, name: String, bytes: u64) -> u32 {
        if !self.is_busy() {
            self.begin_batch();
        }
        let id = self.fresh_id();
        self.push(id, name, bytes);
        id
    }

    /// Takes in a photo again whose job had this id.
    pub(crate) fn add_again(&mut self, id: u32, name: String, bytes: u64) {
        if !self.is_busy() {
            self.begin_batch();
        }
        self.remove(id);
        self.push(id, name, bytes);
    }

    fn push(&mut self, id: u32, name: String, bytes: u64) {
        let state = if bytes > MAX_PHOTO_BYTES {
            JobState::Failed(PhotoProblem::FileTooLarge(bytes))
        } else {
            JobState::Queued
        };
        self.jobs.push(Rc::new(Job { id, name, state }));
    }

    /// A number that nothing has had.
    pub(crate) fn fresh_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// Tries a photo that failed once more.
    pub(crate) fn try_again(&mut self, id: u32) {
        let was_busy = self.is_busy();
        if matches!(self.job(id).map(|job| &job.state), Some(JobState::Failed(_))) {
            self.set_state(id, JobState::Queued);
            if !was_busy {
                self.begin_batch();
            }
        }
    }

    fn begin_batch(&mut self) {
        (self.done, self.failed_before) = (0, self.failures().count());
        (self.tagged, self.tagged_millis) = (0, 0.0);
    }

    /// Drops a photo. If the worker has it, the answer will be ignored.
    pub(crate) fn remove(&mut self, id: u32) {
        self.jobs.retain(|job| job.id != id);
    }

    /// A photo's file was opened for the worker and has so many bytes; gives whether the worker is to
    /// have it. One that was dropped meanwhile, or waits again, was never sent.
    pub(crate) fn opened(&mut self, id: u32, bytes: u64) -> bool {
        let is_wanted = self.job(id).is_some_and(|job| job.state == JobState::Working);
        if is_wanted && bytes <= MAX_PHOTO_BYTES {
            return true;
        }
        self.at_work.retain(|&other| other != id);
        if is_wanted {
            self.set_state(id, JobState::Failed(PhotoProblem::FileTooLarge(bytes)));
        }
        false
    }

    /// Drops a photo that the worker does not have, though it was its turn.
    pub(crate) fn withdraw(&mut self, id: u32) {
        self.at_work.retain(|&other| other != id);
        self.remove(id);
    }

    /// Drops what waits and what the worker has; gives the ids. What failed stays to be seen.
    pub(crate) fn cancel(&mut self) -> Vec<u32> {
        let drops = |job: &Rc<Job>| matches!(job.state, JobState::Queued | JobState::Working);
        let dropped = self.jobs.iter().filter(|job| drops(job)).map(|job| job.id).collect();
        self.jobs.retain(|job| !drops(job));
        self.pace = Pace::Going;
        dropped
    }

    /// The library has a photo's tags: the job is over.
    pub(crate) fn kept(&mut self, id: u32) {
        if self.job(id).is_some() {
            self.done += 1;
            self.remove(id);
        }
    }

    /// Starts over, as the user asked; what was tagged stays.
    pub(crate) fn retry(&mut self) {
        if self.model == ModelState::Failed(Problem::TwoBuilds) {
            self.reload = Some(Command::Reload { is_asked_for: true });
            return;
        }
        // The site may have other models by now.
        self.listing = Listing::Wanted;
        self.restart();
    }

    /// Takes another worker, which also gives the memory of the old one back. What the old one had
    /// waits again.
    pub(crate) fn restart(&mut self) {
        for id in std::mem::take(&mut self.at_work) {
            self.set_state(id, JobState::Queued);
        }
        self.set_stage(Stage::Asked, Stage::Wanted);
        (self.why, self.notice) = (None, None);
        self.model = ModelState::Loading(None);
        self.worker = Worker::Wanted;
    }

    /// Takes in what the worker says.
    /// Gives the photo that is tagged by it, if it was not dropped meanwhile.
    pub(crate) fn reply(&mut self, reply: Reply) -> Option<Tagged> {
        match reply {
            Reply::Started { version, .. } if version != VERSION => self.two_builds(),
            Reply::Started { backend, .. } => {
                self.backend = Some(backend);
                self.worker = Worker::Started;
            }
            Reply::Loading(progress) => self.model = ModelState::Loading(Some(progress)),
            Reply::Loaded(model) => {
                self.wasm_bytes = model.wasm_bytes;
                self.model = ModelState::Ready(Rc::new(model));
                self.worker = Worker::Ready;
                // It was about a label that only another model has.
                self.question =
                    self.question.take().filter(|asked| self.number(&asked.label).is_some());
            }
            Reply::Runs(Runs { backend, why, is_news, is_settled }) => {
                self.backend = Some(backend);
                self.notice = is_news.then(|| Notice::Runs(why.clone()));
                self.why = Some(why);
                self.gpu_is_settled = is_settled;
            }
            Reply::LoadFailed(error) => {
                let is_missing = matches!(error, LoadError::Missing(_));
                let state = if is_missing { ModelState::Missing } else { ModelState::Failed };
                self.model = state(Problem::Load(error));
                self.worker = Worker::Failed;
            }
            Reply::Tagged { id, outcome, wasm_bytes } => {
                return self.tagged(id, outcome, wasm_bytes);
            }
            Reply::Explained { id, outcome, wasm_bytes } => {
                self.wasm_bytes = wasm_bytes;
                self.answered(id, outcome);
            }
            // Only the benchmark asks for this.
            Reply::Timed(_) => {}
        }
        None
    }

    fn tagged(
        &mut self,
        id: u32,
        outcome: Result<Tagging, PhotoProblem>,
        wasm_bytes: u64,
    ) -> Option<Tagged> {
        self.at_work.retain(|&other| other != id);
        self.wasm_bytes = wasm_bytes;
        self.job(id)?;
        match outcome {
            Err(problem) => {
                self.set_state(id, JobState::Failed(problem));
                None
            }
            Ok(tagging) => {
                // A worker that tags has said which model it has.
                let ModelState::Ready(by) = &self.model else { return None };
                let by = by.clone();
                self.tagged += 1;
                self.tagged_millis += tagging.decode_millis + tagging.inference_millis;
                self.set_state(id, JobState::Saving);
                Some(Tagged { id, tagging, by })
            }
        }
    }

    /// Whether there is a worker that has not said anything.
    pub(crate) fn is_starting(&self) -> bool {
        self.worker == Worker::Starting
    }

    /// Page and worker do not understand each other: they are of two builds, of which one came from
    /// a cache. Loading the page anew brings them together.
    pub(crate) fn two_builds(&mut self) {
        self.fail(Problem::TwoBuilds);
        self.reload = Some(Command::Reload { is_asked_for: false });
    }

    /// The worker died; the browser's own words.
    pub(crate) fn crashed(&mut self, detail: String) {
        match self.worker {
            Worker::Loading | Worker::Ready if self.may_be_the_gpus_fault() => {
                let suspected = std::mem::replace(&mut self.gpu, GpuUse::Never);
                self.suspected = Some(suspected);
                self.restart();
                self.notice = Some(Notice::GraphicsCrashed);
            }
            // Without a model it would only die again.
            Worker::Wanted | Worker::Starting | Worker::Started | Worker::Loading => {
                self.fail(Problem::NotStarted { detail });
            }
            Worker::Ready => {
                for id in std::mem::take(&mut self.at_work) {
                    self.set_state(id, JobState::Failed(PhotoProblem::Crashed));
                    // The photo did it again without the graphics processor.
                    self.gpu = self.suspected.take().unwrap_or(self.gpu);
                }
                self.set_stage(Stage::Asked, Stage::Failed(PhotoProblem::Crashed));
                self.restart();
            }
            Worker::Failed => {}
        }
    }

    /// Whether the graphics processor runs or is being tried.
    fn may_be_the_gpus_fault(&self) -> bool {
        !self.gpu_is_settled || self.backend == Some(Backend::WebGpu)
    }

    /// Gives up until the user asks to try again.
    pub(crate) fn fail(&mut self, problem: Problem) {
        self.model = ModelState::Failed(problem);
        self.worker = Worker::Failed;
    }

    /// Whether photos wait or are at work.
    pub(crate) fn is_busy(&self) -> bool {
        self.jobs.iter().any(|job| !matches!(job.state, JobState::Failed(_)))
    }

    /// Whether photos are tagged, or will be without the user's doing.
    pub(crate) fn is_tagging(&self) -> bool {
        let is_stuck = matches!(self.model, ModelState::Missing(_) | ModelState::Failed(_));
        self.is_busy() && self.pace == Pace::Going && !is_stuck
    }

    /// What a model is called for people.
    pub(crate) fn title<'a>(&'a self, name: &'a str) -> &'a str {
        let known = self.models.iter().find(|model| model.name == name);
        known.map_or(name, |model| &model.title)
    }

    /// Photos that are done with, one way or the other, and all since there was last nothing to do.
    pub(crate) fn progress(&self) -> (usize, usize) {
        let failed = self.failures().count().saturating_sub(self.failed_before);
        let all = self.jobs.len().saturating_sub(self.failed_before);
        (self.done + failed, self.done + all)
    }

    /// Photos that failed.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &Rc<Job>> {
        self.jobs.iter().filter(|job| matches!(job.state, JobState::Failed(_)))
    }

    /// What a photo takes on average, milliseconds.
    pub(crate) fn millis_each(&self) -> Option<f64> {
        (self.tagged > 0).then(|| self.tagged_millis / f64::from(self.tagged))
    }

    /// A photo's job, until it is over.
    pub(crate) fn job(&self, id: u32) -> Option<&Rc<Job>> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// A photo that was removed meanwhile is left alone.
    fn set_state(&mut self, id: u32, state: JobState) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) {
            Rc::make_mut(job).state = state;
        }
    }
}

#[cfg(test)]
mod tests;
