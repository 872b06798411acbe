//! WebAssembly relaxed SIMD: 4 pixels × 8 channels with 8-by-7-bit dot products.
//!
//! The dot product is relaxed only where its second operand needs the eighth bit; codes have
//! seven, so every browser and processor gives the same integers. Eight accumulators, two weight
//! vectors and a broadcast fit the 16 registers that V8 has on x86-64; larger tiles spill.

use core::arch::wasm32::*;

use super::packed::STEP;
use super::tiled::{Tile, TileKernel};

use super::wasm_simd::{COLUMNS, LANES, store};
use crate::kernels::isa::wasm::WasmRelaxed;

const ROWS: usize = 4;
const VECTORS: usize = COLUMNS / LANES;

impl TileKernel<ROWS> for WasmRelaxed {
    const COLUMNS: usize = COLUMNS;

    #[inline]
    unsafe fn run(self, tile: &Tile<ROWS>) {
        // SAFETY: all addresses are those that the tile's fields promise.
        unsafe {
            let start: [v128; VECTORS] =
                std::array::from_fn(|vector| v128_load(tile.bias.add(vector * LANES).cast()));
            let mut sums = [start; ROWS];
            let mut weights = tile.weights;
            for kernel_row in 0..tile.kernel_rows {
                let mut input = tile.input.map(|row| row.add(kernel_row * tile.row_stride));
                for _ in 0..tile.steps {
                    step(&mut sums, input, weights);
                    input = input.map(|row| row.add(STEP));
                    weights = weights.add(COLUMNS * STEP);
                }
            }
            for (row, sums) in sums.into_iter().enumerate() {
                store(tile, row, sums);
            }
        }
    }
}

/// Adds four taps of every pixel and channel.
///
/// # Safety
/// Four codes can be read from each of `input`, and `COLUMNS · 4` weights.
#[inline(always)]
unsafe fn step(sums: &mut [[v128; VECTORS]; ROWS], input: [*const i8; ROWS], weights: *const i8) {
    // SAFETY: as the caller vouches.
    unsafe {
        let columns: [v128; VECTORS] =
            std::array::from_fn(|vector| v128_load(weights.add(vector * LANES * STEP).cast()));
        for (row, input) in sums.iter_mut().zip(input) {
            let codes = v128_load32_splat(input.cast());
            for (sum, column) in row.iter_mut().zip(columns) {
                *sum = i32x4_relaxed_dot_i8x16_i7x16_add(column, codes, *sum);
            }
        }
    }
}
