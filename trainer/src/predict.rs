//! Logits over a dataset: of a float checkpoint through burn, of an artifact through the core.

use burn::prelude::*;
use tagsight_core::Artifact;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::engine::{Engine, EngineError, Isa};

use crate::checkpoint::{Checkpoint, CheckpointMetadata};
use crate::data::{self, Dataset, Skipped};
use crate::metrics::Scored;
use crate::model::{Classifier, Network, Segment, normalised};
use crate::progress;
use crate::qat;
use crate::weights::fold_batch_norm;

/// Photos at a time.
const CHUNK: usize = 32;

/// Logits of the readable photos.
#[derive(Debug, Clone)]
pub struct Predictions {
    /// Logits and truth.
    pub logits: Scored,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

/// Runs the network of `checkpoint`: a float one with batch norm folded, as the export takes it, or
/// the fake-quantised one.
pub fn checkpoint_logits<B: Backend>(
    checkpoint: &Checkpoint,
    dataset: &Dataset,
    device: &B::Device,
) -> Predictions {
    if checkpoint.metadata.qat.is_some() {
        let network = qat::network::<B>(checkpoint, device);
        return burn_logits(&network, checkpoint, dataset, device);
    }
    let graph = checkpoint.metadata.graph();
    let folded = fold_batch_norm(&checkpoint.weights, &graph);
    let network = Network::<B>::new(Segment::whole(&graph), &folded, 0.0, device);
    burn_logits(&network, checkpoint, dataset, device)
}

fn burn_logits<B: Backend>(
    network: &impl Classifier<B>,
    checkpoint: &Checkpoint,
    dataset: &Dataset,
    device: &B::Device,
) -> Predictions {
    let CheckpointMetadata { preprocessing, labels, .. } = &checkpoint.metadata;
    predict(dataset, preprocessing, labels.len(), |images| {
        let codes = images.concat();
        network.logits(normalised(&codes, preprocessing, device)).into_data().iter().collect()
    })
}

/// Runs the integer network of `artifact`.
///
/// # Errors
/// If this machine does not run `isa`.
pub fn integer_logits(
    artifact: &Artifact,
    isa: Isa,
    dataset: &Dataset,
) -> Result<Predictions, EngineError> {
    let mut engine = Engine::new(artifact, isa)?;
    engine.set_parallel(true);
    let classes = artifact.metadata.labels.len();
    Ok(predict(dataset, &artifact.metadata.preprocessing, classes, |images| {
        images.iter().flat_map(|codes| engine.logits(codes).to_vec()).collect()
    }))
}

fn predict(
    dataset: &Dataset,
    preprocessing: &Preprocessing,
    classes: usize,
    mut logits_of: impl FnMut(&[Vec<i8>]) -> Vec<f32>,
) -> Predictions {
    let (mut logits, mut labels, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    let bar = progress::bar(dataset.photos.len(), "photos");
    for photos in dataset.photos.chunks(CHUNK) {
        let mut images = Vec::new();
        for (photo, loaded) in photos.iter().zip(data::load_codes(photos, preprocessing.side)) {
            match loaded {
                Ok(codes) => {
                    images.push(codes);
                    labels.push(photo.labels.clone());
                }
                Err(reason) => skipped.push(reason),
            }
        }
        if !images.is_empty() {
            logits.extend(logits_of(&images));
        }
        bar.inc(photos.len() as u64);
    }
    bar.finish_and_clear();
    Predictions { logits: Scored::new(classes, logits, &labels), skipped }
}
