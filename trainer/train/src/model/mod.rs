//! Networks in burn, built from the same graph description as the integer engine.
//!
//! A [`Segment`] is a run of the graph's nodes, so a frozen trunk and a trained tail are two
//! networks made from one set of weights; [`Network`] is a segment with parameters.

mod classifier;
mod convolution;
mod network;

pub use classifier::{Classifier, Trainable};
pub use convolution::Convolution;
pub(crate) use network::param_id;
pub use network::{ConvUnit, Network, Observer, Precision};
pub(crate) use network::{max_pool, param, put};

use burn::prelude::*;
use tagsight_core::Preprocessing;
use tagsight_network::normalise;

/// Images' 7-bit codes (HWC, one after the other) as the networks' input: `[n, 3, side, side]`,
/// see [`normalise`].
///
/// # Panics
/// If `codes` are not whole images.
pub fn normalised<B: Backend>(
    codes: &[i8],
    preprocessing: &Preprocessing,
    device: &B::Device,
) -> Tensor<B, 4> {
    let side = preprocessing.side;
    let count = codes.len() / (side * side * 3);
    let mut values = vec![0.0; codes.len()];
    normalise(codes, preprocessing, &mut values);
    Tensor::from_data(TensorData::new(values, [count, 3, side, side]), device)
}
