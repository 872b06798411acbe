//! What the worker does, one job after the other.
//!
//! The processor's tagger is there from the first photo to the last. The graphics processor's
//! engine comes later, if at all, and can go at any time: a photo that it does not answer, or not
//! believably, is the processor's.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender};
use tagsight_core::photo::{DHash, Squasher};
use tagsight_core::{PhotoError, Tagger};
use tagsight_decoders::Picture;
use tagsight_protocol::{
    Backend, Decoder, Explanation, GpuUse, Model, ModelFile, Obstacle, PhotoProblem, Reply,
    Request, Tagging, Timings,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use crate::decode::{self, Decoded, Undecoded};
use crate::digest;
use crate::explain;
use crate::gpu::{self, Asked, Device, Gpu, Network};
use crate::graphics::{Effect, Event, Graphics};
use crate::keywords::keywords;
use crate::model;
use crate::platform::{self, Thumbnail, now};
use crate::reason;
use crate::threads::Starting;

/// Something to do.
pub(crate) enum Job {
    /// The page asks for something, perhaps about a photo.
    Asked(Request, Option<Blob>),
    /// A device came, or will not.
    Opened(Result<Device, Obstacle>),
    /// Its network computes right, or does not.
    Verified(Result<Network, Obstacle>),
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
    hash: DHash,
    taken: String,
    keywords: Vec<String>,
    decoder: Decoder,
    /// The browser may write it while the network runs.
    thumbnail: Option<Thumbnail>,
}

/// The worker's state.
pub(crate) struct Worker {
    jobs: UnboundedSender<Job>,
    processor: Backend,
    /// Borrowed only between awaits.
    tagger: Option<Rc<RefCell<Tagger>>>,
    squasher: Squasher,
    graphics: Graphics,
    /// What there is of the graphics processor, for as long as it may be of use.
    gpu: Option<Gpu>,
    /// A device that was asked for while the model came.
    asked: Option<Asked>,
    /// The model, and since when it is loaded, until the page is told that it is ready.
    unready: Option<(Model, f64)>,
    answered: f64,
}

impl Worker {
    /// The worker's build `processor`, without a model. It gives itself jobs through `jobs`.
    pub(crate) fn new(processor: Backend, jobs: UnboundedSender<Job>) -> Self {
        Self {
            jobs,
            processor,
            tagger: None,
            squasher: Squasher::default(),
            graphics: Graphics::new(processor),
            gpu: None,
            asked: None,
            unready: None,
            answered: 0.0,
        }
    }

    /// Does what comes.
    pub(crate) async fn run(mut self, mut jobs: UnboundedReceiver<Job>) {
        while let Ok(job) = jobs.recv().await {
            let is_tuning = matches!(job, Job::Tune);
            let event = match job {
                Job::Asked(Request::Load { file, gpu, threads }, _) => {
                    self.load(&file, gpu, threads).await
                }
                Job::Asked(Request::Tag { id }, photo) => {
                    self.tag(id, photo).await;
                    None
                }
                Job::Asked(Request::Time { runs }, photo) => {
                    let timings = self.time(photo, runs).await;
                    platform::reply(&Reply::Timed(timings), None);
                    None
                }
                Job::Asked(Request::Explain { id, label }, photo) => {
                    self.explain(id, label, photo).await;
                    None
                }
                Job::Opened(device) => self.gpu.as_mut().map(|gpu| gpu.opened(device)),
                Job::Verified(network) => self.gpu.as_mut().map(|gpu| gpu.verified(network)),
                Job::Tune => self.measure().await,
                Job::Inferred(photo, scores, finished) => {
                    self.inferred(photo, scores, finished).await;
                    None
                }
            };
            if let Some(event) = event {
                self.follow(event).await;
            }
            if is_tuning && self.graphics.is_tuning() {
                send(&self.jobs, Job::Tune);
            }
        }
    }

    /// Makes a model ready; then the graphics processor may be.
    async fn load(&mut self, file: &ModelFile, gpu: GpuUse, threads: u32) -> Option<Event> {
        let started = now();
        // Both come while the model does.
        let threads = Starting::begin(threads);
        self.asked = (gpu != GpuUse::Never).then(gpu::ask);
        let loaded =
            model::load(file, |progress| platform::reply(&Reply::Loading(progress), None)).await;
        let (bytes, mut tagger, model) = match loaded {
            Ok(loaded) => loaded,
            Err(error) => {
                platform::reply(&Reply::LoadFailed(error), None);
                return None;
            }
        };
        let threads = threads.team().await;
        let model = Model { threads: threads.count() as u32, ..model };
        tagger.engine_mut().set_threads(threads);
        self.unready = Some((model, started));
        let tagger = Rc::new(RefCell::new(tagger));
        self.tagger = Some(tagger.clone());
        self.gpu = (gpu != GpuUse::Never).then(|| Gpu::new(&bytes, tagger));
        Some(Event::Wanted(gpu))
    }

    /// Has something done while photos are tagged.
    fn later(&self, job: impl Future<Output = Job> + 'static) {
        let jobs = self.jobs.clone();
        spawn_local(async move { send(&jobs, job.await) });
    }

    /// Does what follows from what happened to the graphics processor.
    async fn follow(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.graphics.on(event) {
                events.extend(self.carry_out(effect).await);
            }
        }
        if self.graphics.holds_up() {
            return;
        }
        if let Some((model, started)) = self.unready.take() {
            let load_millis = now() - started;
            platform::reply(&Reply::Loaded(Model { load_millis, ..model }), None);
        }
    }

    /// Does something about the graphics processor; what came of it, unless that is heard later.
    async fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match (effect, &mut self.gpu) {
            (Effect::Tell(runs), _) => platform::reply(&Reply::Runs(runs), None),
            (_, None) => {}
            (Effect::Race, Some(gpu)) => return Some(gpu.race().await),
            (Effect::Plan, Some(gpu)) => return Some(gpu.plan().await),
            (Effect::Adopt, Some(gpu)) => return Some(gpu.adopt().await),
            (Effect::Open, Some(_)) => {
                let asked = self.asked.take().unwrap_or_else(gpu::ask);
                self.later(async { Job::Opened(asked.device().await) });
            }
            (Effect::Verify, Some(gpu)) => {
                let network = gpu.verify();
                self.later(async { Job::Verified(network.await) });
            }
            (Effect::Tune, Some(_)) => send(&self.jobs, Job::Tune),
            (Effect::Close, Some(gpu)) => gpu.close(),
            // With it goes the model's file.
            (Effect::Forget, Some(_)) => self.gpu = None,
        }
        None
    }

    /// Measures for a moment, if there is anything to measure.
    async fn measure(&self) -> Option<Event> {
        let gpu = self.gpu.as_ref().filter(|_| self.graphics.is_tuning())?;
        Some(gpu.measure().await)
    }

    async fn tag(&mut self, id: u32, file: Option<Blob>) {
        let started = now();
        match self.decode(file).await {
            Err(problem) => reply_tagged(id, Err(problem), None),
            Ok((codes, about)) => {
                let decoded = now();
                self.infer(Photo { id, codes, about, started, decoded, device: 0 }).await;
            }
        }
    }

    async fn decode(&mut self, file: Option<Blob>) -> Result<(Vec<i8>, About), PhotoProblem> {
        let bytes = platform::read(file.as_ref()).await?;
        let identity = digest::identity(&bytes);
        let keywords = keywords(&bytes).await;
        let (picture, by_browser) = self.picture(bytes, file).await?;
        let Picture { codes, thumbnail, size, orientation, taken } = picture;
        let decoder = if by_browser { Decoder::Browser } else { Decoder::Own { orientation } };
        let thumbnail = Thumbnail::of(&thumbnail);
        let hash = DHash::of(&codes, self.side()?);
        Ok((codes, About { identity, size, hash, taken, keywords, decoder, thumbnail }))
    }

    /// A photo as the network takes it, and whether the browser decoded it.
    async fn picture(
        &mut self,
        bytes: Vec<u8>,
        file: Option<Blob>,
    ) -> Result<(Picture, bool), PhotoProblem> {
        let side = self.side()?;
        let decoded = decode::decode(&bytes, side).await;
        drop(bytes);
        let (decoded, by_browser) = match (decoded, file) {
            (Err(Undecoded::Refused(error @ PhotoError::Unsupported(kind))), Some(file)) => {
                let photo = platform::decode_by_browser(&file, kind, side).await;
                (Decoded::Here(photo.ok_or_else(|| reason::of_photo(error))?), true)
            }
            (decoded, _) => (decoded.map_err(reason::of_undecoded)?, false),
        };
        Ok((decoded.picture(side, &mut self.squasher), by_browser))
    }

    /// Says why a photo has a label. The processor's engine does, which has the last features at hand;
    /// the integers are those of every engine.
    async fn explain(&mut self, id: u32, label: u32, file: Option<Blob>) {
        let explained = self.explanation(label, file).await;
        let (outcome, map) = match explained {
            Ok((explanation, map)) => (Ok(explanation), map),
            Err(problem) => (Err(problem), None),
        };
        let map = match map {
            Some(map) => map.file().await,
            None => None,
        };
        let wasm_bytes = decode::wasm_bytes();
        platform::reply(&Reply::Explained { id, outcome, wasm_bytes }, map.as_ref());
    }

    async fn explanation(
        &mut self,
        label: u32,
        file: Option<Blob>,
    ) -> Result<(Explanation, Option<Thumbnail>), PhotoProblem> {
        let started = now();
        let bytes = platform::read(file.as_ref()).await?;
        let (Picture { codes, thumbnail, .. }, _) = self.picture(bytes, file).await?;
        let label = label as usize;
        let (scores, maps) = self.tagger()?.explain_codes(&codes, &[label]);
        let explanation = explain::told(scores[label], &maps[0], now() - started);
        let map = Thumbnail::of(&explain::drawn(&maps[0], &thumbnail));
        Ok((explanation, map))
    }

    /// Of the network's input.
    fn side(&self) -> Result<usize, PhotoProblem> {
        Ok(self.tagger()?.metadata().preprocessing.side)
    }

    fn tagger(&self) -> Result<RefMut<'_, Tagger>, PhotoProblem> {
        Ok(self.tagger.as_ref().ok_or(PhotoProblem::NoModel)?.borrow_mut())
    }

    async fn infer(&mut self, mut photo: Photo) {
        let Some((number, tagger)) = self.graphics_tagger() else {
            return self.infer_here(photo).await;
        };
        photo.device = number;
        let scores = tagger.start(&photo.codes);
        self.later(async { Job::Inferred(photo, scores.await, now()) });
    }

    /// The graphics processor's tagger and its device's number, if photos are its.
    fn graphics_tagger(&mut self) -> Option<(u32, &mut Tagger<Network>)> {
        Some((self.graphics.device()?, self.gpu.as_mut()?.tagger()?))
    }

    async fn inferred(&mut self, photo: Photo, scores: Result<Vec<f32>, Obstacle>, finished: f64) {
        match scores {
            Ok(scores) => self.answer(photo, scores, Backend::WebGpu, finished),
            Err(obstacle) => {
                // The next photo may have been with the same device, which fails once.
                self.follow(Event::PhotoFailed(photo.device, obstacle)).await;
                self.infer_here(photo).await;
            }
        }
    }

    /// On the processor.
    async fn infer_here(&mut self, photo: Photo) {
        match self.scores_here(&photo.codes).await {
            Ok(scores) => self.answer(photo, scores, self.processor, now()),
            Err(problem) => reply_tagged(photo.id, Err(problem), None),
        }
    }

    /// Scores of a photo's codes, by the processor.
    async fn scores_here(&self, codes: &[i8]) -> Result<Vec<f32>, PhotoProblem> {
        let scores = self.tagger()?.start(codes);
        let Ok(scores) = scores.await;
        Ok(scores)
    }

    fn answer(&mut self, photo: Photo, scores: Vec<f32>, backend: Backend, finished: f64) {
        // What it shared with the photo before is that one's.
        let millis = finished - photo.started.max(self.answered);
        let decode_millis = photo.decoded - photo.started;
        self.answered = finished;
        let Photo { id, about, .. } = photo;
        let tagging = Tagging {
            identity: about.identity,
            width: about.size.0 as u32,
            height: about.size.1 as u32,
            hash: about.hash.to_string(),
            taken: about.taken,
            keywords: about.keywords,
            scores,
            backend,
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
        let codes = decoded.input(side, &mut self.squasher);
        while let Some(event) = self.measure().await {
            self.follow(event).await;
        }
        let mut timings = Timings::default();
        for _ in 0..runs {
            let started = now();
            self.scores(&codes).await?;
            timings.inference_millis.push(now() - started);
        }
        for _ in 0..runs {
            let started = now();
            let picture = decode::decode(&bytes, side).await.map_err(reason::of_undecoded)?;
            let decoded = now();
            let codes = picture.input(side, &mut self.squasher);
            timings.decode_millis.push(decoded - started);
            timings.squash_millis.push(now() - decoded);
            self.scores(&codes).await?;
            timings.photo_millis.push(now() - started);
        }
        Ok(timings)
    }

    /// Scores of a photo's codes, by whoever tags.
    async fn scores(&mut self, codes: &[i8]) -> Result<Vec<f32>, PhotoProblem> {
        match self.graphics_tagger() {
            Some((_, tagger)) => tagger.start(codes).await.map_err(PhotoProblem::Graphics),
            None => self.scores_here(codes).await,
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
