//! AVX2 and AVX-VNNI: 16 channels.

use std::arch::x86_64::*;

use super::column::Column;
use super::packed::GROUP;
use super::rows::{Row, RowKernel};
use crate::kernels::isa::x86::{Avx2, AvxVnni};
use crate::kernels::requantise::x86_avx2::{narrow, requantise};

const CHANNELS: usize = 16;

impl RowKernel for Avx2 {
    const CHANNELS: usize = CHANNELS;

    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row) {
        // SAFETY: `self` proves the instruction set; the caller vouches for the row.
        unsafe { run_avx2::<SIDE, GROUPS>(row) }
    }
}

impl RowKernel for AvxVnni {
    const CHANNELS: usize = CHANNELS;

    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row) {
        // SAFETY: `self` proves the instruction sets; the caller vouches for the row.
        unsafe { run_avx_vnni::<SIDE, GROUPS>(row) }
    }
}

/// # Safety
/// As [`RowKernel::run`].
#[target_feature(enable = "avx2")]
unsafe fn run_avx2<const SIDE: usize, const GROUPS: usize>(row: &Row) {
    let ones = _mm256_set1_epi16(1);
    // SAFETY: as the caller's.
    unsafe {
        row_256::<SIDE, GROUPS>(row, |sum, codes, weights| {
            let pairs = _mm256_maddubs_epi16(codes, weights);
            _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones))
        });
    }
}

/// # Safety
/// As [`RowKernel::run`].
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn run_avx_vnni<const SIDE: usize, const GROUPS: usize>(row: &Row) {
    // SAFETY: as the caller's.
    unsafe {
        row_256::<SIDE, GROUPS>(row, |sum, codes, weights| {
            _mm256_dpbusd_avx_epi32(sum, codes, weights)
        });
    }
}

/// A row; `dot(sum, codes, weights)` adds four products to each lane.
///
/// Interleaving works within 128-bit halves, so of the 16 channels one vector has 0–3 and 8–11 and
/// the other the rest; packing the codes puts them back in order.
///
/// It is always inlined, since only there may a compiler inline the instructions of `dot`: this
/// function by itself has not even AVX2.
///
/// # Safety
/// As [`RowKernel::run`], and the processor has AVX2.
#[inline(always)]
unsafe fn row_256<const SIDE: usize, const GROUPS: usize>(
    row: &Row,
    dot: impl Fn(__m256i, __m256i, __m256i) -> __m256i,
) {
    // SAFETY: all addresses are those that the row's fields promise.
    unsafe {
        let weights: [[__m256i; 2]; GROUPS] =
            std::array::from_fn(|group| halves(row.weights.add(group * row.weight_stride).cast()));
        let bias = halves(row.bias);
        let multipliers = halves(row.multiplier.cast()).map(|lanes| _mm256_castsi256_ps(lanes));
        let none = _mm256_setzero_si256();
        let column = |before: Column<[__m256i; 2]>, top: *const i8| {
            let codes = |y: usize| match y < SIDE {
                true => _mm256_cvtepu8_epi16(_mm_loadu_si128(top.add(y * row.row_stride).cast())),
                false => none,
            };
            let pairs = |y: usize| _mm256_or_si256(codes(y), _mm256_slli_epi16::<8>(codes(y + 1)));
            let fifth = interleave(codes(4), none);
            Column {
                upper: interleave(pairs(0), pairs(2)),
                fifth,
                across: std::array::from_fn(|half| {
                    _mm256_or_si256(_mm256_slli_epi32::<8>(before.across[half]), fifth[half])
                }),
            }
        };
        row.slide::<_, SIDE>(Column::none([none; 2]), column, |columns, output| {
            let groups = Column::groups::<SIDE, GROUPS>(columns);
            let [low, high] = std::array::from_fn(|half| {
                let mut sum = bias[half];
                for (codes, weights) in groups.iter().zip(&weights) {
                    sum = dot(sum, codes[half], weights[half]);
                }
                requantise(sum, multipliers[half], &row.range)
            });
            let codes = narrow(_mm256_packs_epi32(low, high), &row.range);
            _mm_storeu_si128(output.cast(), codes);
        });
    }
}

/// The words of two vectors in turn.
#[inline]
#[target_feature(enable = "avx2")]
fn interleave(even: __m256i, odd: __m256i) -> [__m256i; 2] {
    [_mm256_unpacklo_epi16(even, odd), _mm256_unpackhi_epi16(even, odd)]
}

/// Sixteen lanes of 32 bits in the order of the interleaved channels.
///
/// # Safety
/// They can be read from `lanes`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn halves(lanes: *const i32) -> [__m256i; 2] {
    const { assert!(GROUP == size_of::<i32>()) };
    // SAFETY: as the caller vouches.
    unsafe {
        [0, 4].map(|start| {
            let (low, high) = (lanes.add(start).cast(), lanes.add(start + 8).cast());
            _mm256_set_m128i(_mm_loadu_si128(high), _mm_loadu_si128(low))
        })
    }
}
