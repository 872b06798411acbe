//! What unit tests share.

use burn::backend::{Autodiff, Flex};
use burn::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::StandardNormal;

/// The processor's backend with gradients.
pub(crate) type Cpu = Autodiff<Flex>;

/// A leaf of normally distributed values, the same in every run: burn's own generator is the
/// process's, so tests that run side by side would take numbers from each other.
pub(crate) fn normal<const D: usize>(
    shape: [usize; D],
    mean: f32,
    deviation: f32,
    rng: &mut ChaCha12Rng,
) -> Tensor<Cpu, D> {
    let count = shape.iter().product();
    let values: Vec<f32> =
        (0..count).map(|_| mean + deviation * rng.sample::<f32, _>(StandardNormal)).collect();
    Tensor::from_data(TensorData::new(values, shape), &Default::default()).require_grad()
}

/// The generator of seed 0.
pub(crate) fn generator() -> ChaCha12Rng {
    ChaCha12Rng::seed_from_u64(0)
}
