//! What float and fake-quantised networks have in common: what fitting and measuring ask of them.

use burn::module::{AutodiffModule, Module};
use burn::prelude::*;
use burn::tensor::backend::AutodiffBackend;
use tagsight_network::weights::Weights;

use super::Network;

/// A segment of a network, whatever its arithmetic.
pub trait Classifier<B: Backend>: Module<B> {
    /// What the last convolution or pool gives: `[n, channels, height, width]`.
    fn features(&self, input: Tensor<B, 4>) -> Tensor<B, 4>;

    /// Logits `[n, classes]`.
    ///
    /// # Panics
    /// If the segment has no classifier.
    fn logits(&self, input: Tensor<B, 4>) -> Tensor<B, 2>;

    /// The parameters by name.
    fn weights(&self) -> Weights;

    /// Further figures worth watching while it is fitted, by name.
    fn scalars(&self) -> Vec<(String, f64)> {
        Vec::new()
    }
}

/// A [`Classifier`] that can be fitted.
pub trait Trainable<B: AutodiffBackend>:
    Classifier<B> + AutodiffModule<B, InnerModule: Classifier<B::InnerBackend>>
{
}

impl<B, M> Trainable<B> for M
where
    B: AutodiffBackend,
    M: Classifier<B> + AutodiffModule<B, InnerModule: Classifier<B::InnerBackend>>,
{
}

impl<B: Backend> Classifier<B> for Network<B> {
    fn features(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        self.features(input)
    }

    fn logits(&self, input: Tensor<B, 4>) -> Tensor<B, 2> {
        self.logits(input)
    }

    fn weights(&self) -> Weights {
        self.weights()
    }
}
