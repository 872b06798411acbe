//! The study's trainings.

use std::path::Path;

use tagsight_core::Artifact;
use tagsight_data::Dataset;
use tagsight_train::config::TrainConfig;

use super::config::{Config, Fit};
use crate::error::StudyError;
use crate::fit::fit;
use crate::networks::{Networks, calibration_images};

/// Decay of the weights' moving average; runs are short.
const AVERAGE_DECAY: f64 = 0.98;

/// Fits all that has to be, in folders of `folder`, and rounds the float network; what was fitted before is taken
/// from there.
pub(super) fn networks(
    config: &Config,
    dataset: &Dataset,
    folder: &Path,
) -> Result<(Networks, Artifact), StudyError> {
    let architecture = config.architecture().expect("settings are checked");
    let runs = folder.join("runs");
    let settings = train_config(config, &config.float);
    let float = fit(architecture, &settings, dataset, None, &runs.join("float"))?;
    let qat = train_config(config, &config.qat);
    let networks = Networks::of(&float, &qat, dataset, &runs.join("qat"))?;
    let images = calibration_images(dataset, &qat, config.calibration_images)?;
    let rounded = networks.rounded(&images);
    Ok((networks, rounded))
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
