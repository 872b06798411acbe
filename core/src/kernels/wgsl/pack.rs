//! Weights and images in the order that the kernels read them. Words are little-endian: the first
//! channel is in the lowest byte.

use super::{CHANNEL_ALIGN, Tile, words};
use crate::kernels::conv::ConvParams;

/// Bytes of a vector.
const VECTOR: usize = 16;

/// What is done to the sums of four output channels, as the kernels' `Channels`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Channels {
    /// Where sums start.
    pub bias: [i32; 4],
    /// Sum to output code.
    pub multiplier: [f32; 4],
    /// What one residual code adds.
    pub residual: [i32; 4],
}

impl Channels {
    /// Of all output channels, and zeros for those that pad them.
    pub fn of(params: &ConvParams) -> Vec<Self> {
        let mut all = vec![Self::default(); words(params.outputs())];
        for channel in 0..params.outputs() {
            let (group, lane) = (&mut all[channel / 4], channel % 4);
            group.bias[lane] = params.bias[channel];
            group.multiplier[lane] = params.multiplier[channel];
            group.residual[lane] = params.residual_multiplier.get(channel).copied().unwrap_or(0);
        }
        all
    }

    /// As the device sees it.
    pub fn bytes(&self) -> impl Iterator<Item = u8> {
        let bias = self.bias.map(i32::to_le_bytes);
        let multiplier = self.multiplier.map(f32::to_le_bytes);
        let residual = self.residual.map(i32::to_le_bytes);
        [bias, multiplier, residual].into_iter().flatten().flatten()
    }
}

/// Weights `[out, kh, kw, in]` as `[vectors][columns][16]`: vector by vector of the window, all
/// output channels side by side. Vectors are padded to what all slices of a tile read at a time,
/// columns to [`Tile::MAX_COLUMNS`]. With `reads_image`, a vector is four taps of up to four
/// channels, else 16 channels of one tap.
pub fn pack_conv(params: &ConvParams, reads_image: bool) -> Vec<u8> {
    let (outputs, inputs) = (params.outputs(), params.inputs());
    let tap_bytes = if reads_image { 4 } else { inputs.next_multiple_of(CHANNEL_ALIGN) };
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

/// Weights `[channels, kh, kw]` as `[kh, kw, channels]`, channels padded.
pub fn pack_depthwise(params: &ConvParams) -> Vec<u8> {
    let taps = params.window.kernel.pow(2);
    let stride = words(params.outputs()) * 4;
    let mut packed = vec![0; taps * stride];
    for (index, &weight) in params.weight.iter().enumerate() {
        packed[index % taps * stride + index / taps] = weight as u8;
    }
    packed
}

/// Rows of `channels` codes, a classifier's weights or pixels, each padded with `filler`.
pub fn pack_rows(codes: &[i8], channels: usize, filler: u8) -> Vec<u8> {
    let stride = words(channels) * 4;
    let rows = codes.chunks_exact(channels);
    let mut packed = Vec::with_capacity(rows.len() * stride);
    for row in rows {
        packed.extend(row.iter().map(|&code| code as u8));
        packed.resize(packed.len().next_multiple_of(stride), filler);
    }
    packed
}

/// Appends an image's codes (HWC, three channels) to `bytes`, a word a pixel.
pub fn pack_image(codes: &[i8], bytes: &mut Vec<u8>) {
    bytes.extend(
        codes.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r as u8, g as u8, b as u8, 0]),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Padding, Window};
    use crate::quant::Activation;

    fn params(kernel: usize, inputs: usize, outputs: usize) -> ConvParams {
        let count = kernel * kernel * inputs * outputs;
        ConvParams {
            window: Window::new(kernel, 1, Padding::even(0)),
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

    #[test]
    fn rows_are_padded() {
        let packed = pack_rows(&[1, -2, 3, 4, 5, 6], 3, 77);
        assert_eq!(
            (packed.len(), &packed[..4], &packed[16..20]),
            (32, &[1, 254, 3, 77][..], &[4, 5, 6, 77][..])
        );
        assert_eq!(pack_rows(&[1; 16], 16, 77), [1; 16]);
    }

    #[test]
    fn channels_are_padded_with_zeros() {
        let channels = Channels::of(&params(1, 4, 5));
        assert_eq!(channels.len(), 4);
        assert_eq!(
            (channels[1].bias, channels[1].multiplier),
            ([5, 0, 0, 0], [0.5, 0.0, 0.0, 0.0])
        );
        assert_eq!(channels[3], Channels::default());
        assert_eq!(channels[0].bytes().count(), 48);
    }
}
