//! WebAssembly SIMD128: 8 channels, widened to 16 bits.
//!
//! A dot product of 16 bits has two ways: it takes two rows of a window's column, so that of an odd
//! number of rows one is left. Its products need 15 bits, so that two of them add up in 16.

use core::arch::wasm32::*;

use super::packed::place;
use super::rows::{Row, RowKernel};
use crate::kernels::isa::wasm::WasmSimd;
use crate::kernels::requantise::wasm::requantise;

/// Pairs of rows that the largest window has.
const PAIRS: usize = 2;

/// A window's column, or its weights.
#[derive(Clone, Copy)]
struct Column {
    /// Two rows' in turn, for channels 0–3 and 4–7. Of 3×3 windows there is only the first pair.
    pairs: [[v128; 2]; PAIRS],
    /// The last row's.
    last: v128,
}

impl RowKernel for WasmSimd {
    const CHANNELS: usize = 8;

    #[inline]
    unsafe fn run<const SIDE: usize, const GROUPS: usize>(self, row: &Row) {
        // SAFETY: all addresses are those that the row's fields promise.
        unsafe {
            let weights: [Column; SIDE] = std::array::from_fn(|x| weights::<SIDE>(row, x));
            let [bias, multipliers] = [row.bias.cast(), row.multiplier.cast()].map(|at| two(at));
            let zero = i16x8_splat(0);
            let column = |_, top: *const i8| {
                let codes = |y: usize| match y < SIDE {
                    true => i16x8_load_extend_i8x8(top.add(y * row.row_stride)),
                    false => zero,
                };
                Column {
                    pairs: [interleave(codes(0), codes(1)), interleave(codes(2), codes(3))],
                    last: codes(SIDE - 1),
                }
            };
            let none = Column { pairs: [[zero; 2]; PAIRS], last: zero };
            row.slide(none, column, |columns, output| {
                let sums = window_sums::<SIDE>(bias, &columns, &weights);
                let codes = requantise(sums, multipliers, row.range);
                v128_store64_lane::<0>(codes, output.cast());
            });
        }
    }
}

/// `sums` and all products of a window.
#[inline(always)]
fn window_sums<const SIDE: usize>(
    mut sums: [v128; 2],
    columns: &[Column; SIDE],
    weights: &[Column; SIDE],
) -> [v128; 2] {
    for (codes, weights) in columns.iter().zip(weights) {
        for pair in 0..SIDE / 2 {
            for (half, sum) in sums.iter_mut().enumerate() {
                let products = i32x4_dot_i16x8(codes.pairs[pair][half], weights.pairs[pair][half]);
                *sum = i32x4_add(*sum, products);
            }
        }
    }
    let last = |x: usize| i16x8_mul(columns[x].last, weights[x].last);
    for pair in 0..SIDE.div_ceil(2) {
        let x = 2 * pair;
        let products = if x + 1 < SIDE { i16x8_add(last(x), last(x + 1)) } else { last(x) };
        sums[0] = i32x4_add(sums[0], i32x4_extend_low_i16x8(products));
        sums[1] = i32x4_add(sums[1], i32x4_extend_high_i16x8(products));
    }
    sums
}

/// Weights of a kernel column, which are packed four bytes a channel.
///
/// # Safety
/// Those of eight channels can be read from the row's weights.
#[inline(always)]
unsafe fn weights<const SIDE: usize>(row: &Row, x: usize) -> Column {
    // SAFETY: as the caller vouches.
    let packed = |group: usize| unsafe { two(row.weights.add(group * row.weight_stride).cast()) };
    let [low, high] = packed(x).map(pairs);
    let (group, byte) = place(SIDE, SIDE - 1, x);
    let last = packed(group).map(|four| i32x4_shr(i32x4_shl(four, 24 - 8 * byte as u32), 24));
    Column {
        pairs: [[low[0], high[0]], [low[1], high[1]]],
        last: i16x8_narrow_i32x4(last[0], last[1]),
    }
}

/// The first and the second two of four bytes, widened.
#[inline(always)]
fn pairs(four: v128) -> [v128; PAIRS] {
    let halves = i8x16_shuffle::<0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15>(four, four);
    [i16x8_extend_low_i8x16(halves), i16x8_extend_high_i8x16(halves)]
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
unsafe fn two(vectors: *const v128) -> [v128; 2] {
    // SAFETY: as the caller vouches.
    unsafe { [v128_load(vectors), v128_load(vectors.add(1))] }
}
