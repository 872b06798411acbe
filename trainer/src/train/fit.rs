//! The loop over epochs.

use burn::optim::{GradientsParams, Optimizer};
use burn::prelude::*;
use burn::record::{BinBytesRecorder, FullPrecisionSettings, Recorder};
use burn::tensor::backend::AutodiffBackend;

use super::average::Average;
use super::batches::{Batch, Epoch};
use super::config::TrainConfig;
use super::loss::binary_cross_entropy;
use super::optimizer::SelectiveAdamW;
use super::schedule::OneCycle;
use super::source::Source;
use crate::checkpoint::Resume;
use crate::metrics::{self, Scored};
use crate::model::{Classifier, Trainable};
use crate::progress;
use crate::weights::Weights;

/// Photos at a time where nothing is learnt.
const EVALUATION_BATCH: usize = 64;

/// The optimiser's state as bytes.
type Bytes = BinBytesRecorder<FullPrecisionSettings, Vec<u8>>;

/// What is fitted, and to what.
pub(super) struct Task<'a, M, S> {
    /// Makes the network of given weights.
    pub network: &'a dyn Fn(&Weights) -> M,
    /// Outputs.
    pub classes: usize,
    /// The settings.
    pub config: &'a TrainConfig,
    /// The epoch to stop after; the schedule is that of all of the settings' epochs.
    pub last_epoch: usize,
    /// Inputs that weights are fitted to.
    pub fitted: &'a S,
    /// Inputs that only measure.
    pub held_back: &'a S,
}

/// Where a run stands.
pub(super) struct Start<'a> {
    /// Epochs behind it.
    pub epoch: usize,
    /// The (averaged) weights.
    pub weights: &'a Weights,
    /// The optimiser's place, if it is not the beginning.
    pub resume: Option<&'a Resume>,
}

/// An epoch's outcome.
pub(super) struct Report {
    /// Epochs that were fitted, this one included.
    pub epoch: usize,
    /// Mean loss of the epoch's steps.
    pub loss: f64,
    /// Mean average precision of the averaged weights over the held-back photos.
    pub held_back_map: f64,
    /// The averaged weights of the segment.
    pub weights: Weights,
    /// Where the optimiser is.
    pub resume: Resume,
}

/// Fits from `start` to the last epoch; `after_epoch` sees (and saves) each outcome.
///
/// # Errors
/// What `after_epoch` gives, or a state of the optimiser that burn cannot read.
pub(super) fn fit<B: AutodiffBackend, M: Trainable<B>, S: Source>(
    task: &Task<'_, M, S>,
    start: &Start<'_>,
    device: &B::Device,
    mut after_epoch: impl FnMut(Report) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = task.config;
    let mut model = (task.network)(start.resume.map_or(start.weights, |resume| &resume.current));
    let mut optimizer = SelectiveAdamW::init::<B, M>(config.weight_decay);
    if let Some(resume) = start.resume {
        optimizer = optimizer.load_record(Bytes::default().load(resume.optimizer.clone(), device)?);
    }
    let plan = |epoch: usize| Epoch {
        seed: config.seed.wrapping_mul(1000).wrapping_add(epoch as u64),
        batch_size: config.batch_size,
        classes: task.classes,
        mixup: config.mixup,
    };
    let steps = plan(0).steps(task.fitted.labels().len());
    let cycle = OneCycle {
        peak: config.learning_rate,
        steps: steps * config.epochs,
        warmup: config.warmup,
    };
    let done = start.epoch * steps;
    let mut average =
        Average::new((task.network)(start.weights).valid(), config.average_decay, done);
    for epoch in start.epoch..task.last_epoch {
        B::seed(device, plan(epoch).seed);
        let bar = progress::bar(steps, &format!("epoch {}/{}: steps", epoch + 1, config.epochs));
        let mut losses = 0.0;
        std::thread::scope(|scope| {
            let batches = plan(epoch).batches(task.fitted, scope);
            for (step, batch) in batches.into_iter().enumerate() {
                let loss = loss_of(&model, batch, task, device);
                let gradients = GradientsParams::from_grads(loss.backward(), &model);
                losses += loss.into_scalar().elem::<f64>();
                let rate = cycle.rate(epoch * steps + step);
                model = optimizer.step(rate, model.clone(), gradients);
                average.update(&model.valid());
                bar.inc(1);
            }
        });
        bar.finish_and_clear();
        let scored = evaluate(average.module(), task.held_back, task.classes, device);
        after_epoch(Report {
            epoch: epoch + 1,
            loss: losses / steps as f64,
            held_back_map: metrics::mean_average_precision(&scored),
            weights: average.module().weights(),
            resume: Resume {
                current: model.weights(),
                optimizer: Bytes::default().record(optimizer.to_record(), ())?,
            },
        })?;
    }
    Ok(())
}

/// Inputs from the host as one tensor.
fn to_device<B: Backend>(inputs: Vec<f32>, shape: [usize; 3], device: &B::Device) -> Tensor<B, 4> {
    let [channels, height, width] = shape;
    let count = inputs.len() / (channels * height * width);
    Tensor::from_data(TensorData::new(inputs, [count, channels, height, width]), device)
}

fn loss_of<B: AutodiffBackend, M: Classifier<B>, S: Source>(
    model: &M,
    batch: Batch,
    task: &Task<'_, M, S>,
    device: &B::Device,
) -> Tensor<B, 1> {
    let shape = [batch.count, task.classes];
    let targets = Tensor::from_data(TensorData::new(batch.targets, shape), device);
    let logits = model.logits(to_device(batch.inputs, task.fitted.shape(), device));
    binary_cross_entropy(logits, targets)
}

fn evaluate<B: Backend, S: Source>(
    model: &impl Classifier<B>,
    source: &S,
    classes: usize,
    device: &B::Device,
) -> Scored {
    let upright: Vec<(usize, bool)> =
        (0..source.labels().len()).map(|index| (index, false)).collect();
    let mut scores = Vec::new();
    for picked in upright.chunks(EVALUATION_BATCH) {
        let inputs = to_device(source.inputs(picked), source.shape(), device);
        scores.extend(model.logits(inputs).into_data().iter::<f32>());
    }
    Scored::new(classes, scores, source.labels())
}
