//! Fitting: from annotated photos and initial weights to checkpoints.
//!
//! Either everything is fitted to photos, or, with `train_from`, the later stages are fitted to
//! features that the earlier ones give once.
//!
//! Teachers, if there are any, say beforehand what they think of every view.

mod average;
mod batches;
mod beginning;
mod epochs;
mod features;
mod integer_trunk;
mod rates;
mod source;

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::{Context, Error, Result, bail, ensure};
use burn::tensor::DType;
use burn::tensor::backend::AutodiffBackend;
use tagsight_core::{Architecture, Goal};
use tagsight_data::augment::Views;
use tagsight_data::{self as data, Dataset, Subject, write_atomically};
use tagsight_network::Segment;
use tagsight_network::weights::Weights;

pub use average::Average;
pub use beginning::network as initial_network;
pub use features::{BurnTrunk, Features, FeaturesError, Trunk};
pub use integer_trunk::IntegerTrunk;

use crate::checkpoint::{BestEpoch, Checkpoint, CheckpointMetadata};
use crate::config::{Frozen, TrainConfig};
use crate::distil::{self, Lessons};
use crate::loss::LossConfig;
use crate::model::{Network, Precision, Trainable};
use crate::optim::LayerRate;
use crate::qat::QatSegment;
use crate::quantised;
use crate::watch::{self, Interrupt, State};
use epochs::{End, Place, Start, Task};
use source::{Photos, Source};

/// Where a run reads and writes.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The run's folder: configuration and checkpoints.
    pub run: PathBuf,
    /// Kept features; runs share them.
    pub cache: PathBuf,
    /// The folder that `initial_weights` is relative to.
    pub data: PathBuf,
}

/// The checkpoint of the last epoch, from which a run resumes.
pub const LAST: &str = "last.safetensors";
/// The checkpoint of the epoch that was best on the validation photos.
pub const BEST: &str = "best.safetensors";

/// The run's settings.
pub const SETTINGS: &str = "config.toml";

/// Where a run begins and ends.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The checkpoint to go on from, rather than from the initial weights.
    pub resume: Option<Checkpoint>,
    /// The epoch to stop after, for a run that is to be resumed.
    pub stop_after: Option<usize>,
    /// Stops the run between two steps.
    pub interrupt: Interrupt,
    /// The float network that quantisation-aware training begins with.
    pub quantise: Option<Checkpoint>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// After its last epoch, or the one to stop after.
    Finished,
    /// It was interrupted.
    Interrupted {
        /// The checkpoint to go on from.
        checkpoint: PathBuf,
    },
}

/// Fits a network to `dataset`.
///
/// # Errors
/// If weights, photos or the run's folder cannot be used.
pub fn train<B: AutodiffBackend>(
    architecture: Architecture,
    config: &TrainConfig,
    dataset: &Dataset,
    options: Options,
    paths: &Paths,
    device: &B::Device,
) -> Result<Outcome> {
    ensure!(
        config.precision == Precision::F32 || B::supports_dtype(device, DType::BF16),
        "the device cannot compute with bf16: set precision = \"f32\""
    );
    let config = &suited(config, &dataset.subject)?;
    std::fs::create_dir_all(&paths.run)
        .with_context(|| format!("cannot make the run's folder {}", paths.run.display()))?;
    let settings = paths.run.join(SETTINGS);
    write_atomically(&settings, toml::to_string(config)?.as_bytes())
        .with_context(|| format!("cannot write the run's settings {}", settings.display()))?;
    let views = SplitViews::new(dataset, config);
    let start = match (options.resume, options.quantise) {
        (Some(checkpoint), _) => continuing(checkpoint, config)?,
        (None, Some(float)) => {
            let images =
                integer_trunk::calibration_images(&float.metadata.spec(), &views.validation)?;
            quantised::begin(&float, config, &images)?
        }
        (None, None) => {
            beginning::network(architecture, config, views.fitted.dataset(), &paths.data)?
        }
    };
    check_subject(&start.metadata, &dataset.subject)?;
    let Options { stop_after, interrupt, .. } = options;
    let run = Run { config, start, stop_after, interrupt, paths };
    match &config.train_from {
        Some(stage) => run.on_features::<B>(stage, &views, device),
        None => run.on_photos::<B>(&views, device),
    }
}

/// The settings with a loss of the photos' task, which those that are kept shall name.
fn suited(config: &TrainConfig, subject: &Subject) -> Result<TrainConfig> {
    let Subject { labels, task, .. } = subject;
    let loss = config.loss.clone().unwrap_or_else(|| LossConfig::of(task));
    loss.check(task, labels.len()).map_err(Error::msg)?;
    ensure!(
        config.teachers.is_empty() || *task == Goal::MultiLabel,
        "teachers say which labels are on a photo; these photos are asked something else, so leave \
         [[teachers]] out"
    );
    Ok(TrainConfig { loss: Some(loss), ..config.clone() })
}

/// Refuses a network that is asked something else than the photos say.
fn check_subject(network: &CheckpointMetadata, subject: &Subject) -> Result<()> {
    ensure!(
        (&network.labels, &network.task) == (&subject.labels, &subject.task),
        "the checkpoint is of other labels or another task than the photos"
    );
    Ok(())
}

/// A checkpoint to go on from.
fn continuing(checkpoint: Checkpoint, config: &TrainConfig) -> Result<Checkpoint> {
    let (theirs, ours) = (&checkpoint.metadata.config.optimizer, &config.optimizer);
    ensure!(
        std::mem::discriminant(theirs) == std::mem::discriminant(ours),
        "the run to resume has another optimizer ({theirs:?}), whose state is of no use here; \
         to go on from its weights alone, name it as initial_weights"
    );
    Ok(checkpoint)
}

/// What a run learns from and is measured on.
struct Material<S> {
    fitted: S,
    validation: S,
    /// What the teachers say of the fitted views.
    lessons: Option<Lessons>,
}

/// A run from its (new or earlier) start.
struct Run<'a> {
    config: &'a TrainConfig,
    start: Checkpoint,
    stop_after: Option<usize>,
    interrupt: Interrupt,
    paths: &'a Paths,
}

impl Run<'_> {
    fn on_features<B: AutodiffBackend>(
        &self,
        stage: &str,
        views: &SplitViews,
        device: &B::Device,
    ) -> Result<Outcome> {
        let graph = self.start.metadata.graph();
        let (trunk, tail) = Segment::split(&graph, stage)
            .with_context(|| format!("train_from: there is no stage {stage:?} to begin at"))?;
        let lessons = self.lessons(views)?;
        let start = &self.start;
        let (fitted, validation) = if start.metadata.qat.is_some() {
            self.features(&IntegerTrunk::new(quantised::integers(start)?, tail.input()), views)?
        } else if self.config.frozen == Frozen::Int8 {
            let artifact = integer_trunk::quantised(start, &views.validation)?;
            self.features(&IntegerTrunk::new(artifact, tail.input()), views)?
        } else {
            let network = &Network::<B::InnerBackend>::new(trunk, &start.weights, 0.0, device);
            let preprocessing = &start.metadata.preprocessing;
            self.features(&BurnTrunk { network, preprocessing, device }, views)?
        };
        self.fit::<B, _>(tail, &Material { fitted, validation, lessons }, device)
    }

    /// Of the fitted and of the validation photos.
    fn features(&self, trunk: &impl Trunk, views: &SplitViews) -> Result<(Features, Features)> {
        let of = |views: &Views| Features::of_views(trunk, views.clone(), &self.paths.cache);
        Ok((of(&views.fitted)?, of(&views.validation)?))
    }

    fn on_photos<B: AutodiffBackend>(
        &self,
        views: &SplitViews,
        device: &B::Device,
    ) -> Result<Outcome> {
        let preprocessing = &self.start.metadata.preprocessing;
        let photos = |views: &Views| Photos::new(views.clone(), preprocessing.clone());
        let whole = Segment::whole(&self.start.metadata.graph());
        let lessons = self.lessons(views)?;
        let (fitted, validation) = (photos(&views.fitted), photos(&views.validation));
        self.fit::<B, _>(whole, &Material { fitted, validation, lessons }, device)
    }

    /// What the run's teachers say, if it has any.
    fn lessons(&self, views: &SplitViews) -> Result<Option<Lessons>> {
        if self.config.teachers.is_empty() {
            return Ok(None);
        }
        let teachers = distil::load(&self.config.teachers, &self.paths.data)?;
        let SplitViews { fitted, validation } = views;
        Ok(Some(Lessons::prepare(&teachers, fitted, validation, &self.paths.cache)?))
    }

    fn fit<B: AutodiffBackend, S: Source>(
        &self,
        segment: Segment,
        material: &Material<S>,
        device: &B::Device,
    ) -> Result<Outcome> {
        let dropout = self.config.dropout;
        let rates = rates::resolve(&self.config.rates, &segment);
        if let Some(qat) = &self.start.metadata.qat {
            ensure!(
                self.config.precision == Precision::F32,
                "quantisation-aware training counts in whole numbers, which bf16 rounds: set \
                 precision = \"f32\""
            );
            let spec = self.start.metadata.spec();
            let segment = QatSegment::new(segment, &spec, qat, &self.start.weights);
            let network = |weights: &Weights| segment.network::<B>(weights, dropout, device);
            return self.fit_network(&network, rates, material, device);
        }
        let precision = self.config.precision;
        let network = |weights: &Weights| {
            Network::<B>::new(segment.clone(), weights, dropout, device).with_precision(precision)
        };
        self.fit_network(&network, rates, material, device)
    }

    fn fit_network<B: AutodiffBackend, M: Trainable<B>, S: Source>(
        &self,
        network: &dyn Fn(&Weights) -> M,
        rates: Vec<LayerRate>,
        material: &Material<S>,
        device: &B::Device,
    ) -> Result<Outcome> {
        let config = self.config;
        let Material { fitted, validation, lessons } = material;
        let last_epoch = self.stop_after.map_or(config.epochs, |last| last.min(config.epochs));
        let task = Task {
            network,
            labels: &self.start.metadata.labels,
            goal: &self.start.metadata.task,
            folder: &self.paths.run,
            interrupt: &self.interrupt,
            config,
            rates,
            last_epoch,
            fitted,
            validation,
            lessons: lessons.as_ref(),
        };
        let start = Start {
            epoch: self.start.metadata.epoch,
            weights: &self.start.weights,
            resume: self.start.resume.as_ref(),
        };
        let mut metadata = self.start.metadata.clone();
        metadata.config = config.clone();
        if !self.is_patient(&metadata) {
            return self.finished(&metadata);
        }
        let (photos, spare) = (fitted.photos().len(), validation.photos().len());
        ensure!(
            photos >= config.batch_size && spare > 0,
            "{photos} readable photos and {spare} held back are too few for batches of {}",
            config.batch_size
        );
        eprintln!("fitting to {photos} photos, {spare} held back");
        let end = epochs::fit::<B, _, S>(&task, &start, device, |report| {
            let this = BestEpoch { epoch: report.epoch, validation_score: report.validation_score };
            let earlier =
                metadata.best.filter(|best| best.validation_score >= this.validation_score);
            metadata.epoch = this.epoch;
            metadata.validation_score = this.validation_score;
            metadata.best = Some(earlier.unwrap_or(this));
            self.save(&metadata, report.place, earlier.is_none())?;
            let is_patient = self.is_patient(&metadata);
            Ok(if is_patient { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        match end {
            End::Finished => self.finished(&metadata),
            End::Interrupted(place) => {
                let checkpoint = self.save(&metadata, place, false)?;
                self.say(State::Interrupted)?;
                Ok(Outcome::Interrupted { checkpoint })
            }
            End::Broken(place, photo) => {
                let checkpoint = self.save(&metadata, place, false)?;
                self.say(State::Interrupted)?;
                let checkpoint = checkpoint.display();
                bail!(
                    "a photo cannot be read any more ({photo}); the same command with --resume \
                     {checkpoint} goes on without it"
                )
            }
        }
    }

    /// Whether the run is not to be stopped early.
    fn is_patient(&self, metadata: &CheckpointMetadata) -> bool {
        let stale = metadata.best.map_or(0, |best| metadata.epoch - best.epoch);
        self.config.patience == 0 || stale < self.config.patience
    }

    /// The run is over, or where it was to stop; says so if that is early.
    fn finished(&self, metadata: &CheckpointMetadata) -> Result<Outcome> {
        if let Some(best) = metadata.best.filter(|_| !self.is_patient(metadata)) {
            eprintln!(
                "epoch {} remains the best after {} more: stopped early (patience)",
                best.epoch, self.config.patience
            );
        }
        let goes_on = self.is_patient(metadata) && metadata.epoch < self.config.epochs;
        self.say(if goes_on { State::Interrupted } else { State::Finished })?;
        Ok(Outcome::Finished)
    }

    /// Says in the run's folder what became of it.
    fn say(&self, state: State) -> Result<()> {
        let folder = &self.paths.run;
        watch::end(folder, state)
            .with_context(|| format!("cannot write to the run's folder {}", folder.display()))
    }

    /// Writes the checkpoint to go on from, whose path it returns, and the best one if it is that.
    fn save(&self, metadata: &CheckpointMetadata, place: Place, is_best: bool) -> Result<PathBuf> {
        let mut weights = self.start.weights.clone();
        weights.extend(place.weights);
        let mut checkpoint = Checkpoint { metadata: metadata.clone(), weights, resume: None };
        if is_best {
            checkpoint.write(&self.paths.run.join(BEST))?;
        }
        checkpoint.resume = Some(place.resume);
        let last = self.paths.run.join(LAST);
        checkpoint.write(&last)?;
        Ok(last)
    }
}

/// The views that a run looks at.
pub struct SplitViews {
    /// What weights are fitted to.
    pub fitted: Views,
    /// What everything else is chosen on: whole photos.
    pub validation: Views,
}

impl SplitViews {
    /// The views of a run's readable photos; also names the other photos.
    pub fn new(dataset: &Dataset, config: &TrainConfig) -> Self {
        let (readable, skipped) = data::readable(dataset);
        for line in data::Skipped::lines(&skipped) {
            eprintln!("{line}");
        }
        let split = data::split_off(&readable, config.holdout, config.seed);
        Self {
            fitted: Views::new(split.fitted, config.augment.clone(), config.seed),
            validation: Views::whole(split.validation),
        }
    }
}
