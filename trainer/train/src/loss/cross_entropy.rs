//! Cross-entropy of one label among all.

use burn::prelude::*;
use burn::tensor::activation::log_softmax;

use super::reduce::reduce;

/// `−Σ y · ln softmax(x)` of logits and `targets` that sum to 1 for each photo (PyTorch's
/// `CrossEntropyLoss` with probabilities as targets).
pub fn cross_entropy<B: Backend>(logits: Tensor<B, 2>, targets: Tensor<B, 2>) -> Tensor<B, 1> {
    reduce((targets * log_softmax(logits, 1)).neg())
}
