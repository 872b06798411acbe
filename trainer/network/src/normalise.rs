//! Pixels as networks are trained on them.

use tagsight_core::Preprocessing;
use tagsight_core::quant::PIXEL_SCALE;

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
