//! Networks in burn, built from the same graph description as the integer engine.
//!
//! A [`Segment`] is a run of the graph's nodes, so a frozen trunk and a trained tail are two
//! networks made from one set of weights; [`Network`] is a segment with parameters.

mod classifier;
mod convolution;
mod initial;
mod network;
mod segment;

pub use classifier::{Classifier, Trainable};
pub use convolution::Convolution;
pub use initial::{complete, random_weights};
pub(crate) use network::param_id;
pub use network::{ConvUnit, Network, Observer, Precision};
pub(crate) use network::{max_pool, param, put};
pub use segment::Segment;

use burn::prelude::*;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::quant::PIXEL_SCALE;

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

/// Codes HWC to values CHW, image by image: mean 0 and deviation 1 by the channels' statistics.
///
/// # Panics
/// If `codes` are not whole images, or there is not one of `values` for each.
pub fn normalise(codes: &[i8], preprocessing: &Preprocessing, values: &mut [f32]) {
    let plane_len = preprocessing.side.pow(2);
    assert_eq!(codes.len() % (plane_len * 3), 0, "whole images");
    assert_eq!(codes.len(), values.len(), "a value for each code");
    for (index, plane) in values.chunks_exact_mut(plane_len).enumerate() {
        let (image, channel) = (index / 3, index % 3);
        let pixels = codes[image * plane_len * 3..].chunks_exact(3);
        let (mean, std) = (preprocessing.mean[channel], preprocessing.std[channel]);
        for (value, pixel) in plane.iter_mut().zip(pixels) {
            *value = (f32::from(pixel[channel]) * PIXEL_SCALE - mean) / std;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_planes_around_zero() {
        let preprocessing = Preprocessing { side: 2, mean: [0.5; 3], std: [0.25; 3] };
        let codes = [127, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127];
        let mut values = [0.0; 12];
        normalise(&codes, &preprocessing, &mut values);
        assert_eq!(values, [2., -2., -2., -2., -2., -2., -2., -2., -2., -2., -2., 2.]);
    }
}
