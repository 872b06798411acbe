//! The definition: what all other kernels must equal, bit for bit.

use crate::kernels::conv::{ConvLayer, ConvLayouts, ConvParams};
use crate::quant;
use crate::tensor::Tensor;
use crate::threads::Threads;

/// A depthwise convolution as plain loops over pixels, channels and window.
#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) params: ConvParams,
    pub(super) layouts: ConvLayouts,
}

impl ConvLayer for Scalar {
    fn run(&self, input: &Tensor, _: Option<&Tensor>, output: &mut Tensor, _: &mut Threads) {
        let (params, channels) = (&self.params, self.params.outputs());
        for y in 0..self.layouts.output.height() {
            for x in 0..self.layouts.output.width() {
                let codes = output.pixel_mut(y, x);
                // Later layers multiply the padded channels, by weights of zero.
                codes[channels..].fill(params.activation.zero_point() as i8);
                for (channel, code) in codes[..channels].iter_mut().enumerate() {
                    let sum = params.bias[channel] + self.window_sum(input, y, x, channel);
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
        let (shift, kernel) = (layout.halo() - window.padding.before, window.kernel);
        let weights = self.params.weight.chunks_exact(kernel * kernel).nth(channel);
        let weights = weights.expect("a kernel a channel").iter().enumerate();
        let products = weights.map(|(tap, &weight)| {
            let tap_y = shift + y * window.stride + tap / kernel;
            let tap_x = shift + x * window.stride + tap % kernel;
            let code = input.bytes()[layout.offset_with_halo(tap_y, tap_x) + channel];
            i32::from(code) * i32::from(weight)
        });
        products.sum()
    }
}
