//! The trainings that ways to show rare classes are compared by.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tagsight_data::{Dataset, Part};
use tagsight_metrics::{Answers, Classified, Confusion, Predictions};
use tagsight_network::Spec;
use tagsight_network::weights::fold_batch_norm;
use tagsight_quantiser::FloatNetwork;
use tagsight_train::checkpoint::Checkpoint;

use super::config::{Config, Way};
use crate::error::StudyError;
use crate::fit::fit;
use crate::kept::{Kept, digest};

/// A float network's logits of the photos of two parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Run {
    /// Its way and seed.
    pub(super) way: Way,
    pub(super) seed: u64,
    /// Of the photos to choose by, and of those to measure on.
    pub(super) logits: [Vec<f32>; 2],
    /// Their classes.
    pub(super) truth: [Vec<usize>; 2],
}

/// The parts in the order that [`Run`] has them.
const PARTS: [Part; 2] = [Part::Validation, Part::Test];

impl Run {
    /// Answers of the photos to measure on.
    pub(super) fn measured(&self, classes: usize) -> Classified {
        self.answers(1, classes)
    }

    /// How good it is at the photos to choose by.
    pub(super) fn score(&self, classes: usize) -> f64 {
        Confusion::of(&self.answers(0, classes)).macro_f1()
    }

    fn answers(&self, part: usize, classes: usize) -> Classified {
        let (scores, truth) = (self.logits[part].clone(), self.truth[part].clone());
        Classified { classes, scores, truth }
    }
}

/// The folder of a training.
pub(super) fn folder_of(folder: &Path, way: Way, seed: u64) -> PathBuf {
    folder.join("runs").join(format!("{}-{seed}", way.key()))
}

/// Seeds of the trainings of each way.
pub(super) fn seeds(config: &Config) -> impl Iterator<Item = u64> + Clone + use<> {
    let first = config.seed;
    (0..config.seeds as u64).map(move |number| first + number)
}

/// Fits a network each way with each seed; what was kept is not fitted again. `source` is a hash of the photos and
/// the network to begin with.
pub(super) fn all(
    config: &Config,
    dataset: &Dataset,
    source: &str,
    kept: &mut Kept,
    folder: &Path,
) -> Result<Vec<Run>, StudyError> {
    let mut runs = Vec::new();
    for &way in &config.ways {
        for seed in seeds(config) {
            let settings = config.training(&config.float, way, seed);
            let name = format!("run-{}-{seed}", way.key());
            runs.push(kept.get_or(&name, &digest(&(source, &settings)), || {
                let checkpoint = float(config, dataset, way, seed, folder)?;
                Ok(of_checkpoint(&checkpoint, dataset, way, seed))
            })?);
        }
    }
    Ok(runs)
}

/// The float network of a way and seed.
pub(super) fn float(
    config: &Config,
    dataset: &Dataset,
    way: Way,
    seed: u64,
    folder: &Path,
) -> Result<Checkpoint, StudyError> {
    let architecture = config.architecture().expect("settings are checked");
    let settings = config.training(&config.float, way, seed);
    fit(architecture, &settings, dataset, None, &folder_of(folder, way, seed))
}

fn of_checkpoint(checkpoint: &Checkpoint, dataset: &Dataset, way: Way, seed: u64) -> Run {
    let spec = checkpoint.metadata.spec();
    let folded = fold_batch_norm(&checkpoint.weights, &spec.graph);
    let network = FloatNetwork::new(&spec, &folded);
    let [validation, test] = PARTS.map(|part| {
        let photos = dataset.filter(|photo| photo.part == Some(part));
        answers(&spec, &photos, |images| Ok::<_, Infallible>(network.logits(images)))
            .unwrap_or_else(|never| match never {})
    });
    Run {
        way,
        seed,
        truth: [validation.truth, test.truth],
        logits: [validation.scores, test.scores],
    }
}

/// What a network says of the photos that can be read.
pub(super) fn answers<E>(
    spec: &Spec,
    photos: &Dataset,
    logits: impl FnMut(&[Vec<i8>]) -> Result<Vec<f32>, E>,
) -> Result<Classified, E> {
    match Predictions::of(photos, &spec.preprocessing, &spec.task, logits)?.answers {
        Answers::Classes(classified) => Ok(classified),
        other => panic!("the study is of classes, not {other:?}"),
    }
}
