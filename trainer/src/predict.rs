//! Logits over a dataset: of a float checkpoint through burn, of an artifact through the core.

use std::convert::Infallible;

use burn::prelude::*;
use tagsight_core::Artifact;
use tagsight_core::artifact::Preprocessing;
use tagsight_data::progress;
use tagsight_data::{self as data, Dataset, Skipped};
use tagsight_metrics::Scored;
use tagsight_network::Segment;
use tagsight_network::weights::fold_batch_norm;

use crate::checkpoint::{Checkpoint, CheckpointMetadata};
use crate::inference::{self, Inference, InferenceError};
use crate::model::{Classifier, Network, normalised};
use crate::qat;

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
    let predictions: Result<_, Infallible> =
        predict(dataset, preprocessing, labels.len(), |images| {
            let codes = normalised(&images.concat(), preprocessing, device);
            Ok(network.logits(codes).into_data().iter().collect())
        });
    predictions.unwrap_or_else(|never| match never {})
}

/// Runs the integer network of `artifact` on `backend`.
///
/// # Errors
/// If it does not run there.
pub fn integer_logits(
    artifact: &Artifact,
    backend: inference::Backend,
    dataset: &Dataset,
) -> Result<Predictions, InferenceError> {
    let mut inference = Inference::new(artifact, backend, CHUNK)?;
    let classes = artifact.metadata.labels.len();
    predict(dataset, &artifact.metadata.preprocessing, classes, |images| inference.logits(images))
}

fn predict<E>(
    dataset: &Dataset,
    preprocessing: &Preprocessing,
    classes: usize,
    mut logits_of: impl FnMut(&[Vec<i8>]) -> Result<Vec<f32>, E>,
) -> Result<Predictions, E> {
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
            logits.extend(logits_of(&images)?);
        }
        bar.inc(photos.len() as u64);
    }
    bar.finish_and_clear();
    Ok(Predictions { logits: Scored::new(classes, logits, &labels), skipped })
}
