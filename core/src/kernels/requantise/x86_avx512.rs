//! AVX-512: 16 sums at a time.

use std::arch::x86_64::*;

use crate::quant::QuantRange;

/// Sixteen codes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
pub(in crate::kernels) fn requantise(
    sums: __m512i,
    multiplier: __m512,
    range: &QuantRange,
) -> __m128i {
    let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), multiplier);
    let low = _mm512_max_ps(scaled, _mm512_set1_ps(range.min));
    let clamped = _mm512_min_ps(low, _mm512_set1_ps(range.max));
    let codes = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(clamped));
    _mm_add_epi8(codes, _mm_set1_epi8(range.zero_point))
}
