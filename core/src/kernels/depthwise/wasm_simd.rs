//! WebAssembly SIMD128: 8 channels, widened to 16 bits.
//!
//! A dot product of 16 bits has two ways: it takes a window column's upper two rows. The products
//! of the third row need 15 bits, so that two of them add up in 16.

use core::arch::wasm32::*;

use super::rows::{KERNEL, Row, RowKernel};
use crate::kernels::conv::wasm_simd::WasmSimd;
use crate::kernels::requantise::wasm::requantise;

/// A window's column, or its weights: the upper two rows' in turn for channels 0–3 and 4–7, and
/// the third row's.
type Column = [v128; 3];

impl RowKernel for WasmSimd {
    const CHANNELS: usize = 8;

    #[inline]
    unsafe fn run(self, row: &Row) {
        // SAFETY: all addresses are those that the row's fields promise.
        unsafe {
            let weights: [Column; KERNEL] =
                std::array::from_fn(|x| widen(row.weights.add(x * row.weight_stride).cast()));
            let [bias, multipliers]: [[v128; 2]; 2] =
                [row.bias.cast(), row.multiplier.cast::<v128>()]
                    .map(|start| [v128_load(start), v128_load(start.add(1))]);
            let column = |top: *const i8| -> Column {
                let codes = |y: usize| i16x8_load_extend_i8x8(top.add(y * row.row_stride));
                let upper = [codes(0), codes(1)];
                [
                    i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(upper[0], upper[1]),
                    i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(upper[0], upper[1]),
                    codes(2),
                ]
            };
            row.slide(column, |columns, output| {
                let mut sums = bias;
                for (codes, weights) in columns.iter().zip(&weights) {
                    for (half, sum) in sums.iter_mut().enumerate() {
                        *sum = i32x4_add(*sum, i32x4_dot_i16x8(codes[half], weights[half]));
                    }
                }
                let third = |x: usize| i16x8_mul(columns[x][2], weights[x][2]);
                for products in [i16x8_add(third(0), third(1)), third(2)] {
                    sums[0] = i32x4_add(sums[0], i32x4_extend_low_i16x8(products));
                    sums[1] = i32x4_add(sums[1], i32x4_extend_high_i16x8(products));
                }
                let codes = requantise(sums, multipliers, row.range);
                v128_store64_lane::<0>(codes, output.cast());
            });
        }
    }
}

/// Weights of a kernel column, which are packed four bytes a channel.
///
/// # Safety
/// Those of eight channels can be read from `packed`.
#[inline(always)]
unsafe fn widen(packed: *const v128) -> Column {
    // SAFETY: as the caller vouches.
    let packed = unsafe { [v128_load(packed), v128_load(packed.add(1))] };
    let upper = packed.map(|four| {
        let bytes = i8x16_shuffle::<0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13>(four, four);
        i16x8_extend_low_i8x16(bytes)
    });
    let third = packed.map(|four| i32x4_shr(i32x4_shl(four, 8), 24));
    [upper[0], upper[1], i16x8_narrow_i32x4(third[0], third[1])]
}
