//! The definition: what all other kernels must equal, bit for bit.

use super::layer::{ConvLayer, ConvLayouts, ConvParams};
use crate::quant;
use crate::tensor::Tensor;
use crate::threads::Threads;

/// A convolution as plain loops over pixels, channels and window rows.
#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) params: ConvParams,
    pub(super) layouts: ConvLayouts,
}

impl ConvLayer for Scalar {
    fn run(&self, input: &Tensor, residual: Option<&Tensor>, output: &mut Tensor, _: &mut Threads) {
        let (params, outputs) = (&self.params, self.params.outputs());
        for y in 0..self.layouts.output.height() {
            for x in 0..self.layouts.output.width() {
                let residuals = residual.map(|residual| residual.pixel(y, x));
                let codes = output.pixel_mut(y, x);
                // Later layers multiply the padded channels, by weights of zero.
                codes[outputs..].fill(params.activation.zero_point() as i8);
                for (channel, code) in codes[..outputs].iter_mut().enumerate() {
                    let mut sum = params.bias[channel] + self.window_sum(input, y, x, channel);
                    if let Some(residuals) = residuals {
                        sum += i32::from(residuals[channel]) * params.residual_multiplier[channel];
                    }
                    *code = quant::requantise(sum, params.multiplier[channel], params.activation);
                }
            }
        }
    }
}

impl Scalar {
    /// Σ weight · input over the window of output `(y, x)`.
    fn window_sum(&self, input: &Tensor, y: usize, x: usize, channel: usize) -> i32 {
        let (window, layout) = (self.params.window, input.layout());
        let shift = layout.halo() - window.padding.before;
        let (inputs, kernel) = (layout.channels(), window.kernel);
        let mut sum = 0;
        for tap in 0..kernel * kernel {
            let tap_y = shift + y * window.stride + tap / kernel;
            let tap_x = shift + x * window.stride + tap % kernel;
            let codes = &input.bytes()[layout.offset_with_halo(tap_y, tap_x)..][..inputs];
            let weights =
                &self.params.weight[(channel * kernel * kernel + tap) * inputs..][..inputs];
            let products = codes
                .iter()
                .zip(weights)
                .map(|(&code, &weight)| i32::from(code) * i32::from(weight));
            sum += products.sum::<i32>();
        }
        sum
    }
}
