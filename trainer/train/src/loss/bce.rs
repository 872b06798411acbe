//! Binary cross-entropy.

use burn::prelude::*;
use burn::tensor::activation::relu;

use super::reduce::reduce;

/// Binary cross-entropy of logits; `class_weights` (`[1, classes]`) weigh the classes' shares.
///
/// `max(x, 0) − x·y + ln(1 + e^−|x|)`, which neither overflows nor loses small values.
pub fn binary_cross_entropy<B: Backend>(
    logits: Tensor<B, 2>,
    targets: Tensor<B, 2>,
    class_weights: Option<Tensor<B, 2>>,
) -> Tensor<B, 1> {
    let tail = (logits.clone().abs().neg().exp() + 1.0).log();
    let losses = relu(logits.clone()) - logits * targets + tail;
    reduce(match class_weights {
        Some(weights) => losses * weights,
        None => losses,
    })
}
