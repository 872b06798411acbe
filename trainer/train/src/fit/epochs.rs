//! The loop over epochs.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, ensure};
use burn::module::AutodiffModule;
use burn::optim::GradientsParams;
use burn::prelude::*;
use burn::record::{BinBytesRecorder, FullPrecisionSettings, Recorder};
use burn::tensor::backend::AutodiffBackend;
use tagsight_core::Goal;
use tagsight_data::{Photo, Skipped, label_counts};
use tagsight_metrics::{self as metrics, Answers};
use tagsight_network::weights::Weights;

use super::average::Average;
use super::batches::{Batch, Epoch};
use super::source::{Pick, Source};
use crate::checkpoint::Resume;
use crate::config::TrainConfig;
use crate::distil::Lessons;
use crate::loss::Loss;
use crate::model::{Classifier, Trainable, param_id};
use crate::optim::{GradientSum, LayerRate, Optimizer, Schedule, Settings, UnknownLayer};
use crate::watch::{Course, Interrupt, Measured, Watcher, system_clock};

/// Photos at a time where nothing is learnt.
const EVALUATION_BATCH: usize = 64;

/// The optimiser's state as bytes.
type Bytes = BinBytesRecorder<FullPrecisionSettings, Vec<u8>>;

/// What is fitted, and to what.
pub(super) struct Task<'a, M, S> {
    /// Makes the network of given weights.
    pub network: &'a dyn Fn(&Weights) -> M,
    /// One label an output.
    pub labels: &'a [String],
    /// What is asked of the network.
    pub goal: &'a Goal,
    /// The run's folder, for those who watch it.
    pub folder: &'a Path,
    /// Whether to stop between two steps.
    pub interrupt: &'a Interrupt,
    /// The settings.
    pub config: &'a TrainConfig,
    /// The settings' rates, for the network's layers.
    pub rates: Vec<LayerRate>,
    /// The epoch to stop after; the schedule is that of all of the settings' epochs.
    pub last_epoch: usize,
    /// Inputs that weights are fitted to.
    pub fitted: &'a S,
    /// Inputs that only measure.
    pub validation: &'a S,
    /// What a teacher says of the fitted views, if there is one.
    pub lessons: Option<&'a Lessons>,
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
pub(super) struct EpochReport {
    /// Epochs that were fitted, this one included.
    pub epoch: usize,
    /// How good the averaged weights are on the validation photos, by the task's metric.
    pub validation_score: f64,
    /// Where the epoch ended.
    pub place: Place,
}

/// Where fitting is between two steps.
pub(super) struct Place {
    /// The averaged weights of the segment.
    pub weights: Weights,
    /// Where the optimiser is.
    pub resume: Resume,
}

/// How fitting ended.
pub(super) enum End {
    /// After the last epoch.
    Finished,
    /// In between, as was asked.
    Interrupted(Place),
    /// In between, as a photo cannot be read any more.
    Broken(Place, Skipped),
}

/// Why an epoch broke off between two steps.
enum Stop {
    /// It was asked to.
    Asked,
    /// A photo went away.
    Photo(Skipped),
}

/// Fits from `start` to the last epoch; `after_epoch` sees (and saves) each outcome, and may end
/// the run.
///
/// # Errors
/// What `after_epoch` gives, a state of the optimiser that burn cannot read, or a folder that
/// cannot be written to.
pub(super) fn fit<B: AutodiffBackend, M: Trainable<B>, S: Source>(
    task: &Task<'_, M, S>,
    start: &Start<'_>,
    device: &B::Device,
    mut after_epoch: impl FnMut(EpochReport) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<End> {
    let config = task.config;
    let plan = |epoch: usize| Epoch {
        seed: config.seed.wrapping_mul(1000).wrapping_add(epoch as u64),
        sampling: config.sampling,
        batch_size: config.batch_size,
        mixup: config.mixup,
        lessons: task.lessons,
    };
    let batches = plan(0).batches_of(task.fitted.photos().len());
    let schedule = Schedule {
        shape: config.schedule.clone(),
        peak: config.learning_rate,
        epochs: config.epochs,
        epoch_steps: batches.div_ceil(config.accumulate),
    };
    let mut fitting = Fitting::new(task, start, batches, device)?;
    let mut watcher = watcher(task, start.epoch, fitting.losses.len(), batches)?;
    task.interrupt.allow();
    for epoch in start.epoch..task.last_epoch {
        let steps = Steps {
            plan: plan(epoch),
            batches,
            rate: &|step| schedule.rate(epoch * schedule.epoch_steps + step),
        };
        match fitting.epoch(&steps, task, &mut watcher, device)? {
            ControlFlow::Continue(()) => {}
            ControlFlow::Break(Stop::Asked) => return Ok(End::Interrupted(fitting.place()?)),
            ControlFlow::Break(Stop::Photo(photo)) => {
                return Ok(End::Broken(fitting.place()?, photo));
            }
        }
        let answers = evaluate(fitting.average.module(), task, device)
            .context("a validation photo cannot be read any more; go on with --resume")?;
        let score = answers.score();
        let loss = mean(&std::mem::take(&mut fitting.losses));
        let scalars = fitting.model.scalars();
        let epoch = epoch + 1;
        watcher.epoch(Measured { epoch, loss, score, answers: &answers, scalars })?;
        let report = EpochReport { epoch, validation_score: score.value, place: fitting.place()? };
        if after_epoch(report)?.is_break() {
            break;
        }
    }
    Ok(End::Finished)
}

/// An epoch's steps.
struct Steps<'a> {
    plan: Epoch<'a>,
    batches: usize,
    /// The learning rate by the number of the step.
    rate: &'a dyn Fn(usize) -> f64,
}

/// What changes from step to step.
struct Fitting<B: AutodiffBackend, M: Trainable<B>> {
    model: M,
    optimizer: Optimizer<B, M>,
    average: Average<<M as AutodiffModule<B>>::InnerModule>,
    objective: Loss<B>,
    /// Of the batches since the last whole epoch.
    losses: Vec<f32>,
}

impl<B: AutodiffBackend, M: Trainable<B>> Fitting<B, M> {
    fn new<S: Source>(
        task: &Task<'_, M, S>,
        start: &Start<'_>,
        batches: usize,
        device: &B::Device,
    ) -> anyhow::Result<Self> {
        let network = task.network;
        let model = network(start.resume.map_or(start.weights, |resume| &resume.current));
        let mut optimizer = optimizer(&model, task)?;
        let mut losses = Vec::new();
        if let Some(resume) = start.resume {
            let record = Bytes::default().load(resume.optimizer.clone(), device)?;
            optimizer = optimizer.load_record(record);
            losses.clone_from(&resume.losses);
        }
        ensure!(
            losses.len() < batches,
            "the run to resume is {} batches into an epoch, and with these settings and photos \
             an epoch has {batches}; resume it with its own",
            losses.len()
        );
        let accumulate = task.config.accumulate;
        let done = start.epoch * batches.div_ceil(accumulate) + losses.len() / accumulate;
        let average = Average::new(network(start.weights).valid(), task.config.average_decay, done);
        Ok(Self { model, optimizer, average, objective: objective(task, device), losses })
    }

    /// Fits the rest of an epoch; breaks off between two steps if that is asked for, or there is a
    /// photo missing.
    fn epoch<S: Source>(
        &mut self,
        steps: &Steps<'_>,
        task: &Task<'_, M, S>,
        watcher: &mut Watcher,
        device: &B::Device,
    ) -> anyhow::Result<ControlFlow<Stop>> {
        let TrainConfig { accumulate, batch_size, clip_norm, .. } = *task.config;
        let mut gradients = GradientSum::default();
        let first = self.losses.len();
        std::thread::scope(|scope| {
            let batches = steps.plan.batches(first, task.fitted, scope);
            for (index, batch) in (first..).zip(batches) {
                if index.is_multiple_of(accumulate) && task.interrupt.is_asked() {
                    return Ok(ControlFlow::Break(Stop::Asked));
                }
                let batch = match batch {
                    Ok(batch) => batch,
                    Err(photo) => {
                        // The step that it belongs to is not taken, and fitted anew.
                        self.losses.truncate(index / accumulate * accumulate);
                        return Ok(ControlFlow::Break(Stop::Photo(photo)));
                    }
                };
                B::seed(device, steps.plan.batch_seed(index));
                let loss = loss_of(&self.model, batch, task, &self.objective, device);
                gradients
                    .add(&self.model, GradientsParams::from_grads(loss.backward(), &self.model));
                self.losses.push(loss.into_scalar().elem());
                if !(index + 1).is_multiple_of(accumulate) && index + 1 < steps.batches {
                    continue;
                }
                let (step, rate) = (index / accumulate, (steps.rate)(index / accumulate));
                let mean_gradients = gradients.take_mean(&self.model, clip_norm);
                self.model = self.optimizer.step(rate, self.model.clone(), mean_gradients);
                self.average.update(&self.model.valid());
                let losses = &self.losses[step * accumulate..];
                watcher.step(mean(losses), rate, losses.len() * batch_size)?;
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    fn place(&self) -> anyhow::Result<Place> {
        let optimizer = Bytes::default().record(self.optimizer.to_record(), ())?;
        let (current, losses) = (self.model.weights(), self.losses.clone());
        let resume = Resume { current, optimizer, losses };
        Ok(Place { weights: self.average.module().weights(), resume })
    }
}

/// Watches the task, of which epochs, and batches of another one, are behind.
fn watcher<M, S: Source>(
    task: &Task<'_, M, S>,
    epochs: usize,
    more: usize,
    batches: usize,
) -> anyhow::Result<Watcher> {
    let TrainConfig { accumulate, batch_size, .. } = *task.config;
    let steps = batches.div_ceil(accumulate);
    let course = Course {
        folder: task.folder,
        epochs: task.config.epochs,
        steps,
        photos: batches * batch_size,
        steps_done: epochs * steps + more / accumulate,
        photos_done: (epochs * batches + more) * batch_size,
        labels: task.labels,
        goal: task.goal,
        validation: task.validation.photos(),
    };
    Watcher::new(&course, system_clock)
        .with_context(|| format!("cannot write to the run's folder {}", task.folder.display()))
}

fn mean(losses: &[f32]) -> f64 {
    losses.iter().copied().map(f64::from).sum::<f64>() / losses.len() as f64
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
    let loss = loss.as_ref().expect("settings that suit the photos name a loss");
    let frequencies = frequencies(task.fitted.photos(), task.labels.len());
    Loss::new(loss, *label_smoothing, *distillation, &frequencies, device)
}

/// Part of the photos that each class is on.
fn frequencies(photos: &[Photo], classes: usize) -> Vec<f32> {
    let counts = label_counts(photos.iter().map(|photo| &photo.target), classes);
    counts.into_iter().map(|count| count as f32 / photos.len() as f32).collect()
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
    let shape = [batch.count, task.labels.len()];
    let table = |values: Vec<f32>| Tensor::from_data(TensorData::new(values, shape), device);
    let (targets, teacher) = (table(batch.targets), batch.teacher.map(table));
    let logits = model.logits(to_device(batch.inputs, task.fitted.shape(), device));
    objective.of(mean_over_time(logits, shape), targets, teacher)
}

/// Outputs of `[photos, labels]`, of which there are as many each as pictures of it: a photo's own, or those of a
/// video's frames.
fn mean_over_time<B: Backend>(logits: Tensor<B, 2>, [photos, labels]: [usize; 2]) -> Tensor<B, 2> {
    let pictures = logits.dims()[0] / photos;
    if pictures == 1 {
        return logits;
    }
    logits.reshape([photos, pictures, labels]).mean_dim(1).reshape([photos, labels])
}

/// What the network says of the validation photos.
fn evaluate<B: Backend, M, S: Source>(
    model: &impl Classifier<B>,
    task: &Task<'_, M, S>,
    device: &B::Device,
) -> Result<Answers, Skipped> {
    let source = task.validation;
    let targets = source.views().targets();
    let whole: Vec<Pick> = (0..targets.len()).map(|photo| Pick { photo, view: 0 }).collect();
    let mut outputs = Vec::new();
    let pictures = source.views().dataset().subject.medium.pictures();
    for picked in whole.chunks(EVALUATION_BATCH.div_ceil(pictures)) {
        let inputs = to_device(source.inputs(picked)?, source.shape(), device);
        outputs.extend(model.logits(inputs).into_data().iter::<f32>());
    }
    let outputs = metrics::mean_over_time(outputs, pictures, task.labels.len());
    Ok(Answers::new(task.goal, task.labels.len(), outputs, &targets))
}

#[cfg(test)]
mod tests {
    use burn::backend::Flex;

    use super::*;

    #[test]
    fn outputs_of_a_videos_frames_are_averaged() {
        let logits = [[1.0, 10.0], [3.0, 30.0], [5.0, 50.0], [9.0, 70.0]];
        let averaged = |shape| {
            let logits = Tensor::<Flex, 2>::from_floats(logits, &Default::default());
            mean_over_time(logits, shape).into_data().to_vec::<f32>().unwrap()
        };
        assert_eq!(averaged([2, 2]), [2.0, 20.0, 7.0, 60.0]);
        assert_eq!(averaged([4, 2]), logits.as_flattened());
    }
}
