//! WebAssembly relaxed SIMD: 8 channels.

use core::arch::wasm32::*;

use super::rows::{KERNEL, Row, RowKernel};
use crate::kernels::conv::wasm_relaxed::WasmRelaxed;
use crate::kernels::requantise::wasm::requantise;

impl RowKernel for WasmRelaxed {
    const CHANNELS: usize = 8;

    #[inline]
    unsafe fn run(self, row: &Row) {
        // SAFETY: all addresses are those that the row's fields promise.
        unsafe {
            let weights: [[v128; 2]; KERNEL] =
                std::array::from_fn(|x| pair(row.weights.add(x * row.weight_stride).cast()));
            let (bias, multipliers) = (pair(row.bias.cast()), pair(row.multiplier.cast()));
            let column = |top: *const i8| {
                let codes = |y: usize| v128_load64_zero(top.add(y * row.row_stride).cast());
                let upper = bytes(codes(0), codes(1));
                let lower = bytes(codes(2), i8x16_splat(0));
                [
                    i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(upper, lower),
                    i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(upper, lower),
                ]
            };
            row.slide(column, |columns, output| {
                let mut sums = bias;
                for (codes, weights) in columns.into_iter().zip(weights) {
                    for (sum, (codes, weights)) in
                        sums.iter_mut().zip(codes.into_iter().zip(weights))
                    {
                        *sum = i32x4_relaxed_dot_i8x16_i7x16_add(weights, codes, *sum);
                    }
                }
                let codes = requantise(sums, multipliers, row.range);
                v128_store64_lane::<0>(codes, output.cast());
            });
        }
    }
}

/// The low halves' bytes in turn.
#[inline(always)]
fn bytes(even: v128, odd: v128) -> v128 {
    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(even, odd)
}

/// Two vectors side by side.
///
/// # Safety
/// They can be read from `vectors`.
#[inline(always)]
unsafe fn pair(vectors: *const v128) -> [v128; 2] {
    // SAFETY: as the caller vouches.
    unsafe { [v128_load(vectors), v128_load(vectors.add(1))] }
}
