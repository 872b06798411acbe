//! AVX2: 8 sums at a time.

use std::arch::x86_64::*;

use crate::quant::QuantRange;

/// Eight codes in 32 bits, less the zero point.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels) fn requantise(
    sums: __m256i,
    multiplier: __m256,
    range: &QuantRange,
) -> __m256i {
    let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), multiplier);
    let low = _mm256_max_ps(scaled, _mm256_set1_ps(range.min));
    _mm256_cvtps_epi32(_mm256_min_ps(low, _mm256_set1_ps(range.max)))
}

/// Sixteen codes in 16 bits to bytes, with the zero point.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels) fn narrow(words: __m256i, range: &QuantRange) -> __m128i {
    let (low, high) = (_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
    _mm_add_epi8(_mm_packs_epi16(low, high), _mm_set1_epi8(range.zero_point))
}
