//! The networks of the study: one of floats, and two of integers that come from it.

use std::path::Path;

use tagsight_core::Artifact;
use tagsight_data::{self as data, Dataset};
use tagsight_network::Spec;
use tagsight_network::weights::{Weights, fold_batch_norm};
use tagsight_quantiser::PostTraining;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::TrainConfig;
use tagsight_train::quantised;

use super::config::{Config, Fit};
use crate::error::StudyError;
use crate::fit::fit;

/// Decay of the weights' moving average; runs are short.
const AVERAGE_DECAY: f64 = 0.98;

pub(super) struct Networks {
    pub(super) spec: Spec,
    /// The float network's weights, with batch norms folded.
    pub(super) float: Weights,
    /// Its integers, rounded.
    pub(super) rounded: Artifact,
    /// The integers that were trained.
    pub(super) trained: Artifact,
}

impl Networks {
    /// Fits all that has to be, in folders of `folder`; what was fitted before is taken from there.
    pub(super) fn fit(
        config: &Config,
        dataset: &Dataset,
        folder: &Path,
    ) -> Result<Self, StudyError> {
        let architecture = config.architecture().expect("settings are checked");
        let runs = folder.join("runs");
        let train = |name, settings: &Fit, from: Option<&Checkpoint>| {
            let settings = train_config(config, settings);
            fit(architecture, &settings, dataset, from, &runs.join(name))
        };
        let float = train("float", &config.float, None)?;
        let integers = quantised::integers(&train("qat", &config.qat, Some(&float))?);
        let spec = float.metadata.spec();
        let folded = fold_batch_norm(&float.weights, &spec.graph);
        let validation = data::split_off(dataset, 0.5, config.seed).validation;
        let images = data::images(&validation, config.calibration_images, config.side);
        if images.is_empty() {
            let purpose = "to calibrate on";
            return Err(StudyError::Photos { purpose, found: 0, least: 1 });
        }
        Ok(Self {
            rounded: PostTraining::default().integers(&spec, &folded, &images),
            trained: integers.map_err(|error| StudyError::Training(error.into()))?,
            float: folded,
            spec,
        })
    }
}

fn train_config(config: &Config, fit: &Fit) -> TrainConfig {
    let mut settings = TrainConfig {
        seed: config.seed,
        side: config.side,
        epochs: fit.epochs,
        batch_size: fit.batch_size,
        learning_rate: fit.learning_rate,
        average_decay: AVERAGE_DECAY,
        dropout: 0.0,
        ..TrainConfig::default()
    };
    // Mirrored hearts beat as well.
    settings.augment.crop_area = [0.8, 1.0];
    settings.augment.views = 8;
    settings
}
