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
use crate::networks::{Networks, calibration_images};

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

/// Seeds of the trainings of each way.
fn seeds(config: &Config) -> impl Iterator<Item = u64> + Clone + use<> {
    let first = config.seed;
    (0..config.seeds as u64).map(move |number| first + number)
}

/// What trainings have in common.
pub(super) struct Trainings<'a> {
    pub(super) config: &'a Config,
    pub(super) dataset: &'a Dataset,
    /// The file of the network that they begin with.
    pub(super) beginning: &'a str,
    /// The study's.
    pub(super) folder: &'a Path,
}

impl Trainings<'_> {
    /// Fits a network each way with each seed; what was kept is not fitted again. `source` is a hash of the photos
    /// and the network to begin with.
    pub(super) fn all(&self, source: &str, kept: &mut Kept) -> Result<Vec<Run>, StudyError> {
        let mut runs = Vec::new();
        for &way in &self.config.ways {
            for seed in seeds(self.config) {
                // Wherever the file lies.
                let settings = self.config.training(&self.config.float, way, seed, "");
                let name = format!("run-{}-{seed}", way.key());
                runs.push(kept.get_or(&name, &digest(&(source, &settings)), || {
                    let checkpoint = self.float(way, seed)?;
                    Ok(of_checkpoint(&checkpoint, self.dataset, way, seed))
                })?);
            }
        }
        Ok(runs)
    }

    /// The float network of a way and seed.
    fn float(&self, way: Way, seed: u64) -> Result<Checkpoint, StudyError> {
        let architecture = self.config.architecture().expect("settings are checked");
        let settings = self.config.training(&self.config.float, way, seed, self.beginning);
        fit(architecture, &settings, self.dataset, None, &self.run(way, seed))
    }

    /// The float network of the way's first training with its integers, and images to calibrate others on.
    pub(super) fn integers(&self, way: Way) -> Result<(Networks, Vec<Vec<i8>>), StudyError> {
        let seed = self.config.seed;
        let float = self.float(way, seed)?;
        let qat = self.config.training(&self.config.qat, way, seed, self.beginning);
        let run = self.run(way, seed).join("integers");
        let images = calibration_images(self.dataset, &qat, self.config.calibration_images)?;
        Ok((Networks::of(&float, &qat, self.dataset, &run)?, images))
    }

    /// The folder of a training.
    fn run(&self, way: Way, seed: u64) -> PathBuf {
        self.folder.join("runs").join(format!("{}-{seed}", way.key()))
    }
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
