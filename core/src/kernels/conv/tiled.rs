//! Drives a tile kernel over a layer.

use std::fmt;

use super::layer::{ConvLayer, ConvLayouts, ConvParams};
use super::packed::{Packed, WeightWidth, run_bytes};
use crate::kernels::split::{Addresses, split};
use crate::quant::QuantRange;
use crate::tensor::{CHANNEL_ALIGN, Tensor};
use crate::threads::Threads;

/// A kernel that computes `ROWS` output pixels by [`COLUMNS`](Self::COLUMNS) output channels.
/// A value of the type is the proof that the processor has the instructions.
pub(super) trait TileKernel<const ROWS: usize>: Copy + fmt::Debug + Send + Sync {
    /// Output channels of a tile; divides [`CHANNEL_ALIGN`].
    const COLUMNS: usize;
    /// How it wants its weights.
    const WEIGHT_WIDTH: WeightWidth = WeightWidth::Bits8;

    /// Computes one tile.
    ///
    /// # Safety
    /// The tile's pointers must be valid as its fields say.
    unsafe fn run(self, tile: &Tile<ROWS>);
}

/// One tile's addresses. Where a layer has fewer pixels left than `ROWS`, the last one is
/// repeated: it is computed more than once, each time with the same result.
pub(super) struct Tile<const ROWS: usize> {
    /// Start of each pixel's window; `kernel_rows` runs of `4 · steps` bytes, `row_stride` apart,
    /// can be read from it.
    pub(super) input: [*const i8; ROWS],
    /// Where each pixel's `COLUMNS` codes go; unaligned.
    pub(super) output: [*mut i8; ROWS],
    /// Each pixel's `COLUMNS` residual codes, to be read only if there is a residual multiplier.
    pub(super) residual: [*const i8; ROWS],
    /// The panel: `kernel_rows · steps · COLUMNS · 4` weights of the kernel's width.
    pub(super) weights: *const i8,
    /// `COLUMNS` starts of sums.
    pub(super) bias: *const i32,
    /// `COLUMNS` multipliers.
    pub(super) multiplier: *const f32,
    /// `COLUMNS` residual multipliers, or null without a residual.
    pub(super) residual_multiplier: *const i32,
    /// Bytes from one kernel row's run to the next.
    pub(super) row_stride: usize,
    /// Rows of the kernel.
    pub(super) kernel_rows: usize,
    /// Four-tap steps of a run; even.
    pub(super) steps: usize,
    /// The output's codes.
    pub(super) range: QuantRange,
}

/// A convolution prepared for one tile kernel.
#[derive(Debug)]
struct Tiled<K, const ROWS: usize> {
    kernel: K,
    packed: Packed,
    layouts: ConvLayouts,
    /// All output pixels; the last tile repeats the last pixel until it is full.
    tiles: Vec<[Pixel; ROWS]>,
    kernel_rows: usize,
    range: QuantRange,
}

/// Offsets of one output pixel: its window in the input, itself in residual and output.
#[derive(Debug, Clone, Copy)]
struct Pixel {
    input: u32,
    residual: u32,
    output: u32,
}

/// Prepares `params` for `kernel`.
pub(super) fn boxed<K: TileKernel<ROWS> + 'static, const ROWS: usize>(
    kernel: K,
    params: &ConvParams,
    layouts: ConvLayouts,
) -> Option<Box<dyn ConvLayer>> {
    const { assert!(CHANNEL_ALIGN.is_multiple_of(K::COLUMNS), "tiles fill padded channels") };
    let pixels = pixels(params, &layouts);
    let window_bytes = (params.window.kernel - 1) * layouts.input.row_stride()
        + run_bytes(params.window.kernel, &layouts);
    let last = pixels.last().expect("an output has pixels");
    // Every address that a kernel reads lies between the tensor's start and this.
    assert!(last.input as usize + window_bytes <= layouts.input.storage_len(), "window in bounds");
    let tile = |pixels: &[Pixel]| std::array::from_fn(|row| *pixels.get(row).unwrap_or(last));
    Some(Box::new(Tiled {
        kernel,
        packed: Packed::new(params, &layouts, K::COLUMNS, K::WEIGHT_WIDTH),
        tiles: pixels.chunks(ROWS).map(tile).collect(),
        kernel_rows: params.window.kernel,
        range: params.activation.quant_range(),
        layouts,
    }))
}

fn pixels(params: &ConvParams, layouts: &ConvLayouts) -> Vec<Pixel> {
    let ConvLayouts { input, residual, output } = layouts;
    let (window, shift) = (params.window, input.halo() - params.window.padding.before);
    let offset = |offset: usize| u32::try_from(offset).expect("tensors are smaller than 4 GiB");
    let positions = (0..output.height()).flat_map(|y| (0..output.width()).map(move |x| (y, x)));
    positions
        .map(|(y, x)| Pixel {
            input: offset(
                input.offset_with_halo(shift + y * window.stride, shift + x * window.stride),
            ),
            residual: offset(residual.map_or(0, |residual| residual.offset(y, x))),
            output: offset(output.offset(y, x)),
        })
        .collect()
}

impl<K: TileKernel<ROWS>, const ROWS: usize> ConvLayer for Tiled<K, ROWS> {
    fn run(
        &self,
        input: &Tensor,
        residual: Option<&Tensor>,
        output: &mut Tensor,
        threads: &mut Threads,
    ) {
        let ConvLayouts { input: from, residual: beside, output: to } = &self.layouts;
        assert_eq!((input.layout(), output.layout()), (from, to), "prepared layouts");
        assert_eq!(residual.map(Tensor::layout), beside.as_ref(), "prepared residual");
        let addresses = Addresses {
            input: input.bytes().as_ptr(),
            residual: residual.map_or(std::ptr::null(), |residual| residual.bytes().as_ptr()),
            output: output.bytes_mut().as_mut_ptr(),
        };
        // Every pixel belongs to one tile, so no two threads write the same bytes.
        split(self.tiles.len(), threads, |tiles| self.run_tiles(addresses, &self.tiles[tiles]));
    }
}

impl<K: TileKernel<ROWS>, const ROWS: usize> Tiled<K, ROWS> {
    fn run_tiles(&self, addresses: Addresses, tiles: &[[Pixel; ROWS]]) {
        let Addresses { input, residual, output } = addresses;
        let packed = &self.packed;
        for (panel, weights) in packed.weights.chunks_exact(packed.panel_len).enumerate() {
            let channel = panel * K::COLUMNS;
            let multipliers = packed.residual_multiplier.as_ref();
            let residual_multiplier =
                multipliers.map_or(std::ptr::null(), |m| m[channel..].as_ptr());
            for pixels in tiles {
                let tile = Tile {
                    input: pixels.map(|p| input.wrapping_add(p.input as usize)),
                    output: pixels.map(|p| output.wrapping_add(p.output as usize + channel)),
                    residual: pixels.map(|p| residual.wrapping_add(p.residual as usize + channel)),
                    weights: weights.as_ptr(),
                    bias: packed.bias[channel..].as_ptr(),
                    multiplier: packed.multiplier[channel..].as_ptr(),
                    residual_multiplier,
                    row_stride: self.layouts.input.row_stride(),
                    kernel_rows: self.kernel_rows,
                    steps: packed.steps,
                    range: self.range,
                };
                // SAFETY: windows were checked to lie in the input when the layer was prepared;
                // residual and output have pixels of `pixel_stride` bytes, a multiple of COLUMNS,
                // and per-channel constants are padded to the same; a panel is packed for this
                // tile size; the tensors have the prepared layouts.
                unsafe { self.kernel.run(&tile) };
            }
        }
    }
}
