//! AArch64 dot product: 8 pixels × 8 channels with `sdot`.
//!
//! 16 accumulators, two weight vectors and a broadcast stay within the 32 registers.

use std::arch::aarch64::*;
use std::arch::asm;

use super::packed::STEP;
use super::tiled::{Tile, TileKernel};
use crate::kernels::isa::aarch64::NeonDot;
use crate::kernels::requantise::neon::requantise;

const ROWS: usize = 8;
/// Vectors of 4 channels.
const VECTORS: usize = 2;
const LANES: usize = 4;

impl TileKernel<ROWS> for NeonDot {
    const COLUMNS: usize = VECTORS * LANES;

    unsafe fn run(self, tile: &Tile<ROWS>) {
        // SAFETY: `self` proves the extension; the caller vouches for the tile.
        unsafe { run(tile) }
    }
}

/// # Safety
/// As [`TileKernel::run`].
#[target_feature(enable = "neon,dotprod")]
unsafe fn run(tile: &Tile<ROWS>) {
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        let start: [int32x4_t; VECTORS] =
            std::array::from_fn(|vector| vld1q_s32(tile.bias.add(vector * LANES)));
        let mut sums = [start; ROWS];
        let mut weights = tile.weights;
        for kernel_row in 0..tile.kernel_rows {
            let start = kernel_row * tile.row_stride;
            for step in 0..tile.steps {
                let offset = start + step * STEP;
                let columns: [int8x16_t; VECTORS] =
                    std::array::from_fn(|vector| vld1q_s8(weights.add(vector * LANES * STEP)));
                weights = weights.add(VECTORS * LANES * STEP);
                for (row, input) in sums.iter_mut().zip(&tile.input) {
                    let codes = input.add(offset).cast::<i32>().read_unaligned();
                    let codes = vreinterpretq_s8_s32(vdupq_n_s32(codes));
                    for (sum, column) in row.iter_mut().zip(columns) {
                        *sum = dot(*sum, column, codes);
                    }
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            let channel = |vector: usize| vector * LANES;
            let sums = std::array::from_fn(|vector| {
                add_residual(tile, row, channel(vector), sums[vector])
            });
            let multipliers =
                std::array::from_fn(|vector| vld1q_f32(tile.multiplier.add(channel(vector))));
            vst1_s8(tile.output[row], requantise(sums, multipliers, &tile.range));
        }
    }
}

/// Adds four products to each lane. The intrinsic is not stable yet, the instruction is.
#[inline]
#[target_feature(enable = "neon,dotprod")]
pub(in crate::kernels) fn dot(
    mut sum: int32x4_t,
    weights: int8x16_t,
    codes: int8x16_t,
) -> int32x4_t {
    // SAFETY: the instruction only computes, and the target feature is enabled.
    unsafe {
        asm!(
            "sdot {sum:v}.4s, {weights:v}.16b, {codes:v}.16b",
            sum = inout(vreg) sum,
            weights = in(vreg) weights,
            codes = in(vreg) codes,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}

/// Adds the residual to four channels from `channel` on, if there is one.
///
/// # Safety
/// As [`TileKernel::run`].
#[inline]
#[target_feature(enable = "neon,dotprod")]
unsafe fn add_residual(tile: &Tile<ROWS>, row: usize, channel: usize, sum: int32x4_t) -> int32x4_t {
    if tile.residual_multiplier.is_null() {
        return sum;
    }
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        // Four bytes; the other half of the register is never used.
        let codes = tile.residual[row].add(channel).cast::<u32>().read_unaligned();
        let words = vmovl_s8(vreinterpret_s8_u32(vdup_n_u32(codes)));
        let codes = vmovl_s16(vget_low_s16(words));
        vmlaq_s32(sum, codes, vld1q_s32(tile.residual_multiplier.add(channel)))
    }
}
