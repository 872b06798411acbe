//! Quantisation-aware training: learned step sizes (LSQ), over a network whose batch norms are
//! folded, in the very arithmetic of the integer engines.
//!
//! A [`QatNetwork`] holds real weights and one step a weight channel and an activation, and computes
//! in whole numbers that floats hold exactly: what is exported is what was fitted. It begins as a
//! float checkpoint quantised after training ([`begin`]).

mod begin;
mod codes;
mod config;
mod image;
mod layer;
mod network;
mod scales;
mod step;

pub use begin::{QatError, begin};
pub use codes::{CodeRange, round_to_codes};
pub use config::{QatConfig, StepInitialisation};
pub use network::{QatNetwork, QatSegment};
pub(crate) use network::{drop_steps, further_shapes};
pub use step::{gradient_scale, step_of};

use burn::prelude::*;
use tagsight_core::Artifact;
use tagsight_network::Segment;

use crate::checkpoint::Checkpoint;

/// The whole network of a checkpoint of quantisation-aware training.
///
/// # Panics
/// If the checkpoint is of a float network.
pub fn network<B: Backend>(checkpoint: &Checkpoint, device: &B::Device) -> QatNetwork<B> {
    let Checkpoint { metadata, weights, .. } = checkpoint;
    let segment = Segment::whole(&metadata.graph());
    QatSegment::new(segment, metadata, weights).network(weights, 0.0, device)
}

/// The trained integers; scores stay uncalibrated and thresholds at a half, see
/// [`fit_scores`](crate::export::fit_scores).
///
/// # Errors
/// If the checkpoint is not of quantisation-aware training, or its activations have fewer bits than
/// the engines'.
pub fn export(checkpoint: &Checkpoint) -> Result<Artifact, QatError> {
    let config = checkpoint.metadata.qat.as_ref().ok_or(QatError::Float)?;
    if config.activation_bits != config::ENGINE_ACTIVATION_BITS {
        return Err(QatError::ActivationBits(config.activation_bits));
    }
    let device = Default::default();
    let network = network::<burn::backend::Flex>(checkpoint, &device);
    Ok(network.export(&checkpoint.metadata, &device))
}
