//! Weights and per-channel constants in the order that row kernels read them.

use super::ConvParams;
use super::rows::KERNEL;

/// Bytes of a window's column: its rows' weights, and one of zero.
pub(super) const COLUMN: usize = 4;

/// A layer's constants; padded channels have zeros, so that they come out as the zero point's code.
#[derive(Debug)]
pub(super) struct Packed {
    /// `[kernel column][channel][4 rows]`.
    pub(super) weights: Vec<i8>,
    pub(super) bias: Vec<i32>,
    pub(super) multiplier: Vec<f32>,
}

impl Packed {
    /// Packs for pixels of `channels`, padding included.
    pub(super) fn new(params: &ConvParams, channels: usize) -> Self {
        let mut weights = vec![0; KERNEL * channels * COLUMN];
        for (index, &code) in params.weight.iter().enumerate() {
            let (rest, x) = (index / KERNEL, index % KERNEL);
            let (channel, y) = (rest / KERNEL, rest % KERNEL);
            weights[(x * channels + channel) * COLUMN + y] = code;
        }
        let (mut bias, mut multiplier) = (params.bias.clone(), params.multiplier.clone());
        bias.resize(channels, 0);
        multiplier.resize(channels, 0.0);
        Self { weights, bias, multiplier }
    }
}
