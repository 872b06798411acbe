//! Classifiers that begin with weights of others: what their trainings have in common.

use serde::{Deserialize, Serialize};
use tagsight_data::augment::AugmentConfig;
use tagsight_train::config::{Frozen, TrainConfig};
use tagsight_train::sampling::Sampling;

/// A training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// Passes over the photos to learn from.
    pub epochs: usize,
    /// Photos a batch.
    pub batch_size: usize,
    /// The highest one.
    pub learning_rate: f64,
    /// Stage from which on weights are fitted; empty: all are.
    pub train_from: String,
}

/// What a training shows, and what it begins with.
pub(crate) struct Lesson<'a> {
    /// Weights to begin with; empty: none.
    pub(crate) initial_weights: &'a str,
    /// Side of the squashed photos, pixels.
    pub(crate) side: usize,
    /// How often an epoch shows a photo.
    pub(crate) sampling: Sampling,
    /// What views of a photo there are.
    pub(crate) augment: AugmentConfig,
}

impl Fit {
    /// Key, whether it makes sense, and what is expected.
    pub(crate) fn check(&self, key: &'static str) -> (&'static str, bool, &'static str) {
        let fits = self.epochs > 0 && self.batch_size > 1 && self.learning_rate > 0.0;
        (key, fits, "at least an epoch, batches of two, and a positive rate")
    }

    /// The settings of the training. Another seed is another order of photos, other views and another classifier to
    /// begin with.
    pub(crate) fn config(&self, lesson: Lesson, seed: u64) -> TrainConfig {
        let train_from = Some(self.train_from.clone()).filter(|stage| !stage.is_empty());
        let weights = lesson.initial_weights;
        TrainConfig {
            seed,
            epochs: self.epochs,
            batch_size: self.batch_size,
            sampling: lesson.sampling,
            learning_rate: self.learning_rate,
            weight_decay: 0.05,
            dropout: 0.2,
            label_smoothing: 0.1,
            // Few photos are few steps.
            average_decay: 0.97,
            side: lesson.side,
            // What is not fitted is run as it will be shipped.
            frozen: if train_from.is_some() { Frozen::Int8 } else { Frozen::Float },
            train_from,
            initial_weights: Some(weights.to_owned()).filter(|name| !name.is_empty()),
            augment: lesson.augment,
            ..TrainConfig::default()
        }
    }
}
