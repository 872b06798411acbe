//! Fitting: from annotated photos and initial weights to checkpoints.
//!
//! Either everything is fitted to photos, or, with `train_from`, the later stages are fitted to
//! features that the earlier ones give once.

mod average;
mod batches;
mod config;
mod features;
mod fit;
mod rates;
mod source;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::tensor::backend::AutodiffBackend;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::graph::Graph;
use tagsight_core::{Architecture, labels};

pub use average::Average;
pub use config::{ConfigError, DEFAULTS, TrainConfig};
pub use features::Features;

use crate::checkpoint::{BestEpoch, Checkpoint, CheckpointMetadata};
use crate::data::{self, Dataset, Split};
use crate::model::{self, Network, Segment};
use crate::weights::{self, Missing, Weights};
use fit::{Report, Start, Task};
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
/// The checkpoint of the epoch that was best on the held-back photos.
pub const BEST: &str = "best.safetensors";

/// Where a run begins and ends.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The checkpoint to go on from, rather than from the initial weights.
    pub resume: Option<Checkpoint>,
    /// The epoch to stop after, for a run that is to be resumed.
    pub stop_after: Option<usize>,
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
) -> Result<()> {
    std::fs::create_dir_all(&paths.run)
        .with_context(|| format!("cannot make the run's folder {}", paths.run.display()))?;
    std::fs::write(paths.run.join("config.toml"), toml::to_string(config)?)?;
    let split = data::hold_back(dataset, config.holdout, config.seed);
    let start = match options.resume {
        Some(checkpoint) => continuing(checkpoint, config)?,
        None => beginning(architecture, config, &split, &paths.data)?,
    };
    let run = Run { config, start, stop_after: options.stop_after, paths };
    match &config.train_from {
        Some(stage) => run.on_features::<B>(stage, &split, device),
        None => run.on_photos::<B>(&split, device),
    }
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

/// The network before its first epoch; says which layers start afresh.
fn beginning(
    architecture: Architecture,
    config: &TrainConfig,
    split: &Split,
    data: &Path,
) -> Result<Checkpoint> {
    let names = labels::coco_names();
    let metadata = CheckpointMetadata::new(architecture, names, config.clone());
    let graph = metadata.graph();
    let mut weights = match &config.initial_weights {
        Some(name) => weights::load(&data.join(name))?,
        None => Weights::new(),
    };
    drop_other_classifier(&mut weights, &graph);
    let absent = weights::check(&weights, architecture, &graph, Missing::Report)?;
    if !absent.is_empty() {
        eprintln!("absent from the initial weights, so fitted afresh: {}", absent.join(", "));
    }
    let prior = split.fitted.prior_logits(graph.classes);
    model::complete(&mut weights, &absent, &graph, &prior, config.seed);
    Ok(Checkpoint { metadata, weights, resume: None })
}

/// A classifier of other classes (ImageNet's 1,000, say) is of no use.
fn drop_other_classifier(weights: &mut Weights, graph: &Graph) {
    let [weight, bias] = ["weight", "bias"].map(|field| format!("{}.{field}", graph.head_name()));
    if weights.get(&weight).is_some_and(|weight| weight.shape[0] != graph.classes) {
        weights.remove(&weight);
        weights.remove(&bias);
    }
}

/// A run from its (new or earlier) start.
struct Run<'a> {
    config: &'a TrainConfig,
    start: Checkpoint,
    stop_after: Option<usize>,
    paths: &'a Paths,
}

impl Run<'_> {
    fn on_features<B: AutodiffBackend>(
        &self,
        stage: &str,
        split: &Split,
        device: &B::Device,
    ) -> Result<()> {
        let graph = self.start.metadata.graph();
        let (trunk, tail) = Segment::split(&graph, stage)
            .with_context(|| format!("train_from: there is no stage {stage:?} to begin at"))?;
        let trunk = Network::<B::InnerBackend>::new(trunk, &self.start.weights, 0.0, device);
        let preprocessing = &self.start.metadata.preprocessing;
        let features = |dataset: &Dataset| -> Result<Features> {
            let folder = &self.paths.cache;
            let (features, skipped) =
                Features::of_dataset(&trunk, dataset, preprocessing, folder, device)
                    .with_context(|| format!("cannot keep features in {}", folder.display()))?;
            report_skipped(&skipped);
            Ok(features)
        };
        self.fit::<B, _>(tail, &features(&split.fitted)?, &features(&split.held_back)?, device)
    }

    fn on_photos<B: AutodiffBackend>(&self, split: &Split, device: &B::Device) -> Result<()> {
        let preprocessing = &self.start.metadata.preprocessing;
        let photos = |dataset: &Dataset| readable(dataset, preprocessing);
        let whole = Segment::whole(&self.start.metadata.graph());
        self.fit::<B, _>(whole, &photos(&split.fitted), &photos(&split.held_back), device)
    }

    fn fit<B: AutodiffBackend, S: Source>(
        &self,
        segment: Segment,
        fitted: &S,
        held_back: &S,
        device: &B::Device,
    ) -> Result<()> {
        let config = self.config;
        let last_epoch = self.stop_after.map_or(config.epochs, |last| last.min(config.epochs));
        let network =
            |weights: &Weights| Network::<B>::new(segment.clone(), weights, config.dropout, device);
        let classes = segment.classes;
        let rates = rates::resolve(&config.rates, &segment);
        let task =
            Task { network: &network, classes, config, rates, last_epoch, fitted, held_back };
        let start = Start {
            epoch: self.start.metadata.epoch,
            weights: &self.start.weights,
            resume: self.start.resume.as_ref(),
        };
        let mut best = self.start.metadata.best;
        if best.is_some_and(|best| self.outlook(self.start.metadata.epoch, best).is_break()) {
            return Ok(());
        }
        let (photos, spare) = (fitted.labels().len(), held_back.labels().len());
        ensure!(
            photos >= config.batch_size && spare > 0,
            "{photos} readable photos and {spare} held back are too few for batches of {}",
            config.batch_size
        );
        eprintln!("fitting to {photos} photos, {spare} held back");
        fit::fit::<B, _, S>(&task, &start, device, |report| {
            eprintln!(
                "epoch {:>3}  loss {:.4}  held-back mAP {:.4}",
                report.epoch, report.loss, report.held_back_map
            );
            let this = BestEpoch { epoch: report.epoch, held_back_map: report.held_back_map };
            let so_far = best.filter(|best| best.held_back_map >= this.held_back_map);
            let so_far = *best.insert(so_far.unwrap_or(this));
            self.save(report, so_far)?;
            Ok(self.outlook(this.epoch, so_far))
        })
    }

    /// Whether the run goes on after `epoch`.
    fn outlook(&self, epoch: usize, best: BestEpoch) -> ControlFlow<()> {
        let patience = self.config.patience;
        if patience == 0 || epoch - best.epoch < patience {
            return ControlFlow::Continue(());
        }
        eprintln!(
            "epoch {} remains the best after {patience} more: stopped early (patience)",
            best.epoch
        );
        ControlFlow::Break(())
    }

    /// Writes the epoch's checkpoint, and the best one if it is that.
    fn save(&self, report: Report, best: BestEpoch) -> Result<()> {
        let mut metadata = self.start.metadata.clone();
        metadata.epoch = report.epoch;
        metadata.held_back_map = report.held_back_map;
        metadata.best = Some(best);
        metadata.config = self.config.clone();
        let mut weights = self.start.weights.clone();
        weights.extend(report.weights);
        let mut checkpoint = Checkpoint { metadata, weights, resume: None };
        if best.epoch == report.epoch {
            checkpoint.write(&self.paths.run.join(BEST))?;
        }
        checkpoint.resume = Some(report.resume);
        Ok(checkpoint.write(&self.paths.run.join(LAST))?)
    }
}

/// The photos that can be decoded; names the others.
fn readable(dataset: &Dataset, preprocessing: &Preprocessing) -> Photos {
    const CHUNK: usize = 256;
    let mut usable = Dataset::default();
    for photos in dataset.photos.chunks(CHUNK) {
        for (photo, loaded) in photos.iter().zip(data::load_codes(photos, preprocessing.side)) {
            match loaded {
                Ok(_) => usable.photos.push(photo.clone()),
                Err(skipped) => report_skipped(&[skipped]),
            }
        }
    }
    Photos::new(&usable, preprocessing.clone())
}

fn report_skipped(skipped: &[data::Skipped]) {
    for data::Skipped { path, reason } in skipped {
        eprintln!("skipped {}: {reason}", path.display());
    }
}
