//! WebAssembly SIMD128: 2 pixels × 8 channels with 16-bit dot products, and the epilogue that
//! relaxed SIMD shares.
//!
//! SIMD128 has no 8-bit dot product, so weights are packed in 16 bits and codes are widened as they
//! are loaded. A vector then holds two channels by four taps, and a 16-bit dot product leaves two
//! partial sums a channel, which are folded at the end.

use core::arch::wasm32::*;

use super::packed::{STEP, WeightWidth};
use super::tiled::{Tile, TileKernel};
use crate::kernels::isa::wasm::WasmSimd;
use crate::kernels::requantise::wasm::requantise;

const ROWS: usize = 2;
/// Channels of a tile.
pub(super) const COLUMNS: usize = 8;
/// Sums of a vector.
pub(super) const LANES: usize = 4;
/// Channels of a vector of partial sums.
const PARTIAL_CHANNELS: usize = 2;
const PARTIALS: usize = COLUMNS / PARTIAL_CHANNELS;

impl TileKernel<ROWS> for WasmSimd {
    const COLUMNS: usize = COLUMNS;
    const WEIGHT_WIDTH: WeightWidth = WeightWidth::Bits16;

    #[inline]
    unsafe fn run(self, tile: &Tile<ROWS>) {
        // SAFETY: all addresses are those that the tile's fields promise.
        unsafe {
            let mut partials = [[i32x4_splat(0); PARTIALS]; ROWS];
            let mut weights = tile.weights.cast::<v128>();
            for kernel_row in 0..tile.kernel_rows {
                let start = kernel_row * tile.row_stride;
                let mut input = tile.input.map(|row| row.add(start));
                for _ in 0..tile.steps {
                    let columns: [v128; PARTIALS] =
                        std::array::from_fn(|vector| v128_load(weights.add(vector)));
                    weights = weights.add(PARTIALS);
                    for (row, input) in partials.iter_mut().zip(&mut input) {
                        let codes = i16x8_extend_low_i8x16(v128_load32_splat(input.cast()));
                        for (sum, column) in row.iter_mut().zip(columns) {
                            *sum = i32x4_add(*sum, i32x4_dot_i16x8(codes, column));
                        }
                        *input = input.add(STEP);
                    }
                }
            }
            for (row, partials) in partials.into_iter().enumerate() {
                let sums = std::array::from_fn(|vector| {
                    let folded = fold(partials[2 * vector], partials[2 * vector + 1]);
                    i32x4_add(folded, v128_load(tile.bias.add(vector * LANES).cast()))
                });
                store(tile, row, sums);
            }
        }
    }
}

/// `[a0+a1, a2+a3, b0+b1, b2+b3]`.
#[inline(always)]
fn fold(a: v128, b: v128) -> v128 {
    let even = i32x4_shuffle::<0, 2, 4, 6>(a, b);
    let odd = i32x4_shuffle::<1, 3, 5, 7>(a, b);
    i32x4_add(even, odd)
}

/// Adds the residual, requantises and stores the eight channels of one pixel.
///
/// # Safety
/// As [`TileKernel::run`].
#[inline(always)]
pub(super) unsafe fn store<const R: usize>(
    tile: &Tile<R>,
    row: usize,
    mut sums: [v128; COLUMNS / LANES],
) {
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        if !tile.residual_multiplier.is_null() {
            let codes = i16x8_load_extend_i8x8(tile.residual[row]);
            let codes = [i32x4_extend_low_i16x8(codes), i32x4_extend_high_i16x8(codes)];
            for (vector, sum) in sums.iter_mut().enumerate() {
                let factors = v128_load(tile.residual_multiplier.add(vector * LANES).cast());
                *sum = i32x4_add(*sum, i32x4_mul(codes[vector], factors));
            }
        }
        let multipliers =
            std::array::from_fn(|vector| v128_load(tile.multiplier.add(vector * LANES).cast()));
        let codes = requantise(sums, multipliers, tile.range);
        v128_store64_lane::<0>(codes, tile.output[row].cast());
    }
}
