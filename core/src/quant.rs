//! The integer arithmetic, in one place: all kernels compute exactly these functions.
//!
//! Activations are 7-bit codes `0..=127` with zero point 0 (a value is `code · scale`), but for the
//! asymmetric ones of linear bottlenecks, whose zero point folds into biases; weights are
//! `-127..=127` with one scale per output channel, sums are `i32`. Seven bits make every
//! instruction that kernels use exact: `pmaddubsw` cannot saturate (2·127·127 < 2¹⁵), the second
//! operand of WebAssembly's relaxed dot product is within its defined range, and signed and
//! unsigned dot products agree.
//!
//! Two choices keep results equal on every device:
//! * requantisation has one floating-point multiplication, which IEEE 754 rounds in one way, so
//!   no fused multiply-add can change it;
//! * the residual joins the sum as an integer: `acc + residual_code · R`, where the per-channel
//!   integer `R` is the ratio of the residual's scale to the sum's.

use serde::Serialize;

/// Largest activation code.
pub const ACTIVATION_MAX: i32 = 127;
/// Largest magnitude of a weight; the range is symmetric.
pub const WEIGHT_MAX: i32 = 127;
/// Largest magnitude of an integer residual multiplier.
pub const RESIDUAL_MAX: i32 = 1 << 20;

/// Where [`Activation::Relu6`] ends.
pub const RELU6_MAX: f32 = 6.0;
/// Code of the value 0 in a [`Activation::Asymmetric`] tensor.
pub const ASYMMETRIC_ZERO: i32 = 64;

/// What becomes of a convolution's sum, and which codes express it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Rectified: codes `0..=127`.
    Relu,
    /// Rectified and at most 6: codes `0..=127` of a range that is at most 6, so that the largest
    /// code is the clamp.
    Relu6,
    /// Signed: codes `-127..=127`. Only a residual may read it.
    Linear,
    /// Signed, with [`ASYMMETRIC_ZERO`] as zero point: `-64..=63` are the codes `0..=127`, so that a
    /// convolution may read it, if it pads nothing. Its zero point folds into the readers' biases.
    Asymmetric,
}

impl Activation {
    /// Code of the value 0.
    pub fn zero_point(self) -> i32 {
        if self == Self::Asymmetric { ASYMMETRIC_ZERO } else { 0 }
    }

    /// Smallest code of this kind, less the zero point.
    pub fn quant_min(self) -> i32 {
        match self {
            Self::Relu | Self::Relu6 => 0,
            Self::Linear => -ACTIVATION_MAX,
            Self::Asymmetric => -ASYMMETRIC_ZERO,
        }
    }

    /// Largest code of this kind, less the zero point.
    pub fn quant_max(self) -> i32 {
        ACTIVATION_MAX - self.zero_point()
    }

    /// The same as kernels use it.
    pub fn quant_range(self) -> QuantRange {
        QuantRange {
            min: self.quant_min() as f32,
            max: self.quant_max() as f32,
            zero_point: self.zero_point() as i8,
        }
    }
}

/// An [`Activation`]'s codes: sums are clamped to `min..=max`, rounded, and `zero_point` is added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantRange {
    /// Smallest code, less the zero point.
    pub min: f32,
    /// Largest code, less the zero point.
    pub max: f32,
    /// Code of the value 0.
    pub zero_point: i8,
}

/// An `i32` sum to an output code:
/// `clamp(round_half_even(f32(acc) · multiplier), min, max) + zero point`.
///
/// `f32(acc)` rounds half to even too when `|acc| ≥ 2²⁴`, as every instruction set does.
#[inline]
pub fn requantise(acc: i32, multiplier: f32, activation: Activation) -> i8 {
    let QuantRange { min, max, zero_point } = activation.quant_range();
    let scaled = acc as f32 * multiplier;
    // Clamping first changes nothing, since both bounds are integers, and keeps the cast in range.
    scaled.clamp(min, max).round_ties_even() as i8 + zero_point
}

/// What a zero point in `weights`' input adds to their sum, to be taken from the bias.
pub fn zero_point_share(weights: &[i8], zero_point: i32) -> i32 {
    zero_point * weights.iter().map(|&weight| i32::from(weight)).sum::<i32>()
}

/// Scale of a convolution's `i32` sum: input scale × weight scale, in `f64`.
fn sum_scale(input_scale: f32, weight_scale: f32) -> f64 {
    f64::from(input_scale) * f64::from(weight_scale)
}

/// The multiplier of [`requantise`] for one output channel.
pub fn multiplier(input_scale: f32, weight_scale: f32, output_scale: f32) -> f32 {
    (sum_scale(input_scale, weight_scale) / f64::from(output_scale)) as f32
}

/// The integer residual multiplier `R` of one output channel: how many units of the sum one
/// residual code is worth. `None` where it would exceed [`RESIDUAL_MAX`].
pub fn residual_multiplier(
    residual_scale: f32,
    input_scale: f32,
    weight_scale: f32,
) -> Option<i32> {
    let ratio = f64::from(residual_scale) / sum_scale(input_scale, weight_scale);
    let rounded = ratio.round_ties_even();
    (rounded <= f64::from(RESIDUAL_MAX)).then_some(rounded as i32)
}

/// A real bias as an integer in units of the sum, saturated to ±2³⁰.
pub fn quantise_bias(bias: f32, input_scale: f32, weight_scale: f32) -> i32 {
    const LIMIT: f64 = (1u32 << 30) as f64;
    (f64::from(bias) / sum_scale(input_scale, weight_scale)).round_ties_even().clamp(-LIMIT, LIMIT)
        as i32
}

/// A real weight to its code: `clamp(round_half_even(weight / scale), ±127)`.
pub fn quantise_weight(weight: f32, scale: f32) -> i8 {
    let limit = WEIGHT_MAX as f32;
    (weight / scale).round_ties_even().clamp(-limit, limit) as i8
}

/// A pixel byte `0..=255` to its 7-bit code; the code's scale is 1/127.
#[inline]
pub fn quantise_pixel(byte: u8) -> i8 {
    // round(byte · 127 / 255) in integers; ties cannot occur, since 255 is odd.
    ((u32::from(byte) * 254 + 255) / 510) as i8
}

/// Scale of the input codes: a code `c` stands for the pixel value `c / 127` in `0..=1`.
pub const PIXEL_SCALE: f32 = 1.0 / 127.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requantise_rounds_half_to_even_and_clamps() {
        let cases = [
            (5, 0.5, Activation::Relu, 2),
            (7, 0.5, Activation::Relu, 4),
            (-5, 0.5, Activation::Relu, 0),
            (-5, 0.5, Activation::Linear, -2),
            (255, 0.5, Activation::Relu, 127),
            (-600, 0.5, Activation::Linear, -127),
            (i32::MAX, 1.0, Activation::Relu, 127),
            (i32::MIN, 1.0, Activation::Linear, -127),
            (-5, 0.5, Activation::Asymmetric, 62),
            (600, 0.5, Activation::Asymmetric, 127),
            (-600, 0.5, Activation::Asymmetric, 0),
        ];
        for (acc, multiplier, activation, expected) in cases {
            assert_eq!(requantise(acc, multiplier, activation), expected, "{acc} {multiplier}");
        }
    }

    #[test]
    fn pixel_codes_are_the_nearest() {
        for byte in 0..=255u8 {
            let exact = f64::from(byte) * 127.0 / 255.0;
            assert_eq!(f64::from(quantise_pixel(byte)), exact.round(), "byte {byte}");
        }
    }

    #[test]
    fn residual_multiplier_is_bounded() {
        assert_eq!(residual_multiplier(0.03, 0.02, 0.002), Some(750));
        assert_eq!(residual_multiplier(1.0, 1e-4, 1e-4), None);
    }
}
