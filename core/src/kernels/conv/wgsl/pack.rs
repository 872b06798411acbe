//! A dense convolution's weights in the order that its kernel reads them. Words are little-endian: the
//! first channel is in the lowest byte.

use super::tile::Tile;
use crate::kernels::conv::ConvParams;
use crate::kernels::wgsl::VECTOR_CHANNELS;

/// Bytes of a vector.
const VECTOR: usize = VECTOR_CHANNELS;

/// Weights `[out, kh, kw, in]` as `[vectors][columns][16]`: vector by vector of the window, all
/// output channels side by side. Vectors are padded to what all slices of a tile read at a time,
/// columns to [`Tile::MAX_COLUMNS`]. With `reads_image`, a vector is four taps of up to four
/// channels, else 16 channels of one tap.
pub fn pack_conv(params: &ConvParams, reads_image: bool) -> Vec<u8> {
    let (outputs, inputs) = (params.outputs(), params.inputs());
    let tap_bytes = if reads_image { 4 } else { inputs.next_multiple_of(VECTOR_CHANNELS) };
    let taps = params.window.kernel.pow(2);
    let vectors = (taps * tap_bytes).div_ceil(VECTOR);
    let vectors = vectors.next_multiple_of(Tile::DEPTH * Tile::MAX_SLICES);
    let columns = outputs.next_multiple_of(Tile::MAX_COLUMNS);
    let mut packed = vec![0; vectors * columns * VECTOR];
    for (index, &weight) in params.weight.iter().enumerate() {
        let (output, tap, input) = (index / (taps * inputs), index / inputs % taps, index % inputs);
        let place = tap * tap_bytes + input;
        packed[(place / VECTOR * columns + output) * VECTOR + place % VECTOR] = weight as u8;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Padding, Window};
    use crate::quant::Activation;

    fn params(kernel: usize, inputs: usize, outputs: usize) -> ConvParams {
        let count = kernel * kernel * inputs * outputs;
        ConvParams {
            window: Window::new(kernel, 1, Padding::NONE),
            weight: (0..count).map(|index| (index % 127) as i8 + 1).collect(),
            bias: (1..).take(outputs).collect(),
            multiplier: vec![0.5; outputs],
            residual_multiplier: Vec::new(),
            activation: Activation::Relu,
        }
    }

    #[test]
    fn every_weight_has_its_place() {
        let params = params(3, 20, 5);
        let packed = pack_conv(&params, false);
        assert_eq!(packed.len(), 32 * 64 * 16, "18 vectors, padded to 32");
        // Output 4, tap 7, input 17: second vector of the tap.
        let weight = params.weight[(4 * 9 + 7) * 20 + 17] as u8;
        assert_eq!(packed[((7 * 2 + 1) * 64 + 4) * 16 + 1], weight);
        assert_eq!(packed.iter().filter(|&&byte| byte != 0).count(), params.weight.len());
    }

    #[test]
    fn taps_of_the_image_are_words() {
        let params = params(3, 3, 2);
        let packed = pack_conv(&params, true);
        assert_eq!(packed.len(), 16 * 64 * 16, "3 vectors, padded to 16");
        // Output 1, tap 6, blue: third word of the second vector.
        assert_eq!(packed[(64 + 1) * 16 + 2 * 4 + 2], params.weight[(9 + 6) * 3 + 2] as u8);
    }
}
