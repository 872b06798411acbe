//! The network's input as the integer engines see it: 7-bit codes, with normalisation folded into
//! the stem.

use burn::prelude::*;
use tagsight_core::Preprocessing;
use tagsight_core::quant::{ACTIVATION_MAX, PIXEL_SCALE};

/// What turns normalised pixels back into codes, and a stem over normalised pixels into one over
/// codes.
#[derive(Debug, Clone)]
pub(super) struct Image {
    preprocessing: Preprocessing,
}

impl Image {
    pub(super) fn new(preprocessing: &Preprocessing) -> Self {
        Self { preprocessing: preprocessing.clone() }
    }

    /// Codes `[n, 3, h, w]` less those of the mean pixel, which pads the image: so zeros pad it.
    pub(super) fn codes<B: Backend>(&self, normalised: Tensor<B, 4>) -> Tensor<B, 4> {
        let device = normalised.device();
        let [mean, std] = [self.preprocessing.mean, self.preprocessing.std];
        let pixels = normalised * planes(std, &device) + planes(mean, &device);
        let codes = (pixels / PIXEL_SCALE).round().clamp(0.0, ACTIVATION_MAX as f32);
        codes - planes(self.padding(), &device)
    }

    /// The stem's kernels `[out, 3, kh, kw]`, as kernels over pixels in `0..=1`.
    pub(super) fn over_pixels<B: Backend>(&self, kernels: Tensor<B, 4>) -> Tensor<B, 4> {
        let device = kernels.device();
        kernels / planes(self.preprocessing.std, &device)
    }

    /// What a stem of these weight codes makes of the mean pixel, per output channel: in units of
    /// `step · 1`, to be taken from the bias; and in codes, for the shift of [`Self::codes`].
    pub(super) fn mean_pixel<B: Backend>(&self, codes: &Tensor<B, 4>) -> MeanPixel<B> {
        let [outputs, channels, ..] = codes.dims();
        let sums = codes.clone().sum_dim(3).sum_dim(2).reshape([outputs, channels]);
        let weighted = |values: [f32; 3]| {
            let values = Tensor::<B, 1>::from_floats(values, &codes.device());
            (sums.clone() * values.reshape([1, 3])).sum_dim(1).reshape([outputs])
        };
        MeanPixel { value: weighted(self.preprocessing.mean), codes: weighted(self.padding()) }
    }

    fn padding(&self) -> [f32; 3] {
        self.preprocessing.quantised_mean().map(f32::from)
    }
}

/// See [`Image::mean_pixel`].
pub(super) struct MeanPixel<B: Backend> {
    /// Σ weight code · mean.
    pub(super) value: Tensor<B, 1>,
    /// Σ weight code · code of the mean.
    pub(super) codes: Tensor<B, 1>,
}

fn planes<B: Backend>(values: [f32; 3], device: &B::Device) -> Tensor<B, 4> {
    Tensor::<B, 1>::from_floats(values, device).reshape([1, 3, 1, 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::normalised;
    use burn::backend::Flex;

    #[test]
    fn normalised_pixels_become_their_codes_again() {
        let preprocessing = Preprocessing::imagenet(8);
        let codes: Vec<i8> = (0..8 * 8 * 3).map(|index| (index * 37 % 128) as i8).collect();
        let input = normalised::<Flex>(&codes, &preprocessing, &Default::default());
        let seen: Vec<f32> = Image::new(&preprocessing).codes(input).into_data().iter().collect();
        let padding = preprocessing.quantised_mean();
        for (plane, values) in seen.chunks_exact(64).enumerate() {
            for (pixel, value) in values.iter().enumerate() {
                let code = codes[pixel * 3 + plane];
                assert_eq!(*value, f32::from(code) - f32::from(padding[plane]));
            }
        }
    }
}
