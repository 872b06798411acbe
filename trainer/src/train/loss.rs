//! What is minimised.

use burn::prelude::*;
use burn::tensor::activation::relu;

/// Binary cross-entropy of logits, summed over the classes and averaged over the photos.
///
/// `max(x, 0) − x·y + ln(1 + e^−|x|)`, which neither overflows nor loses small values.
pub fn binary_cross_entropy<B: Backend>(
    logits: Tensor<B, 2>,
    targets: Tensor<B, 2>,
) -> Tensor<B, 1> {
    let [count, _] = logits.dims();
    let tail = (logits.clone().abs().neg().exp() + 1.0).log();
    let losses = relu(logits.clone()) - logits * targets + tail;
    losses.sum() / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::Flex;

    /// The value that PyTorch's `binary_cross_entropy_with_logits` gives, sum reduction.
    #[test]
    fn pytorchs_value() {
        let device = Default::default();
        let logits =
            Tensor::<Flex, 2>::from_data([[2.0, -1.0, 0.5, -3.0], [0.0, -4.0, 3.0, 1.0]], &device);
        let targets = Tensor::from_data([[1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]], &device);
        let sum = binary_cross_entropy(logits, targets).into_scalar() * 2.0;
        assert!((sum - 5.5360003).abs() < 1e-5, "{sum}");
    }
}
