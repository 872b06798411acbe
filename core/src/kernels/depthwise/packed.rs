//! Weights and per-channel constants in the order that row kernels read them.
//!
//! A 4-way dot product takes a group of four taps of a channel. Groups are the columns' upper four
//! rows (of 3×3 windows the fourth is idle), so that overlapping windows share them. A fifth row lies
//! across: a group of its first four taps, which moves by one code when the window does, and one of
//! the last tap alone. That is 7 groups for 25 taps, where two a column were 10.

use crate::kernels::conv::ConvParams;

/// Bytes of a group of a channel's taps: some may be idle.
pub(super) const GROUP: usize = 4;

/// Groups of a window of `side`² taps.
pub(super) const fn groups(side: usize) -> usize {
    assert!(side <= GROUP + 1, "one row lies across");
    if side > GROUP { side + 2 } else { side }
}

/// The group of a tap and its byte there. The group across has the newest code first.
pub(super) const fn place(side: usize, y: usize, x: usize) -> (usize, usize) {
    match (y, x) {
        (0..GROUP, _) => (x, y),
        (_, 0..GROUP) => (side, GROUP - 1 - x),
        _ => (side + 1, 0),
    }
}

/// A layer's constants; padded channels have zeros, so that they come out as the zero point's code.
#[derive(Debug)]
pub(super) struct Packed {
    /// `[group][channel][4 taps]`.
    pub(super) weights: Vec<i8>,
    pub(super) bias: Vec<i32>,
    pub(super) multiplier: Vec<f32>,
}

impl Packed {
    /// Packs for pixels of `channels`, padding included.
    pub(super) fn new(params: &ConvParams, channels: usize) -> Self {
        let side = params.window.kernel;
        let mut weights = vec![0; groups(side) * channels * GROUP];
        for (index, &code) in params.weight.iter().enumerate() {
            let (rest, x) = (index / side, index % side);
            let (channel, y) = (rest / side, rest % side);
            let (group, byte) = place(side, y, x);
            weights[(group * channels + channel) * GROUP + byte] = code;
        }
        let (mut bias, mut multiplier) = (params.bias.clone(), params.multiplier.clone());
        bias.resize(channels, 0);
        multiplier.resize(channels, 0.0);
        Self { weights, bias, multiplier }
    }
}
