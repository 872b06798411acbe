//! Learning from a teacher's probabilities (Hinton et al. 2015, arXiv 1503.02531).

use burn::prelude::*;

use super::binary_cross_entropy;

/// A teacher that is surer than this is taken to be this sure: the logit of 0 or 1 is infinite.
const SUREST: f64 = 1e-6;

/// Binary cross-entropy against the `teacher`'s probabilities (`[n, classes]`), both sides' logits
/// divided by `temperature`. Its square keeps the gradient's size the same at any temperature.
pub fn distillation<B: Backend>(
    logits: Tensor<B, 2>,
    teacher: Tensor<B, 2>,
    temperature: f64,
) -> Tensor<B, 1> {
    if temperature == 1.0 {
        return binary_cross_entropy(logits, teacher, None);
    }
    let soft = soften(teacher, temperature);
    binary_cross_entropy(logits / temperature, soft, None) * temperature.powi(2)
}

/// Probabilities whose logits are `temperature` times smaller.
fn soften<B: Backend>(probabilities: Tensor<B, 2>, temperature: f64) -> Tensor<B, 2> {
    let given = probabilities.clamp(SUREST, 1.0 - SUREST);
    let logits = given.clone().log() - (given.neg() + 1.0).log();
    burn::tensor::activation::sigmoid(logits / temperature)
}
