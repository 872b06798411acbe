//! What the worker does, one job after the other.
//!
//! The processor's tagger is there from the first photo to the last. The graphics processor's
//! engine comes later, if at all, and can go at any time: a photo that it does not answer, or not
//! believably, is the processor's.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender};
use js_sys::Uint8Array;
use tagsight_core::photo::Squasher;
use tagsight_core::{Isa, PhotoError, Tagger};
use tagsight_decoders::Picture;
use tagsight_protocol::{
    Decoder, GpuUse, Merit, ModelFile, Obstacle, PhotoProblem, Reply, Request, Tagging, Timings,
    WEBGPU,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use crate::decode::{self, Decoded, Undecoded};
use crate::digest;
use crate::gpu::{self, Network, Ready, Tuning};
use crate::keywords::keywords;
use crate::model;
use crate::platform::{self, Thumbnail, now};
use crate::reason;
use crate::verdict;

/// Something to do.
pub(crate) enum Job {
    /// The page asks for something, perhaps about a photo.
    Asked(Request, Option<Blob>),
    /// The graphics processor is ready, or will not be.
    Prepared(Result<Ready, Obstacle>),
    /// The next of the graphics processor's kernels is to be measured.
    Tune,
    /// The graphics processor is done with a photo; since when.
    Inferred(Photo, Result<Vec<f32>, Obstacle>, f64),
}

/// A photo on its way through the network.
pub(crate) struct Photo {
    id: u32,
    codes: Vec<i8>,
    about: About,
    started: f64,
    decoded: f64,
    /// Which of the graphics devices has it.
    device: u32,
}

/// What is told of a photo beside its tags.
struct About {
    identity: String,
    /// Columns and rows.
    size: (usize, usize),
    taken: String,
    keywords: Vec<String>,
    decoder: Decoder,
    /// The browser may write it while the network runs.
    thumbnail: Option<Thumbnail>,
}

/// The graphics processor, for as long as it may be of use.
struct Graphics {
    wish: GpuUse,
    /// The model's file, kept outside of this module's memory, which never shrinks.
    model: Rc<Uint8Array>,
    /// Its device and network, once they are ready.
    ready: Option<Ready>,
    /// Whether photos are its, and ever were.
    tags: bool,
    has_tagged: bool,
    /// What is being measured.
    tuning: Option<Tuning>,
    /// Whether it was begun with; no device is measured twice.
    tuning_was_begun: bool,
    /// How many devices there were before.
    number: u32,
    losses: u32,
}

impl Graphics {
    fn new(wish: GpuUse, model: Rc<Uint8Array>) -> Self {
        Self {
            wish,
            model,
            ready: None,
            tags: false,
            has_tagged: false,
            tuning: None,
            tuning_was_begun: false,
            number: 0,
            losses: 0,
        }
    }
}

/// The worker's state.
pub(crate) struct Worker {
    jobs: UnboundedSender<Job>,
    /// Borrowed only between awaits.
    tagger: Option<Rc<RefCell<Tagger>>>,
    squasher: Squasher,
    graphics: Option<Graphics>,
    answered: f64,
}

impl Worker {
    /// A worker without a model. It gives itself jobs through `jobs`.
    pub(crate) fn new(jobs: UnboundedSender<Job>) -> Self {
        Self { jobs, tagger: None, squasher: Squasher::default(), graphics: None, answered: 0.0 }
    }

    /// Does what comes.
    pub(crate) async fn run(mut self, mut jobs: UnboundedReceiver<Job>) {
        while let Ok(job) = jobs.recv().await {
            match job {
                Job::Asked(Request::Load { file, gpu }, _) => self.load(&file, gpu).await,
                Job::Asked(Request::Tag { id }, photo) => self.tag(id, photo).await,
                Job::Asked(Request::Time { runs }, photo) => {
                    let timings = self.time(photo, runs).await;
                    platform::reply(&Reply::Timed(timings), None);
                }
                Job::Prepared(ready) => self.prepared(ready).await,
                Job::Tune => {
                    self.tune().await;
                    if self.is_tuning() {
                        send(&self.jobs, Job::Tune);
                    }
                }
                Job::Inferred(photo, logits, finished) => self.inferred(photo, logits, finished),
            }
        }
    }

    async fn load(&mut self, file: &ModelFile, gpu: GpuUse) {
        let started = now();
        // It comes while the model does.
        let device = (gpu != GpuUse::Never).then(gpu::ask);
        let loaded =
            model::load(file, |progress| platform::reply(&Reply::Loading(progress), None)).await;
        let (bytes, tagger) = match loaded {
            Ok(loaded) => loaded,
            Err(error) => return platform::reply(&Reply::LoadFailed(error), None),
        };
        let mut model = match model::describe(file, tagger.metadata(), now() - started) {
            Ok(model) => model,
            Err(error) => return platform::reply(&Reply::LoadFailed(error), None),
        };
        let tagger = Rc::new(RefCell::new(tagger));
        self.tagger = Some(tagger.clone());
        if let Some(device) = device {
            let bytes = Rc::new(Uint8Array::from(&bytes[..]));
            let ready = gpu::prepare(gpu, device, bytes.clone(), tagger);
            self.graphics = Some(Graphics::new(gpu, bytes));
            if gpu == GpuUse::Always {
                let ready = ready.await;
                self.prepared(ready).await;
                model.load_millis = now() - started;
            } else {
                self.later(async { Job::Prepared(ready.await) });
            }
        }
        platform::reply(&Reply::Loaded(model), None);
    }

    /// Has something done while photos are tagged.
    fn later(&self, job: impl Future<Output = Job> + 'static) {
        let jobs = self.jobs.clone();
        spawn_local(async move { send(&jobs, job.await) });
    }

    /// Goes on with a device that is ready, or without.
    async fn prepared(&mut self, ready: Result<Ready, Obstacle>) {
        match ready {
            Ok(ready) => {
                if let Some(graphics) = &mut self.graphics {
                    graphics.ready = Some(ready);
                }
                self.judge().await;
            }
            Err(obstacle) => self.give_up(obstacle),
        }
    }

    /// Has the graphics processor tag, if it may.
    async fn judge(&mut self) {
        let (Some(graphics), Some(tagger)) = (&mut self.graphics, &self.tagger) else { return };
        let Some(ready) = &graphics.ready else { return };
        let is_back = graphics.losses > 0 && !graphics.tags;
        let has_won = is_back && graphics.has_tagged;
        let merit = match graphics.wish {
            GpuUse::IfFaster if !has_won => gpu::race(&ready.network, tagger).await,
            _ => Ok(Merit::Checked),
        };
        graphics.tags = merit.is_ok();
        graphics.has_tagged |= graphics.tags;
        match merit {
            Ok(merit) => {
                let is_settled = !self.begin_tuning().await;
                platform::reply(&Reply::Runs(verdict::accepted(merit, is_back, is_settled)), None);
            }
            // The processor tags until that is known.
            Err(obstacle)
                if verdict::may_end_with_tuning(&obstacle) && self.begin_tuning().await => {}
            Err(obstacle) => self.give_up(obstacle),
        }
    }

    /// Finds out which kernels suit the device while photos are tagged, once; whether there is
    /// anything to find out.
    async fn begin_tuning(&mut self) -> bool {
        let Some(graphics) = &mut self.graphics else { return false };
        let Some(ready) = &graphics.ready else { return false };
        if std::mem::replace(&mut graphics.tuning_was_begun, true) {
            return false;
        }
        // A device that cannot be measured shows at the next photo why.
        graphics.tuning = Tuning::begin(&ready.device, &graphics.model).await.ok().flatten();
        if graphics.tuning.is_some() {
            send(&self.jobs, Job::Tune);
        }
        graphics.tuning.is_some()
    }

    /// Measures for a moment.
    async fn tune(&mut self) {
        let tuning = self.graphics.as_ref().and_then(|graphics| graphics.tuning.as_ref());
        let Some(tuning) = tuning else { return };
        match tuning.step().await {
            Ok(true) => {}
            Ok(false) => self.end_tuning().await,
            Err(obstacle) => self.give_up(obstacle),
        }
    }

    async fn end_tuning(&mut self) {
        let (Some(graphics), Some(tagger)) = (&mut self.graphics, &self.tagger) else { return };
        let Some(tuning) = graphics.tuning.take() else { return };
        let Some(ready) = &mut graphics.ready else { return };
        match tuning.end(ready, &graphics.model, tagger).await {
            Err(obstacle @ Obstacle::Lost(_)) => self.give_up(obstacle),
            // Kernels that cannot be used are not; the guessed ones were seen to compute right.
            _ => self.judge().await,
        }
    }

    fn is_tuning(&self) -> bool {
        self.graphics.as_ref().is_some_and(|graphics| graphics.tuning.is_some())
    }

    /// Goes on with the processor; if the device was lost, with a new one later.
    fn give_up(&mut self, obstacle: Obstacle) {
        let (Some(graphics), Some(tagger)) = (&mut self.graphics, &self.tagger) else { return };
        if let Some(ready) = graphics.ready.take() {
            ready.device.give_back();
        }
        graphics.tags = false;
        graphics.tuning = None;
        graphics.number += 1;
        graphics.losses += u32::from(matches!(obstacle, Obstacle::Lost(_)));
        let wish = graphics.wish;
        let retries = verdict::is_worth_another_try(&obstacle, graphics.losses);
        let runs = verdict::refused(Isa::best().name(), obstacle, wish, retries);
        platform::reply(&Reply::Runs(runs), None);
        if retries {
            let ready = gpu::prepare(wish, gpu::ask(), graphics.model.clone(), tagger.clone());
            self.later(async { Job::Prepared(ready.await) });
        } else {
            // With it goes the model's file.
            self.graphics = None;
        }
    }

    async fn tag(&mut self, id: u32, file: Option<Blob>) {
        let started = now();
        match self.decode(file).await {
            Err(problem) => reply_tagged(id, Err(problem), None),
            Ok((codes, about)) => {
                let decoded = now();
                self.infer(Photo { id, codes, about, started, decoded, device: 0 });
            }
        }
    }

    async fn decode(&mut self, file: Option<Blob>) -> Result<(Vec<i8>, About), PhotoProblem> {
        let bytes = platform::read(file.as_ref()).await?;
        let side = self.side()?;
        let decoded = decode::decode(&bytes, side).await;
        let identity = digest::identity(&bytes);
        let keywords = keywords(&bytes).await;
        drop(bytes);
        let (decoded, by_browser) = match (decoded, file) {
            (Err(Undecoded::Refused(error @ PhotoError::Unsupported(kind))), Some(file)) => {
                let photo = platform::decode_by_browser(&file, kind, side).await;
                (Decoded::Here(photo.ok_or_else(|| reason::of_photo(error))?), true)
            }
            (decoded, _) => (decoded.map_err(reason::of_undecoded)?, false),
        };
        let Picture { codes, thumbnail, size, orientation, taken } =
            decoded.picture(side, &mut self.squasher);
        let decoder = if by_browser { Decoder::Browser } else { Decoder::Own { orientation } };
        let thumbnail = Thumbnail::of(&thumbnail);
        Ok((codes, About { identity, size, taken, keywords, decoder, thumbnail }))
    }

    /// Of the network's input.
    fn side(&self) -> Result<usize, PhotoProblem> {
        Ok(self.tagger()?.metadata().preprocessing.side)
    }

    fn tagger(&self) -> Result<RefMut<'_, Tagger>, PhotoProblem> {
        Ok(self.tagger.as_ref().ok_or(PhotoProblem::NoModel)?.borrow_mut())
    }

    fn infer(&mut self, mut photo: Photo) {
        let Some((number, network)) = self.network() else { return self.infer_here(photo) };
        photo.device = number;
        let logits = gpu::logits(network, &photo.codes);
        self.later(async { Job::Inferred(photo, logits.await, now()) });
    }

    /// The graphics processor's network and its device's number, if photos are its.
    fn network(&self) -> Option<(u32, &Network)> {
        let graphics = self.graphics.as_ref().filter(|graphics| graphics.tags)?;
        Some((graphics.number, &graphics.ready.as_ref()?.network))
    }

    fn inferred(&mut self, photo: Photo, logits: Result<Vec<f32>, Obstacle>, finished: f64) {
        match logits {
            Ok(logits) => self.answer(photo, &logits, WEBGPU, finished),
            Err(obstacle) => {
                // The next photo may have been with the same device, which fails once.
                if self.network().is_some_and(|(number, _)| number == photo.device) {
                    self.give_up(obstacle);
                }
                self.infer_here(photo);
            }
        }
    }

    /// On the processor.
    fn infer_here(&mut self, photo: Photo) {
        let logits =
            self.tagger().map(|mut tagger| tagger.engine_mut().logits(&photo.codes).to_vec());
        match logits {
            Ok(logits) => self.answer(photo, &logits, Isa::best().name(), now()),
            Err(problem) => reply_tagged(photo.id, Err(problem), None),
        }
    }

    fn answer(&mut self, photo: Photo, logits: &[f32], engine: &str, finished: f64) {
        let scores = match self.tagger() {
            Ok(tagger) => tagger.metadata().task.figures(logits),
            Err(problem) => return reply_tagged(photo.id, Err(problem), None),
        };
        // What it shared with the photo before is that one's.
        let millis = finished - photo.started.max(self.answered);
        let decode_millis = photo.decoded - photo.started;
        self.answered = finished;
        let Photo { id, about, .. } = photo;
        let tagging = Tagging {
            identity: about.identity,
            width: about.size.0 as u32,
            height: about.size.1 as u32,
            taken: about.taken,
            keywords: about.keywords,
            scores,
            engine: engine.to_owned(),
            decoder: about.decoder,
            decode_millis,
            inference_millis: (millis - decode_millis).max(0.0),
        };
        // The next photo need not wait for the thumbnail, which may take longer than the tags.
        spawn_local(async move {
            let thumbnail = match about.thumbnail {
                Some(thumbnail) => thumbnail.file().await,
                None => None,
            };
            reply_tagged(id, Ok(tagging), thumbnail.as_ref());
        });
    }

    /// Times a photo `runs` times, first the network alone and then everything.
    async fn time(&mut self, photo: Option<Blob>, runs: u32) -> Result<Timings, PhotoProblem> {
        let bytes = platform::read(photo.as_ref()).await?;
        let side = self.side()?;
        let decoded = decode::decode(&bytes, side).await.map_err(reason::of_undecoded)?;
        let codes = decoded.codes(side, &mut self.squasher);
        while self.is_tuning() {
            self.tune().await;
        }
        let mut timings = Timings::default();
        for _ in 0..runs {
            let started = now();
            self.logits(&codes).await?;
            timings.inference_millis.push(now() - started);
        }
        for _ in 0..runs {
            let started = now();
            let picture = decode::decode(&bytes, side).await.map_err(reason::of_undecoded)?;
            let decoded = now();
            let codes = picture.codes(side, &mut self.squasher);
            timings.decode_millis.push(decoded - started);
            timings.squash_millis.push(now() - decoded);
            let logits = self.logits(&codes).await?;
            self.tagger()?.metadata().task.figures(&logits);
            timings.photo_millis.push(now() - started);
        }
        Ok(timings)
    }

    async fn logits(&self, codes: &[i8]) -> Result<Vec<f32>, PhotoProblem> {
        match self.network() {
            Some((_, network)) => gpu::logits(network, codes).await.map_err(PhotoProblem::Graphics),
            None => Ok(self.tagger()?.engine_mut().logits(codes).to_vec()),
        }
    }
}

fn reply_tagged(id: u32, outcome: Result<Tagging, PhotoProblem>, thumbnail: Option<&Blob>) {
    let wasm_bytes = decode::wasm_bytes();
    platform::reply(&Reply::Tagged { id, outcome, wasm_bytes }, thumbnail);
}

/// Adds a job.
pub(crate) fn send(jobs: &UnboundedSender<Job>, job: Job) {
    jobs.unbounded_send(job).expect("the worker runs until it is ended");
}
