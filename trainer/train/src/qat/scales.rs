//! What a convolution's sums are worth, in training and in the engines.
//!
//! The engines' multipliers are rounded once, from `f64`. A float tensor's quotient can be off by a
//! last bit, which now and then takes a sum to the other side of a half; so where nothing is learnt
//! the engines' own functions are called, and every code is the engine's.

use burn::prelude::*;
use tagsight_core::quant;

use super::fake_quantise::round_through;

/// Scales of the two factors of a sum's products.
pub(super) struct SumScales<B: Backend> {
    /// Of the input, `[1]`.
    pub(super) input: Tensor<B, 1>,
    /// Of the weights, one an output channel.
    pub(super) weight: Tensor<B, 1>,
}

impl<B: Backend> SumScales<B> {
    /// From sums to output codes, per channel.
    pub(super) fn multiplier(&self, output: &Tensor<B, 1>) -> Tensor<B, 1> {
        if learns::<B>(output) {
            return self.unit() / output.clone();
        }
        let output = scalar(output);
        self.on_host(|input, weight| quant::multiplier(input, weight, output))
    }

    /// Units of the sum that a residual code is worth, per channel.
    pub(super) fn residual_multiplier(&self, residual: &Tensor<B, 1>) -> Tensor<B, 1> {
        if learns::<B>(residual) {
            return round_through(residual.clone() / self.unit());
        }
        let residual = scalar(residual);
        self.on_host(|input, weight| {
            let multiplier = quant::residual_multiplier(residual, input, weight);
            multiplier.unwrap_or(quant::RESIDUAL_MAX) as f32
        })
    }

    fn unit(&self) -> Tensor<B, 1> {
        self.input.clone() * self.weight.clone()
    }

    fn on_host(&self, of_channel: impl Fn(f32, f32) -> f32) -> Tensor<B, 1> {
        let input = scalar(&self.input);
        let weight = self.weight.to_data();
        let values: Vec<f32> = weight.iter().map(|weight| of_channel(input, weight)).collect();
        Tensor::from_floats(&values[..], &self.weight.device())
    }
}

fn learns<B: Backend>(tensor: &Tensor<B, 1>) -> bool {
    B::ad_enabled(&tensor.device())
}

fn scalar<B: Backend>(tensor: &Tensor<B, 1>) -> f32 {
    tensor.clone().into_scalar().elem()
}
