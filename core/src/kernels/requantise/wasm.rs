//! WebAssembly SIMD128: 8 sums at a time.

use core::arch::wasm32::*;

use crate::quant::QuantRange;

/// Eight codes, in the low half.
#[inline(always)]
pub(in crate::kernels) fn requantise(
    sums: [v128; 2],
    multipliers: [v128; 2],
    range: QuantRange,
) -> v128 {
    let [low, high] = std::array::from_fn(|half| codes(sums[half], multipliers[half], range));
    let words = i16x8_narrow_i32x4(low, high);
    i8x16_add(i8x16_narrow_i16x8(words, words), i8x16_splat(range.zero_point))
}

/// Four codes in 32 bits, less the zero point.
#[inline(always)]
fn codes(sums: v128, multiplier: v128, range: QuantRange) -> v128 {
    // Adding 1.5·2²³ leaves no bits for a fraction, so the addition itself rounds half to even,
    // and the integer is read from the low bits: two instructions where a conversion takes six.
    const MAGIC: f32 = 12_582_912.0;
    let scaled = f32x4_mul(f32x4_convert_i32x4(sums), multiplier);
    // The pseudo forms are one instruction each; they differ from the others only on NaN and ±0.
    let low = f32x4_pmax(f32x4_splat(range.min), scaled);
    let clamped = f32x4_pmin(f32x4_splat(range.max), low);
    i32x4_sub(f32x4_add(clamped, f32x4_splat(MAGIC)), i32x4_splat(MAGIC.to_bits() as i32))
}
