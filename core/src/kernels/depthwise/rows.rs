//! Drives a row kernel over a layer.

use std::fmt;
use std::ops::Range;

use super::packed::{GROUP, Packed, groups};
use crate::graph::Window;
use crate::kernels::conv::{ConvLayer, ConvLayouts, ConvParams};
use crate::kernels::split::{Addresses, split};
use crate::quant::QuantRange;
use crate::tensor::{CHANNEL_ALIGN, Tensor};
use crate::threads::Threads;

/// Whether row kernels take such windows.
pub(super) fn serves(window: Window) -> bool {
    matches!(window.kernel, 3 | 5) && window.stride <= window.kernel
}

/// A kernel that computes a row of output pixels for [`CHANNELS`](Self::CHANNELS) channels.
/// A value of the type is the proof that the processor has the instructions.
pub(super) trait RowKernel: Copy + fmt::Debug + Send + Sync {
    /// Channels that it computes; divides [`CHANNEL_ALIGN`].
    const CHANNELS: usize;

    /// Computes one row of windows of `SIDE`² taps in `GROUPS` groups.
    ///
    /// # Safety
    /// The row's pointers must be valid as its fields say.
    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row);
}

/// One row's addresses, each at the first of the kernel's channels.
pub(super) struct Row {
    /// First window's corner; `CHANNELS` codes can be read from each pixel of each window.
    pub(super) input: *const i8,
    /// First pixel's `CHANNELS` codes; unaligned.
    pub(super) output: *mut i8,
    /// Four weights for each of `CHANNELS` channels, `weight_stride` from one group to the next.
    pub(super) weights: *const i8,
    /// `CHANNELS` starts of sums.
    pub(super) bias: *const i32,
    /// `CHANNELS` multipliers.
    pub(super) multiplier: *const f32,
    /// Bytes from one row of the input to the next.
    pub(super) row_stride: usize,
    /// Bytes from one pixel to the next, of input and output.
    pub(super) pixel_stride: usize,
    /// Bytes from one group's weights to the next one's.
    pub(super) weight_stride: usize,
    /// Pixels from one window to the next; at most its side.
    pub(super) stride: usize,
    /// Output pixels.
    pub(super) pixels: usize,
    /// The output's codes.
    pub(super) range: QuantRange,
}

impl Row {
    /// Slides the window along the row: `column` reads a column, given the one before and its own
    /// top; `finish` makes a pixel's codes of a window's columns and writes them. Before the first
    /// column is `none`.
    ///
    /// # Safety
    /// The row's pointers must be valid as its fields say; `column` and `finish` must read and
    /// write no more than those promise.
    #[inline(always)]
    pub(super) unsafe fn slide<C: Copy, const SIDE: usize>(
        &self,
        none: C,
        column: impl Fn(C, *const i8) -> C,
        finish: impl Fn([C; SIDE], *mut i8),
    ) {
        let (mut input, mut output) = (self.input, self.output);
        let mut columns = [none; SIDE];
        // Pixels still to be made, and columns that enter before the next one is.
        let (mut pixels, mut entering) = (self.pixels, SIDE);
        // One loop, so that there is one call of `column`: one of two would not be inlined, and then
        // it has none of its caller's instructions.
        while pixels > 0 {
            let last = column(columns[SIDE - 1], input);
            columns = std::array::from_fn(|x| columns.get(x + 1).copied().unwrap_or(last));
            input = input.wrapping_add(self.pixel_stride);
            entering -= 1;
            if entering == 0 {
                finish(columns, output);
                output = output.wrapping_add(self.pixel_stride);
                (pixels, entering) = (pixels - 1, self.stride);
            }
        }
    }
}

/// A depthwise convolution prepared for one row kernel.
#[derive(Debug)]
struct Rows<K, const SIDE: usize, const GROUPS: usize> {
    kernel: K,
    packed: Packed,
    layouts: ConvLayouts,
    window: Window,
    range: QuantRange,
}

/// Prepares `params` for `kernel`.
pub(super) fn boxed<K: RowKernel + 'static>(
    kernel: K,
    params: &ConvParams,
    layouts: ConvLayouts,
) -> Option<Box<dyn ConvLayer>> {
    const { assert!(CHANNEL_ALIGN.is_multiple_of(K::CHANNELS), "rows fill padded channels") };
    Some(match params.window.kernel {
        3 => Box::new(Rows::<K, 3, { groups(3) }>::new(kernel, params, layouts)),
        5 => Box::new(Rows::<K, 5, { groups(5) }>::new(kernel, params, layouts)),
        side => unreachable!("{side} is not served"),
    })
}

impl<K: RowKernel, const SIDE: usize, const GROUPS: usize> ConvLayer for Rows<K, SIDE, GROUPS> {
    fn run(&self, input: &Tensor, _: Option<&Tensor>, output: &mut Tensor, threads: &mut Threads) {
        let ConvLayouts { input: from, output: to, .. } = &self.layouts;
        assert_eq!((input.layout(), output.layout()), (from, to), "prepared layouts");
        let addresses = Addresses {
            input: input.bytes().as_ptr(),
            residual: std::ptr::null(),
            output: output.bytes_mut().as_mut_ptr(),
        };
        // Every thread has rows of its own, so no two write the same bytes.
        split(to.height(), threads, |rows| self.run_rows(addresses, rows));
    }
}

impl<K: RowKernel, const SIDE: usize, const GROUPS: usize> Rows<K, SIDE, GROUPS> {
    fn new(kernel: K, params: &ConvParams, layouts: ConvLayouts) -> Self {
        Self {
            kernel,
            packed: Packed::new(params, layouts.input.pixel_stride()),
            window: params.window,
            range: params.activation.quant_range(),
            layouts,
        }
    }

    fn run_rows(&self, addresses: Addresses, rows: Range<usize>) {
        let ConvLayouts { input, output, .. } = &self.layouts;
        let (packed, stride) = (&self.packed, self.window.stride);
        let shift = input.halo() - self.window.padding.before;
        for y in rows {
            let from = input.offset_with_halo(shift + y * stride, shift);
            let to = output.offset(y, 0);
            for channel in (0..input.pixel_stride()).step_by(K::CHANNELS) {
                let row = Row {
                    input: addresses.input.wrapping_add(from + channel),
                    output: addresses.output.wrapping_add(to + channel),
                    weights: packed.weights[channel * GROUP..].as_ptr(),
                    bias: packed.bias[channel..].as_ptr(),
                    multiplier: packed.multiplier[channel..].as_ptr(),
                    row_stride: input.row_stride(),
                    pixel_stride: input.pixel_stride(),
                    weight_stride: input.pixel_stride() * GROUP,
                    stride,
                    pixels: output.width(),
                    range: self.range,
                };
                // SAFETY: the output has as many rows and columns as windows fit into the input
                // with its padding, which the halo holds; both have pixels of `pixel_stride`
                // bytes, a multiple of CHANNELS, and per-channel constants are padded to that; the
                // tensors have the prepared layouts.
                unsafe { self.kernel.run::<SIDE, GROUPS>(&row) };
            }
        }
    }
}
