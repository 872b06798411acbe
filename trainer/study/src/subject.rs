//! What is studied: a network, and photos.

use std::path::Path;

use tagsight_core::{Architecture, Artifact, Goal};
use tagsight_data::{self as data, Dataset, Medium, Target};
use tagsight_network::weights::{Weights, dequantised, fold_batch_norm};
use tagsight_network::{Spec, random_weights};
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::config::TrainConfig;

use crate::error::StudyError;
use crate::miniature;

/// Seed of the miniature's weights.
const RANDOM_WEIGHTS: u64 = 1;

/// A float network and the photos that it is measured on.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The network, as training takes it.
    pub checkpoint: Checkpoint,
    /// Where its floats come from, in words.
    pub origin: String,
    /// The photos that may be learned from.
    pub fitted: Dataset,
    /// The photos that are measured on.
    pub measured: Dataset,
}

/// Photos as a network takes them, with what is true of them.
#[derive(Debug, Clone)]
pub struct Photos {
    /// 7-bit codes, HWC.
    pub images: Vec<Vec<i8>>,
    /// One a photo.
    pub targets: Vec<Target>,
    /// Their numbers in the dataset.
    pub ids: Vec<u64>,
}

impl Subject {
    /// A float checkpoint and photos.
    ///
    /// # Errors
    /// If it is of quantisation-aware training, or the photos say something else.
    pub fn of_checkpoint(
        path: &Path,
        fitted: Dataset,
        measured: Dataset,
    ) -> Result<Self, StudyError> {
        let checkpoint = Checkpoint::read(path)?;
        if checkpoint.metadata.qat.is_some() {
            let expected = "a float network's, not one of quantisation-aware training";
            return Err(StudyError::Setting { key: "checkpoint", expected });
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let epoch = checkpoint.metadata.epoch;
        let origin = format!("the float checkpoint {name} (epoch {epoch})");
        Self { checkpoint, origin, fitted, measured }.checked()
    }

    /// The floats that an artifact's integers stand for. Its weights lie on a grid of 8 bits already, so
    /// rounding them to 8 bits a channel loses next to nothing.
    ///
    /// # Errors
    /// If the network is none of those that are trained here, or the photos say something else.
    pub fn of_artifact(
        artifact: &Artifact,
        fitted: Dataset,
        measured: Dataset,
    ) -> Result<Self, StudyError> {
        let metadata = &artifact.metadata;
        let unknown = || StudyError::Architecture(metadata.architecture.clone());
        let architecture = metadata.architecture().ok_or_else(unknown)?;
        let config = TrainConfig { side: metadata.preprocessing.side, ..TrainConfig::default() };
        let (labels, task) = (metadata.labels.clone(), metadata.task.goal());
        let metadata = CheckpointMetadata::new(architecture, labels, task, config);
        if metadata.graph() != artifact.graph {
            return Err(unknown());
        }
        let weights = dequantised(artifact);
        let checkpoint = Checkpoint { metadata, weights, resume: None };
        let origin =
            "what an artifact's integers stand for, as no float weights were given: rounding \
                      weights to 8 bits a channel again loses next to nothing"
                .to_owned();
        Self { checkpoint, origin, fitted, measured }.checked()
    }

    /// A small network of random weights, and pictures that are made in `folder`.
    ///
    /// # Errors
    /// If the pictures cannot be written.
    pub fn miniature(folder: &Path) -> Result<Self, StudyError> {
        let side = miniature::SIDE;
        let [fitted, measured] = miniature::datasets(&folder.join("pictures"))?;
        let config = TrainConfig { side, holdout: 0.25, ..TrainConfig::default() };
        let labels = fitted.subject.labels.clone();
        let architecture = Architecture::from_name(miniature::NETWORK).expect("it is a ResNet");
        let metadata = CheckpointMetadata::new(architecture, labels, Goal::MultiLabel, config);
        let weights = random_weights(&metadata.graph(), RANDOM_WEIGHTS);
        let checkpoint = Checkpoint { metadata, weights, resume: None };
        let origin =
            "random weights: the miniature shows that everything runs, its scores mean nothing";
        Self { checkpoint, origin: origin.to_owned(), fitted, measured }.checked()
    }

    fn checked(self) -> Result<Self, StudyError> {
        let CheckpointMetadata { labels, task, .. } = &self.checkpoint.metadata;
        let fits = |dataset: &Dataset| dataset.subject.is_asked_of(labels, task);
        if fits(&self.fitted) && fits(&self.measured) { Ok(self) } else { Err(StudyError::Subject) }
    }

    /// What the network is.
    pub fn spec(&self) -> Spec {
        self.checkpoint.metadata.spec()
    }

    /// Its weights with batch norms folded.
    pub fn folded(&self) -> Weights {
        fold_batch_norm(&self.checkpoint.weights, &self.checkpoint.metadata.graph())
    }
}

impl Photos {
    /// The first readable photos of `dataset`, at most `most` if that is not 0.
    ///
    /// # Errors
    /// If there are fewer than `least`.
    pub fn first(
        dataset: &Dataset,
        side: usize,
        most: usize,
        purpose: &'static str,
        least: usize,
    ) -> Result<Self, StudyError> {
        let count = if most == 0 { dataset.photos.len() } else { most.min(dataset.photos.len()) };
        let photos = &dataset.photos[..count];
        let mut all = Self { images: Vec::new(), targets: Vec::new(), ids: Vec::new() };
        for (photo, loaded) in photos.iter().zip(data::load_inputs(Medium::Photos, photos, side)) {
            match loaded {
                Ok(pictures) => {
                    all.images.extend(pictures);
                    all.targets.push(photo.target.clone());
                    all.ids.push(photo.id);
                }
                Err(skipped) => eprintln!("skipped {skipped}"),
            }
        }
        let found = all.images.len();
        if found < least { Err(StudyError::Photos { purpose, found, least }) } else { Ok(all) }
    }
}
