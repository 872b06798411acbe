//! AArch64 dot product: 16 channels.

use std::arch::aarch64::*;

use super::packed::COLUMN;
use super::rows::{KERNEL, Row, RowKernel};
use crate::kernels::conv::neon_dot::{NeonDot, dot};
use crate::kernels::requantise::neon::requantise;

/// Channels of a vector of sums.
const LANES: usize = 4;
const VECTORS: usize = 4;

impl RowKernel for NeonDot {
    const CHANNELS: usize = VECTORS * LANES;

    unsafe fn run(self, row: &Row) {
        // SAFETY: `self` proves the extension; the caller vouches for the row.
        unsafe { run(row) }
    }
}

/// # Safety
/// As [`RowKernel::run`].
#[target_feature(enable = "neon,dotprod")]
unsafe fn run(row: &Row) {
    // SAFETY: all addresses are those that the row's fields promise.
    unsafe {
        let weights: [[int8x16_t; VECTORS]; KERNEL] = std::array::from_fn(|x| {
            let column = row.weights.add(x * row.weight_stride);
            std::array::from_fn(|vector| vld1q_s8(column.add(vector * LANES * COLUMN)))
        });
        let column = |top: *const i8| {
            let codes = |y: usize| vld1q_s8(top.add(y * row.row_stride));
            interleave(codes(0), codes(1), codes(2))
        };
        row.slide(column, |columns, output| {
            for half in 0..2 {
                let vectors = [2 * half, 2 * half + 1];
                let sums = vectors.map(|vector| {
                    let mut sum = vld1q_s32(row.bias.add(vector * LANES));
                    for (codes, weights) in columns.iter().zip(&weights) {
                        sum = dot(sum, weights[vector], codes[vector]);
                    }
                    sum
                });
                let multipliers =
                    vectors.map(|vector| vld1q_f32(row.multiplier.add(vector * LANES)));
                let codes = requantise(sums, multipliers, &row.range);
                vst1_s8(output.add(2 * half * LANES), codes);
            }
        });
    }
}

/// Three rows of 16 channels as four bytes a channel.
#[inline]
#[target_feature(enable = "neon")]
fn interleave(top: int8x16_t, middle: int8x16_t, bottom: int8x16_t) -> [int8x16_t; VECTORS] {
    let none = vdupq_n_s8(0);
    let upper = [vzip1q_s8(top, middle), vzip2q_s8(top, middle)].map(|v| vreinterpretq_s16_s8(v));
    let lower = [vzip1q_s8(bottom, none), vzip2q_s8(bottom, none)].map(|v| vreinterpretq_s16_s8(v));
    [
        vzip1q_s16(upper[0], lower[0]),
        vzip2q_s16(upper[0], lower[0]),
        vzip1q_s16(upper[1], lower[1]),
        vzip2q_s16(upper[1], lower[1]),
    ]
    .map(|v| vreinterpretq_s8_s16(v))
}
