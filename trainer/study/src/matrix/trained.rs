//! Cells that are trained as codes.

use std::path::Path;

use tagsight_data::{Dataset, Photo};
use tagsight_train::config::TrainConfig;
use tagsight_train::qat::QatConfig;
use tagsight_train::quantised;

use super::bench::{Bench, Measured};
use super::bytes;
use super::setting::Setting;
use crate::error::StudyError;
use crate::fit::fit;
use crate::subject::Subject;

/// Part of the weights' moving average that a step leaves; runs are short.
const AVERAGE_DECAY: f64 = 0.95;

/// Trains the network as `setting` says, in a folder of its own, and measures its integers. A run that was
/// interrupted goes on from its last epoch.
pub(super) fn measure(
    bench: &Bench<'_>,
    subject: &Subject,
    setting: &Setting,
    folder: &Path,
) -> Result<Measured, StudyError> {
    let config = settings(bench, subject, setting);
    let architecture = subject.checkpoint.metadata.architecture();
    let dataset = first(&subject.fitted, bench.config.qat.photos);
    let (begin, run) = (Some(&subject.checkpoint), folder.join(setting.name()));
    let trained = fit(architecture, &config, &dataset, begin, &run)?;
    let integers = quantised::integers(&trained);
    let artifact = integers.map_err(|error| StudyError::Training(error.into()))?;
    let weight_bytes = bytes::of_weights(&bench.spec.graph, &setting.precisions());
    bench.of_artifact(&artifact, None, weight_bytes)
}

/// The run's settings; whatever decides which photos are held back is the float run's.
fn settings(bench: &Bench<'_>, subject: &Subject, setting: &Setting) -> TrainConfig {
    let float = &subject.checkpoint.metadata.config;
    let qat = &bench.config.qat;
    TrainConfig {
        seed: float.seed,
        holdout: float.holdout,
        side: float.side,
        epochs: qat.epochs,
        batch_size: qat.batch_size,
        learning_rate: qat.learning_rate,
        train_from: Some(qat.train_from.clone()).filter(|stage| !stage.is_empty()),
        average_decay: AVERAGE_DECAY,
        dropout: 0.0,
        qat: QatConfig { weight_bits: setting.weights, ..QatConfig::default() },
        ..TrainConfig::default()
    }
}

/// The first photos; all of them if `most` is 0.
fn first(dataset: &Dataset, most: usize) -> Dataset {
    let count = if most == 0 { dataset.photos.len() } else { most.min(dataset.photos.len()) };
    let last: Option<&Photo> = dataset.photos[..count].last();
    dataset.filter(|photo| last.is_some_and(|last| photo.id <= last.id))
}
