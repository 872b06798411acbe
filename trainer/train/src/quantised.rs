//! Checkpoints of quantisation-aware training: what one begins as, the network that it holds, and the
//! integers that it is exported as.

use burn::prelude::*;
use tagsight_core::Artifact;

use crate::checkpoint::Checkpoint;
use crate::config::TrainConfig;
use crate::qat::{self, Begin, QatError, QatNetwork};

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum QuantisedError {
    /// Training begins with a float network.
    #[error(
        "the checkpoint is already of quantisation-aware training; go on from it with --resume, \
         or begin with a float checkpoint"
    )]
    Quantised,
    /// Export needs trained steps.
    #[error("the checkpoint is a float network; export it with --int8, or fit it with --qat first")]
    Float,
    /// The run would choose by photos that the float network was fitted to, or see other pixels.
    #[error("{0} differs from the float run's; give the same, so that validation photos stay so")]
    Setting(&'static str),
    /// The network cannot be fitted or exported so.
    #[error(transparent)]
    Qat(#[from] QatError),
}

/// The checkpoint that a run begins with: `float`, quantised on calibration `images` (7-bit codes,
/// HWC), see [`qat::begin`].
///
/// # Errors
/// If the checkpoint is quantised already, or `config` does not suit it.
pub fn begin(
    float: &Checkpoint,
    config: &TrainConfig,
    images: &[Vec<i8>],
) -> Result<Checkpoint, QuantisedError> {
    if float.metadata.qat.is_some() {
        return Err(QuantisedError::Quantised);
    }
    check_settings(&float.metadata.config, config)?;
    let TrainConfig { qat, train_from, seed, .. } = config;
    let how = Begin { qat, train_from: train_from.as_deref(), seed: *seed };
    let weights = qat::begin(&float.metadata.spec(), &float.weights, &how, images)?;
    let mut metadata = float.metadata.clone();
    metadata.epoch = 0;
    metadata.validation_score = 0.0;
    metadata.best = None;
    metadata.config = config.clone();
    metadata.qat = Some(qat.clone());
    Ok(Checkpoint { metadata, weights, resume: None })
}

/// Refuses settings that differ from the float run's where they must not: with another seed or part
/// held back, photos that the float network was fitted to would be held back.
fn check_settings(float: &TrainConfig, config: &TrainConfig) -> Result<(), QuantisedError> {
    let settings = [
        ("seed", float.seed == config.seed),
        ("holdout", float.holdout == config.holdout),
        ("side", float.side == config.side),
    ];
    match settings.into_iter().find(|(_, same)| !same) {
        Some((key, _)) => Err(QuantisedError::Setting(key)),
        None => Ok(()),
    }
}

/// The whole network of a checkpoint; `None` if that is a float one.
pub fn network<B: Backend>(checkpoint: &Checkpoint, device: &B::Device) -> Option<QatNetwork<B>> {
    let Checkpoint { metadata, weights, .. } = checkpoint;
    let config = metadata.qat.as_ref()?;
    Some(qat::network(&metadata.spec(), config, weights, device))
}

/// The trained integers of a checkpoint, see [`qat::export`].
///
/// # Errors
/// If the checkpoint is not of quantisation-aware training, or its activations have fewer bits than
/// the engines'.
pub fn integers(checkpoint: &Checkpoint) -> Result<Artifact, QuantisedError> {
    let Checkpoint { metadata, weights, .. } = checkpoint;
    let config = metadata.qat.as_ref().ok_or(QuantisedError::Float)?;
    Ok(qat::export(&metadata.spec(), config, weights)?)
}
