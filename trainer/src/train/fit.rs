//! The loop over epochs.

use std::ops::ControlFlow;

use burn::optim::GradientsParams;
use burn::prelude::*;
use burn::record::{BinBytesRecorder, FullPrecisionSettings, Recorder};
use burn::tensor::backend::AutodiffBackend;

use super::average::Average;
use super::batches::{Batch, Epoch};
use super::config::TrainConfig;
use super::source::Source;
use crate::checkpoint::Resume;
use crate::loss::Loss;
use crate::metrics::{self, Scored};
use crate::model::{Classifier, Trainable, param_id};
use crate::optim::{GradientSum, LayerRate, Optimizer, Schedule, Settings, UnknownLayer};
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
    /// The settings' rates, for the network's layers.
    pub rates: Vec<LayerRate>,
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

/// Fits from `start` to the last epoch; `after_epoch` sees (and saves) each outcome, and may end
/// the run.
///
/// # Errors
/// What `after_epoch` gives, or a state of the optimiser that burn cannot read.
pub(super) fn fit<B: AutodiffBackend, M: Trainable<B>, S: Source>(
    task: &Task<'_, M, S>,
    start: &Start<'_>,
    device: &B::Device,
    mut after_epoch: impl FnMut(Report) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    let config = task.config;
    let mut model = (task.network)(start.resume.map_or(start.weights, |resume| &resume.current));
    let mut optimizer = optimizer(&model, task)?;
    if let Some(resume) = start.resume {
        optimizer = optimizer.load_record(Bytes::default().load(resume.optimizer.clone(), device)?);
    }
    let objective = objective(task, device);
    let plan = |epoch: usize| Epoch {
        seed: config.seed.wrapping_mul(1000).wrapping_add(epoch as u64),
        batch_size: config.batch_size,
        classes: task.classes,
        mixup: config.mixup,
    };
    let batches = plan(0).batches_of(task.fitted.labels().len());
    let steps = batches.div_ceil(config.accumulate);
    let schedule = Schedule {
        shape: config.schedule.clone(),
        peak: config.learning_rate,
        epochs: config.epochs,
        epoch_steps: steps,
    };
    let done = start.epoch * steps;
    let mut average =
        Average::new((task.network)(start.weights).valid(), config.average_decay, done);
    for epoch in start.epoch..task.last_epoch {
        B::seed(device, plan(epoch).seed);
        let bar =
            progress::bar(batches, &format!("epoch {}/{}: batches", epoch + 1, config.epochs));
        let mut losses = 0.0;
        let mut step = epoch * steps;
        let mut gradients = GradientSum::default();
        std::thread::scope(|scope| {
            for (index, batch) in plan(epoch).batches(task.fitted, scope).into_iter().enumerate() {
                let loss = loss_of(&model, batch, task, &objective, device);
                gradients.add(&model, GradientsParams::from_grads(loss.backward(), &model));
                losses += loss.into_scalar().elem::<f64>();
                bar.inc(1);
                if !(index + 1).is_multiple_of(config.accumulate) && index + 1 < batches {
                    continue;
                }
                let mean = gradients.take_mean(&model, config.clip_norm);
                model = optimizer.step(schedule.rate(step), model.clone(), mean);
                average.update(&model.valid());
                step += 1;
            }
        });
        bar.finish_and_clear();
        let scored = evaluate(average.module(), task.held_back, task.classes, device);
        let outlook = after_epoch(Report {
            epoch: epoch + 1,
            loss: losses / batches as f64,
            held_back_map: metrics::mean_average_precision(&scored),
            weights: average.module().weights(),
            resume: Resume {
                current: model.weights(),
                optimizer: Bytes::default().record(optimizer.to_record(), ())?,
            },
        })?;
        if outlook.is_break() {
            break;
        }
    }
    Ok(())
}

/// The optimiser that the settings ask for.
fn optimizer<B: AutodiffBackend, M: Trainable<B>, S>(
    model: &M,
    task: &Task<'_, M, S>,
) -> Result<Optimizer<B, M>, UnknownLayer> {
    let names = model.weights().into_keys().map(|name| (param_id(&name), name)).collect();
    let settings = Settings {
        algorithm: task.config.optimizer.clone(),
        weight_decay: task.config.weight_decay,
        rates: task.rates.clone(),
    };
    Optimizer::new(&settings, model, &names)
}

/// The loss that the settings ask for.
fn objective<B: Backend, M, S: Source>(task: &Task<'_, M, S>, device: &B::Device) -> Loss<B> {
    let TrainConfig { loss, label_smoothing, distillation, .. } = task.config;
    let frequencies = frequencies(task.fitted.labels(), task.classes);
    Loss::new(loss, *label_smoothing, *distillation, &frequencies, device)
}

/// Part of the photos that each class is on.
fn frequencies(labels: &[Vec<usize>], classes: usize) -> Vec<f32> {
    let mut counts = vec![0.0; classes];
    for &label in labels.iter().flatten() {
        counts[label] += 1.0;
    }
    counts.iter().map(|count| count / labels.len() as f32).collect()
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
    objective: &Loss<B>,
    device: &B::Device,
) -> Tensor<B, 1> {
    let shape = [batch.count, task.classes];
    let targets = Tensor::from_data(TensorData::new(batch.targets, shape), device);
    let logits = model.logits(to_device(batch.inputs, task.fitted.shape(), device));
    objective.of(logits, targets, None)
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
