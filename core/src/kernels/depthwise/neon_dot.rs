//! AArch64 dot product: 16 channels.

use std::arch::aarch64::*;

use super::column::Column;
use super::packed::GROUP;
use super::rows::{Row, RowKernel};
use crate::kernels::conv::neon_dot::dot;
use crate::kernels::isa::aarch64::NeonDot;
use crate::kernels::requantise::neon::requantise;

/// Channels of a vector of sums.
const LANES: usize = 4;
const VECTORS: usize = 4;

impl RowKernel for NeonDot {
    const CHANNELS: usize = VECTORS * LANES;

    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row) {
        // SAFETY: `self` proves the extension; the caller vouches for the row.
        unsafe { run::<SIDE, GROUPS>(row) }
    }
}

/// # Safety
/// As [`RowKernel::run`].
#[target_feature(enable = "neon,dotprod")]
unsafe fn run<const SIDE: usize, const GROUPS: usize>(row: &Row) {
    // SAFETY: all addresses are those that the row's fields promise.
    unsafe {
        let weights: [[int8x16_t; VECTORS]; GROUPS] = std::array::from_fn(|group| {
            let group = row.weights.add(group * row.weight_stride);
            std::array::from_fn(|vector| vld1q_s8(group.add(vector * LANES * GROUP)))
        });
        let none = vdupq_n_s8(0);
        let column = |before: Column<[int8x16_t; VECTORS]>, top: *const i8| {
            let codes = |y: usize| match y < SIDE {
                true => vld1q_s8(top.add(y * row.row_stride)),
                false => none,
            };
            let fifth = interleave([codes(4), none, none, none]);
            Column {
                upper: interleave([codes(0), codes(1), codes(2), codes(3)]),
                fifth,
                across: std::array::from_fn(|vector| behind(fifth[vector], before.across[vector])),
            }
        };
        row.slide::<_, SIDE>(Column::none([none; VECTORS]), column, |columns, output| {
            let groups = Column::groups::<SIDE, GROUPS>(columns);
            for half in 0..2 {
                let vectors = [2 * half, 2 * half + 1];
                let sums = vectors.map(|vector| {
                    let mut sum = vld1q_s32(row.bias.add(vector * LANES));
                    for (codes, weights) in groups.iter().zip(&weights) {
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

/// Four rows of 16 channels as four bytes a channel.
#[inline]
#[target_feature(enable = "neon")]
fn interleave(rows: [int8x16_t; 4]) -> [int8x16_t; VECTORS] {
    let zip = |y: usize| [vzip1q_s8(rows[y], rows[y + 1]), vzip2q_s8(rows[y], rows[y + 1])];
    let [upper, lower] = [zip(0), zip(2)].map(|pairs| pairs.map(|pair| vreinterpretq_s16_s8(pair)));
    [
        vzip1q_s16(upper[0], lower[0]),
        vzip2q_s16(upper[0], lower[0]),
        vzip1q_s16(upper[1], lower[1]),
        vzip2q_s16(upper[1], lower[1]),
    ]
    .map(|channels| vreinterpretq_s8_s16(channels))
}

/// `codes`, one a channel, with the newest three of `before` behind.
#[inline]
#[target_feature(enable = "neon")]
fn behind(codes: int8x16_t, before: int8x16_t) -> int8x16_t {
    let (codes, before) = (vreinterpretq_s32_s8(codes), vreinterpretq_s32_s8(before));
    vreinterpretq_s8_s32(vsliq_n_s32::<8>(codes, before))
}
