//! Weights and per-channel constants in the order that tile kernels read them.

use super::layer::{ConvLayouts, ConvParams};

/// Taps of one channel that lie side by side: what a 4-way dot product takes.
pub(super) const STEP: usize = 4;
/// Kernels take two steps at a time, so a run of taps is padded to this with zero weights.
const RUN_ALIGN: usize = 2 * STEP;

/// How many bits a packed weight takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(all(target_arch = "wasm32", target_feature = "simd128")),
    expect(dead_code, reason = "only SIMD128 lacks an 8-bit dot product")
)]
pub(super) enum WeightWidth {
    /// As it is.
    Bits8,
    /// Widened, for kernels without an 8-bit dot product.
    Bits16,
}

/// A layer's weights in panels of `columns` output channels.
#[derive(Debug)]
pub(super) struct Packed {
    /// `[panel][kernel row][step][column][4 taps]`, each of the kernel's width.
    pub(super) weights: Vec<i8>,
    /// Bytes of one panel.
    pub(super) panel_len: usize,
    /// Steps of one kernel row; even.
    pub(super) steps: usize,
    /// Per channel, zero past the last one, as are the next two: padded channels come out as the
    /// zero point's code, whatever is in the input's padding.
    pub(super) bias: Vec<i32>,
    pub(super) multiplier: Vec<f32>,
    /// Absent without a residual.
    pub(super) residual_multiplier: Option<Vec<i32>>,
}

impl Packed {
    /// Packs for tiles of `columns` channels, which must divide the output's pixel stride.
    pub(super) fn new(
        params: &ConvParams,
        layouts: &ConvLayouts,
        columns: usize,
        width: WeightWidth,
    ) -> Self {
        let kernel = params.window.kernel;
        let channels = layouts.output.pixel_stride();
        assert_eq!(channels % columns, 0, "tiles fill the padded channels");
        let run = run_bytes(kernel, layouts);
        let row_len = run * columns;
        let panel_len = kernel * row_len;
        let mut weights = vec![0; panel_len * channels / columns];
        let (inputs, stride) = (layouts.input.channels(), layouts.input.pixel_stride());
        for (index, &code) in params.weight.iter().enumerate() {
            let (rest, input) = (index / inputs, index % inputs);
            let (rest, kernel_x) = (rest / kernel, rest % kernel);
            let (channel, kernel_y) = (rest / kernel, rest % kernel);
            let tap = kernel_x * stride + input;
            let (panel, column) = (channel / columns, channel % columns);
            let step_start = panel * panel_len + kernel_y * row_len + tap / STEP * STEP * columns;
            weights[step_start + column * STEP + tap % STEP] = code;
        }
        let (weights, panel_len) = match width {
            WeightWidth::Bits8 => (weights, panel_len),
            WeightWidth::Bits16 => (widen(&weights), 2 * panel_len),
        };
        Self {
            weights,
            panel_len,
            steps: run / STEP,
            bias: padded(&params.bias, channels),
            multiplier: padded(&params.multiplier, channels),
            residual_multiplier: layouts
                .residual
                .map(|_| padded(&params.residual_multiplier, channels)),
        }
    }
}

/// Bytes that a kernel reads for one row of a window.
pub(super) fn run_bytes(kernel: usize, layouts: &ConvLayouts) -> usize {
    let last_pixel = (kernel - 1) * layouts.input.pixel_stride();
    (last_pixel + layouts.input.channels()).next_multiple_of(RUN_ALIGN)
}

/// Each weight as the bytes of a little-endian `i16`.
fn widen(weights: &[i8]) -> Vec<i8> {
    weights.iter().flat_map(|&weight| i16::from(weight).to_le_bytes()).map(|b| b as i8).collect()
}

fn padded<T: Copy + Default>(values: &[T], len: usize) -> Vec<T> {
    let mut padded = values.to_vec();
    padded.resize(len, T::default());
    padded
}
