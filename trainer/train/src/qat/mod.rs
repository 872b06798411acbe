//! Quantisation-aware training: learned step sizes (LSQ), over a network whose batch norms are
//! folded, in the very arithmetic of the integer engines.
//!
//! A [`QatNetwork`] holds real weights and one step a weight channel and an activation, and computes
//! in whole numbers that floats hold exactly: what is exported is what was fitted. It begins as a
//! float network quantised after training ([`begin`]).

mod begin;
mod config;
mod fake_quantise;
mod image;
mod layer;
mod network;
mod scales;
mod step;

pub use begin::{Begin, QatError, begin};
pub use config::{QatConfig, StepInitialisation};
pub use fake_quantise::{QuantRange, fake_quantise};
pub use network::{QatNetwork, QatSegment};
pub(crate) use network::{drop_steps, further_shapes};
pub use step::{gradient_scale, step_of};

use burn::prelude::*;
use tagsight_core::Artifact;
use tagsight_network::weights::Weights;
use tagsight_network::{Segment, Spec};

/// The whole network of `spec`, with weights and steps.
///
/// # Panics
/// If one of those is absent.
pub fn network<B: Backend>(
    spec: &Spec,
    config: &QatConfig,
    weights: &Weights,
    device: &B::Device,
) -> QatNetwork<B> {
    let segment = Segment::whole(&spec.graph);
    QatSegment::new(segment, spec, config, weights).network(weights, 0.0, device)
}

/// The trained integers; scores stay uncalibrated and thresholds at a half, see
/// [`fit_scores`](tagsight_quantiser::scores::fit_scores).
///
/// # Errors
/// If activations have fewer bits than the engines'.
///
/// # Panics
/// If a weight or step is absent.
pub fn export(spec: &Spec, config: &QatConfig, weights: &Weights) -> Result<Artifact, QatError> {
    if config.activation_bits != config::ENGINE_ACTIVATION_BITS {
        return Err(QatError::ActivationBits(config.activation_bits));
    }
    let device = Default::default();
    let network = network::<burn::backend::Flex>(spec, config, weights, &device);
    Ok(network.export(spec, &device))
}
