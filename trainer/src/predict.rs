//! Logits of an artifact over a dataset.

use tagsight_core::{Artifact, Metadata};
use tagsight_data::Dataset;
use tagsight_metrics::{CHUNK, Predictions};

use crate::inference::{self, Inference, InferenceError};

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
    let Metadata { preprocessing, task, .. } = &artifact.metadata;
    Predictions::of(dataset, preprocessing, &task.goal(), |images| inference.logits(images))
}
