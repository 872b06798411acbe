//! burn's optimisers behind one type, so that a run's settings choose among them.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{
    Adam, AdamConfig, AdamState, AdamW, AdamWConfig, AdamWState, LearningRate, Sgd, SgdConfig,
    SgdState, SimpleOptimizer,
};
use burn::prelude::*;
use burn::record::Record;

use super::OptimizerConfig;

/// An optimiser of one tensor at a time.
#[derive(Clone)]
pub enum Algorithm<B: Backend> {
    /// See [`OptimizerConfig::Sgd`].
    Sgd(Sgd<B>),
    /// See [`OptimizerConfig::Adam`].
    Adam(Adam),
    /// See [`OptimizerConfig::AdamW`].
    AdamW(AdamW),
}

/// What an [`Algorithm`] remembers of a tensor.
#[derive(Record, Clone)]
pub enum State<B: Backend, const D: usize> {
    /// The velocity.
    Sgd(SgdState<B, D>),
    /// The moments.
    Adam(AdamState<B, D>),
    /// The moments.
    AdamW(AdamWState<B, D>),
}

impl<B: Backend> Algorithm<B> {
    /// The optimiser with a weight decay.
    pub fn new(config: &OptimizerConfig, weight_decay: f64) -> Self {
        let penalty = (weight_decay > 0.0).then(|| WeightDecayConfig::new(weight_decay as f32));
        match *config {
            OptimizerConfig::Sgd { momentum, nesterov } => {
                let velocity = MomentumConfig::new()
                    .with_momentum(momentum)
                    .with_dampening(0.0)
                    .with_nesterov(nesterov);
                let velocity = (momentum > 0.0).then_some(velocity);
                let sgd = SgdConfig::new().with_weight_decay(penalty).with_momentum(velocity);
                Self::Sgd(sgd.build())
            }
            OptimizerConfig::Adam { beta1, beta2, epsilon } => {
                let adam = AdamConfig::new().with_beta_1(beta1 as f32).with_beta_2(beta2 as f32);
                Self::Adam(adam.with_epsilon(epsilon as f32).with_weight_decay(penalty).build())
            }
            OptimizerConfig::AdamW { beta1, beta2, epsilon } => {
                let adam = AdamWConfig::new().with_beta_1(beta1 as f32).with_beta_2(beta2 as f32);
                Self::AdamW(
                    adam.with_epsilon(epsilon as f32)
                        .with_weight_decay(weight_decay as f32)
                        .build(),
                )
            }
        }
    }
}

/// One step by the optimiser of a variant; another variant's state is none of its own.
macro_rules! step {
    ($variant:ident, $optimizer:expr, $rate:expr, $tensor:expr, $gradient:expr, $state:expr) => {{
        let own = $state.and_then(|state| match state {
            State::$variant(own) => Some(own),
            _ => None,
        });
        let (tensor, own) = $optimizer.step($rate, $tensor, $gradient, own);
        (tensor, own.map(State::$variant))
    }};
}

impl<B: Backend> SimpleOptimizer<B> for Algorithm<B> {
    type State<const D: usize> = State<B, D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<B, D>,
        gradient: Tensor<B, D>,
        state: Option<State<B, D>>,
    ) -> (Tensor<B, D>, Option<State<B, D>>) {
        match self {
            Self::Sgd(sgd) => step!(Sgd, sgd, rate, tensor, gradient, state),
            Self::Adam(adam) => step!(Adam, adam, rate, tensor, gradient, state),
            Self::AdamW(adam) => step!(AdamW, adam, rate, tensor, gradient, state),
        }
    }

    fn to_device<const D: usize>(state: State<B, D>, device: &B::Device) -> State<B, D> {
        match state {
            State::Sgd(state) => State::Sgd(Sgd::to_device(state, device)),
            State::Adam(state) => {
                State::Adam(<Adam as SimpleOptimizer<B>>::to_device(state, device))
            }
            State::AdamW(state) => {
                State::AdamW(<AdamW as SimpleOptimizer<B>>::to_device(state, device))
            }
        }
    }
}
