//! Focal loss (Lin et al. 2017, arXiv 1708.02002).

use burn::prelude::*;
use burn::tensor::activation::{log_sigmoid, sigmoid};

use super::reduce::reduce;

/// Least distance from a sure answer that is raised to a power: its gradient stays finite.
const LEAST: f64 = 1e-8;

/// Cross-entropy weighed by `(1 − p_t)^gamma`, with `p_t` the probability given to the truth;
/// `alpha` weighs positives, `1 − alpha` negatives.
pub fn focal<B: Backend>(
    logits: Tensor<B, 2>,
    targets: Tensor<B, 2>,
    gamma: f64,
    alpha: Option<f64>,
) -> Tensor<B, 1> {
    let absent = targets.clone().neg() + 1.0;
    let entropy = targets.clone() * log_sigmoid(logits.clone())
        + absent.clone() * log_sigmoid(logits.clone().neg());
    let mut losses = entropy.neg();
    if gamma > 0.0 {
        let missed = targets.clone() * sigmoid(logits.clone().neg()) + absent * sigmoid(logits);
        losses = losses * missed.clamp_min(LEAST).powf_scalar(gamma);
    }
    if let Some(alpha) = alpha {
        losses = losses * (targets * (2.0 * alpha - 1.0) + (1.0 - alpha));
    }
    reduce(losses)
}
