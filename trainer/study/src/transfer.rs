//! Classifiers that begin with weights of others: what their trainings have in common.
//!
//! A training begins with a linear classifier of the features that those weights give, so that its first steps do
//! not spoil them (Kumar et al. 2022, arXiv 2202.10054).

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tagsight_core::Architecture;
use tagsight_data::augment::AugmentConfig;
use tagsight_data::{self as data, Dataset, Part};
use tagsight_network::weights::fold_batch_norm;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::{Frozen, TrainConfig};
use tagsight_train::fit::initial_network;
use tagsight_train::sampling::Sampling;

use crate::error::{Check, StudyError};
use crate::features::Trunk;
use crate::linear::{Labelled, Linear};

/// The network to begin with.
const BEGINNING: &str = "beginning.safetensors";

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

/// The file of the network that trainings with such settings begin with, in `folder`: its classifier is a linear
/// one of the features of the photos to learn from.
///
/// # Errors
/// If there is no such network, or it cannot be written.
pub(crate) fn beginning(
    architecture: Architecture,
    settings: &TrainConfig,
    dataset: &Dataset,
    folder: &Path,
) -> Result<PathBuf, StudyError> {
    let begin = initial(architecture, settings, dataset)?;
    let folded = fold_batch_norm(&begin.weights, &begin.metadata.graph());
    let trunk = Trunk::of(&begin.metadata, &folded);
    let parts = [Part::Train, Part::Validation].map(|part| trunk.of_part(dataset, part));
    let [fitted, chosen] =
        [0, 1].map(|part| Labelled { features: &parts[part].0, classes: &parts[part].1 });
    let linear = Linear::fit(&fitted, &chosen, dataset.subject.labels.len())?;
    write_beginning(&begin, &linear, folder)
}

/// The network before anything is fitted to `dataset`.
///
/// # Errors
/// If there is no such network, or its weights cannot be used.
pub(crate) fn initial(
    architecture: Architecture,
    settings: &TrainConfig,
    dataset: &Dataset,
) -> Result<Checkpoint, StudyError> {
    let fitted = data::split_off(dataset, settings.holdout, settings.seed).fitted;
    let network = initial_network(architecture, settings, &fitted, &data::data_dir());
    network.map_err(StudyError::Training)
}

/// Writes the network to begin with, its classifier being `linear`, into `folder`, and gives the file.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_beginning(
    begin: &Checkpoint,
    linear: &Linear,
    folder: &Path,
) -> Result<PathBuf, StudyError> {
    std::fs::create_dir_all(folder).map_err(StudyError::io(folder))?;
    // So that it is not looked for in the data folder.
    let path = std::path::absolute(folder).map_err(StudyError::io(folder))?.join(BEGINNING);
    let mut begin = begin.clone();
    linear.replace(&mut begin.weights, &begin.metadata.graph());
    begin.write(&path)?;
    Ok(path)
}

impl Fit {
    /// Key, whether it makes sense, and what is expected.
    pub(crate) fn check(&self, key: &'static str) -> Check {
        let fits = self.epochs > 0 && self.batch_size > 1 && self.learning_rate > 0.0;
        (key, fits, "at least an epoch, batches of two, and a positive rate")
    }

    /// The settings of the training. Another seed is another order of photos, and other views.
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
