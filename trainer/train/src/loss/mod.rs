//! What is minimised: a loss of outputs `[n, classes]` and targets of the same shape, summed over
//! the classes and averaged over the photos. Which losses there are to choose from follows from the task.
//!
//! Targets of labels lie between 0 and 1: mixup and label smoothing make them soft, and every loss of
//! labels here is defined for those too.

mod asymmetric;
mod bce;
mod config;
mod cross_entropy;
mod distillation;
mod focal;
mod reduce;
mod regression;

pub use asymmetric::asymmetric;
pub use bce::binary_cross_entropy;
pub use config::{ClassWeights, Distillation, LossConfig, Preset};
pub use cross_entropy::cross_entropy;
pub use distillation::distillation;
pub use focal::focal;
pub use regression::{huber, squared_error};

use burn::prelude::*;

use config::Kind;

/// The loss of a run: what the labels ask for, and what a teacher does.
#[derive(Debug, Clone)]
pub struct Loss<B: Backend> {
    config: LossConfig,
    label_smoothing: f64,
    distillation: Distillation,
    /// `[1, classes]`.
    class_weights: Option<Tensor<B, 2>>,
}

impl<B: Backend> Loss<B> {
    /// A loss; `frequencies` is the part of the fitted photos that each class is on.
    ///
    /// # Panics
    /// If there are class weights, but not one a class.
    pub fn new(
        config: &LossConfig,
        label_smoothing: f64,
        distillation: Distillation,
        frequencies: &[f32],
        device: &B::Device,
    ) -> Self {
        let row = |weights: Vec<f32>| {
            assert_eq!(weights.len(), frequencies.len(), "one weight a class");
            let shape = [1, weights.len()];
            Tensor::from_data(TensorData::new(weights, shape), device)
        };
        Self {
            class_weights: config.class_weights(frequencies).map(row),
            config: config.clone(),
            label_smoothing,
            distillation,
        }
    }

    /// The loss; without `teacher` probabilities (`[n, classes]`) that of the labels alone.
    pub fn of(
        &self,
        logits: Tensor<B, 2>,
        targets: Tensor<B, 2>,
        teacher: Option<Tensor<B, 2>>,
    ) -> Tensor<B, 1> {
        let Distillation { weight, temperature } = self.distillation;
        match teacher {
            Some(teacher) if weight > 0.0 => {
                let taught = distillation(logits.clone(), teacher, temperature);
                if weight == 1.0 {
                    return taught;
                }
                self.of_labels(logits, targets) * (1.0 - weight) + taught * weight
            }
            _ => self.of_labels(logits, targets),
        }
    }

    fn of_labels(&self, logits: Tensor<B, 2>, targets: Tensor<B, 2>) -> Tensor<B, 1> {
        let targets = self.smoothed(targets);
        match self.config {
            LossConfig::Bce { .. } => {
                binary_cross_entropy(logits, targets, self.class_weights.clone())
            }
            LossConfig::Focal { gamma, alpha } => focal(logits, targets, gamma, alpha),
            LossConfig::Asymmetric { gamma_negative, gamma_positive, clip } => {
                asymmetric(logits, targets, [gamma_negative, gamma_positive], clip)
            }
            LossConfig::CrossEntropy {} => cross_entropy(logits, targets),
            LossConfig::Mse {} => squared_error(logits, targets),
            LossConfig::Huber { delta } => huber(logits, targets, delta),
        }
    }

    /// Targets of which a part is spread evenly over what could be (Szegedy et al. 2016, arXiv
    /// 1512.00567): present and absent of each label, or all labels where a photo has one.
    fn smoothed(&self, targets: Tensor<B, 2>) -> Tensor<B, 2> {
        let [_, classes] = targets.dims();
        let possible = match self.config.kind() {
            Kind::MultiLabel => 2,
            Kind::SingleLabel => classes,
            Kind::Regression => return targets,
        };
        targets * (1.0 - self.label_smoothing) + self.label_smoothing / possible as f64
    }
}
