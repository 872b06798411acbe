//! AVX-512 VNNI: 16 channels.

use std::arch::x86_64::*;

use super::rows::{KERNEL, Row, RowKernel};
use crate::kernels::conv::x86_avx512_vnni::Avx512Vnni;
use crate::kernels::requantise::x86_avx512::requantise;

impl RowKernel for Avx512Vnni {
    const CHANNELS: usize = 16;

    unsafe fn run(self, row: &Row) {
        // SAFETY: `self` proves the instruction sets; the caller vouches for the row.
        unsafe { run(row) }
    }
}

/// # Safety
/// As [`RowKernel::run`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn run(row: &Row) {
    // SAFETY: all addresses are those that the row's fields promise.
    unsafe {
        let weights: [__m512i; KERNEL] = std::array::from_fn(|x| {
            _mm512_loadu_si512(row.weights.add(x * row.weight_stride).cast())
        });
        let bias = _mm512_loadu_si512(row.bias.cast());
        let multiplier = _mm512_loadu_ps(row.multiplier);
        let column = |top: *const i8| {
            let codes = |y: usize| {
                _mm512_cvtepu8_epi32(_mm_loadu_si128(top.add(y * row.row_stride).cast()))
            };
            let (middle, bottom) =
                (_mm512_slli_epi32::<8>(codes(1)), _mm512_slli_epi32::<16>(codes(2)));
            _mm512_or_si512(codes(0), _mm512_or_si512(middle, bottom))
        };
        row.slide(column, |columns, output| {
            let mut sum = bias;
            for (codes, weights) in columns.into_iter().zip(weights) {
                sum = _mm512_dpbusd_epi32(sum, codes, weights);
            }
            _mm_storeu_si128(output.cast(), requantise(sum, multiplier, &row.range));
        });
    }
}
