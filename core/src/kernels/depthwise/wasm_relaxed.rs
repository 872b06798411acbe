//! WebAssembly relaxed SIMD: 8 channels.

use core::arch::wasm32::*;

use super::column::Column;
use super::rows::{Row, RowKernel};
use crate::kernels::isa::wasm::WasmRelaxed;
use crate::kernels::requantise::wasm::requantise;

impl RowKernel for WasmRelaxed {
    const CHANNELS: usize = 8;

    #[inline]
    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row) {
        // SAFETY: all addresses are those that the row's fields promise.
        unsafe {
            let weights: [[v128; 2]; GROUPS] = std::array::from_fn(|group| {
                pair(row.weights.add(group * row.weight_stride).cast())
            });
            let (bias, multipliers) = (pair(row.bias.cast()), pair(row.multiplier.cast()));
            let none = i8x16_splat(0);
            let column = |before: Column<[v128; 2]>, top: *const i8| {
                let codes = |y: usize| match y < SIDE {
                    true => v128_load64_zero(top.add(y * row.row_stride).cast()),
                    false => none,
                };
                let fifth = interleave(bytes(codes(4), none), none);
                Column {
                    upper: interleave(bytes(codes(0), codes(1)), bytes(codes(2), codes(3))),
                    fifth,
                    across: std::array::from_fn(|half| {
                        v128_or(i32x4_shl(before.across[half], 8), fifth[half])
                    }),
                }
            };
            row.slide::<_, SIDE>(Column::none([none; 2]), column, |columns, output| {
                let mut sums = bias;
                for (codes, weights) in
                    Column::groups::<SIDE, GROUPS>(columns).into_iter().zip(weights)
                {
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

/// The words of two vectors in turn.
#[inline(always)]
fn interleave(even: v128, odd: v128) -> [v128; 2] {
    [
        i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(even, odd),
        i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(even, odd),
    ]
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
