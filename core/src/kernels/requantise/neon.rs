//! AArch64: 8 sums at a time.

use std::arch::aarch64::*;

use crate::quant::QuantRange;

/// Eight codes.
#[inline]
#[target_feature(enable = "neon")]
pub(in crate::kernels) fn requantise(
    sums: [int32x4_t; 2],
    multipliers: [float32x4_t; 2],
    range: &QuantRange,
) -> int8x8_t {
    let [low, high] = std::array::from_fn(|half| {
        let scaled = vmulq_f32(vcvtq_f32_s32(sums[half]), multipliers[half]);
        let low = vmaxq_f32(scaled, vdupq_n_f32(range.min));
        vmovn_s32(vcvtnq_s32_f32(vminq_f32(low, vdupq_n_f32(range.max))))
    });
    vadd_s8(vmovn_s16(vcombine_s16(low, high)), vdup_n_s8(range.zero_point))
}
