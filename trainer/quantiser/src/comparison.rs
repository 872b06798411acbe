//! How far rounded numbers are from real ones, and an integer network's logits from the float one's.

use tagsight_core::Artifact;
use tagsight_core::engine::{Engine, EngineError, Isa};

/// Logits of the integer network, image by image.
///
/// # Errors
/// If this machine does not run its best engine: never.
pub fn integer_logits(artifact: &Artifact, images: &[Vec<i8>]) -> Result<Vec<f32>, EngineError> {
    let mut engine = Engine::new(artifact, Isa::best())?;
    engine.set_parallel(true);
    Ok(images.iter().flat_map(|codes| engine.logits(codes).to_vec()).collect())
}

/// Signal to noise in decibels; the signal is what varies, for a constant says nothing.
pub fn decibels(signal: &[f32], noisy: &[f32]) -> f64 {
    let mean = signal.iter().map(|&value| f64::from(value)).sum::<f64>() / signal.len() as f64;
    let power: f64 = signal.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum();
    let noise = mean_square_error(signal, noisy) * signal.len() as f64;
    10.0 * (power / noise).log10()
}

/// Mean of the squares of the differences.
pub(super) fn mean_square_error(signal: &[f32], noisy: &[f32]) -> f64 {
    let pairs = signal.iter().zip(noisy);
    pairs.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum::<f64>() / signal.len() as f64
}
