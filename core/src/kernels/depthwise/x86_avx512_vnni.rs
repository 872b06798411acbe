//! AVX-512 VNNI: 16 channels.

use std::arch::x86_64::*;

use super::column::Column;
use super::rows::{Row, RowKernel};
use crate::kernels::isa::x86::Avx512Vnni;
use crate::kernels::requantise::x86_avx512::requantise;

impl RowKernel for Avx512Vnni {
    const CHANNELS: usize = 16;

    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row) {
        // SAFETY: `self` proves the instruction sets; the caller vouches for the row.
        unsafe { run::<SIDE, GROUPS>(row) }
    }
}

/// # Safety
/// As [`RowKernel::run`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn run<const SIDE: usize, const GROUPS: usize>(row: &Row) {
    // SAFETY: all addresses are those that the row's fields promise.
    unsafe {
        let weights: [__m512i; GROUPS] = std::array::from_fn(|group| {
            _mm512_loadu_si512(row.weights.add(group * row.weight_stride).cast())
        });
        let bias = _mm512_loadu_si512(row.bias.cast());
        let multiplier = _mm512_loadu_ps(row.multiplier);
        let none = _mm512_setzero_si512();
        let column = |before: Column<__m512i>, top: *const i8| {
            let codes = |y: usize| match y < SIDE {
                true => _mm512_cvtepu8_epi32(_mm_loadu_si128(top.add(y * row.row_stride).cast())),
                false => none,
            };
            let upper = _mm512_or_si512(codes(0), _mm512_slli_epi32::<8>(codes(1)));
            let lower = _mm512_or_si512(codes(2), _mm512_slli_epi32::<8>(codes(3)));
            let fifth = codes(4);
            Column {
                upper: _mm512_or_si512(upper, _mm512_slli_epi32::<16>(lower)),
                fifth,
                across: _mm512_or_si512(_mm512_slli_epi32::<8>(before.across), fifth),
            }
        };
        row.slide::<_, SIDE>(Column::none(none), column, |columns, output| {
            let mut sum = bias;
            for (codes, weights) in Column::groups::<SIDE, GROUPS>(columns).into_iter().zip(weights)
            {
                sum = _mm512_dpbusd_epi32(sum, codes, weights);
            }
            _mm_storeu_si128(output.cast(), requantise(sum, multiplier, &row.range));
        });
    }
}
