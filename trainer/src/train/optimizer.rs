//! AdamW that decays weights only: not biases, batch norms or anything else one-dimensional.

use burn::module::AutodiffModule;
use burn::optim::adaptor::OptimizerAdaptor;
use burn::optim::{AdamW, AdamWConfig, LearningRate, SimpleOptimizer};
use burn::prelude::*;
use burn::tensor::backend::AutodiffBackend;

/// See the module.
#[derive(Clone)]
pub struct SelectiveAdamW {
    decaying: AdamW,
    plain: AdamW,
}

impl SelectiveAdamW {
    /// An optimiser for a module.
    pub fn init<B: AutodiffBackend, M: AutodiffModule<B>>(
        weight_decay: f32,
    ) -> OptimizerAdaptor<Self, M, B> {
        // burn's epsilon of 1e-5 would dampen the small gradients of rare classes.
        let config = AdamWConfig::new().with_epsilon(1e-8);
        OptimizerAdaptor::from(Self {
            decaying: config.clone().with_weight_decay(weight_decay).build(),
            plain: config.with_weight_decay(0.0).build(),
        })
    }
}

impl<B: Backend> SimpleOptimizer<B> for SelectiveAdamW {
    type State<const D: usize> = <AdamW as SimpleOptimizer<B>>::State<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<B, D>,
        gradient: Tensor<B, D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<B, D>, Option<Self::State<D>>) {
        let optimizer = if D == 1 { &self.plain } else { &self.decaying };
        optimizer.step(rate, tensor, gradient, state)
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &B::Device) -> Self::State<D> {
        <AdamW as SimpleOptimizer<B>>::to_device(state, device)
    }
}
