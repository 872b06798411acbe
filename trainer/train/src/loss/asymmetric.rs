//! Asymmetric loss (Ridnik et al. 2021, arXiv 2009.14119).

use burn::prelude::*;
use burn::tensor::activation::{log_sigmoid, sigmoid};

use super::reduce::reduce;

/// Cross-entropy in which absent classes' probabilities are lowered by `clip`, so that easy
/// negatives count for nothing, and `(1 − p_t)^γ` weighs what is left, with a γ for negatives and
/// one for positives. The weight is a constant to the gradient, as in the authors' training.
pub fn asymmetric<B: Backend>(
    logits: Tensor<B, 2>,
    targets: Tensor<B, 2>,
    [gamma_negative, gamma_positive]: [f64; 2],
    clip: f64,
) -> Tensor<B, 1> {
    let absent = targets.clone().neg() + 1.0;
    let not_given = (sigmoid(logits.clone().neg()) + clip).clamp_max(1.0);
    // Without a clip the logarithm's argument may vanish; this form of it cannot.
    let log_not_given =
        if clip > 0.0 { not_given.clone().log() } else { log_sigmoid(logits.clone().neg()) };
    let entropy = targets.clone() * log_sigmoid(logits.clone()) + absent.clone() * log_not_given;

    let given = sigmoid(logits.detach());
    let missed = (targets.clone() * given + absent.clone() * not_given.detach()).neg() + 1.0;
    let gamma = targets * gamma_positive + absent * gamma_negative;
    // (1 − p_t) may come out a rounding below 0, whose power is no number.
    reduce(entropy.neg() * missed.clamp_min(0.0).powf(gamma))
}
