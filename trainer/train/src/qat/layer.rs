//! Fake-quantised layers. They compute in codes, which floats hold exactly: a layer's sums are the
//! integer engine's, and so is what becomes of them.

use burn::module::{Module, Param};
use burn::prelude::*;
use tagsight_core::artifact::{QuantConv, QuantLinear, WeightBits};
use tagsight_core::graph::Conv;
use tagsight_core::quant::{Activation, RELU6_MAX};
use tagsight_network::weights::Weights;

use super::config::QatConfig;
use super::fake_quantise::{QuantRange, fake_quantise, round_through};
use super::image::Image;
use super::scales::SumScales;
use super::step::{StepSize, gradient_scale};
use crate::model::{Convolution, param, put};

/// Ends the name of the steps of a layer's weights in checkpoints.
pub(super) const WEIGHT_STEP: &str = "weight_step";
/// Ends the name of a layer's output step.
pub(super) const OUTPUT_STEP: &str = "output_step";

/// Activations as codes less their zero point, `[n, channels, height, width]`.
#[derive(Debug, Clone)]
pub(super) struct Quantised<B: Backend> {
    /// Whole numbers.
    pub(super) codes: Tensor<B, 4>,
    /// Value of one code, `[1]`.
    pub(super) step: Tensor<B, 1>,
}

/// A convolution with its activation.
#[derive(Module, Debug)]
pub(super) struct QatConv<B: Backend> {
    weight: Param<Tensor<B, 4>>,
    bias: Param<Tensor<B, 1>>,
    weight_step: StepSize<B>,
    output_step: StepSize<B>,
    #[module(skip)]
    weight_bits: u32,
    #[module(skip)]
    outputs: QuantRange,
}

/// The classifier over pooled sums.
#[derive(Module, Debug)]
pub(super) struct QatClassifier<B: Backend> {
    weight: Param<Tensor<B, 2>>,
    bias: Param<Tensor<B, 1>>,
    weight_step: StepSize<B>,
    #[module(skip)]
    weight_bits: u32,
}

/// A layer's weights and biases as whole numbers.
struct Integers<B: Backend, const D: usize> {
    weight: Tensor<B, D>,
    weight_step: Tensor<B, 1>,
    /// Value of one unit of the sum.
    unit: Tensor<B, 1>,
    /// In units of the sum.
    bias: Tensor<B, 1>,
}

impl<B: Backend> QatConv<B> {
    /// The layer of that name, with steps.
    pub(super) fn new(
        node: &Conv,
        weights: &Weights,
        config: &QatConfig,
        device: &B::Device,
    ) -> Self {
        let name = |field: &str| format!("{}.{field}", node.name);
        Self {
            weight: param(weights, &name("weight"), device),
            bias: param(weights, &name("bias"), device),
            weight_step: StepSize::new(weights, &name(WEIGHT_STEP), config.step_rate, device),
            output_step: StepSize::new(weights, &name(OUTPUT_STEP), config.step_rate, device),
            weight_bits: config.conv_bits(node),
            outputs: QuantRange::activation(node.activation, config.activation_bits),
        }
    }

    /// Convolves; the image, if it is that, tells how to see its codes.
    pub(super) fn forward(
        &self,
        node: &Conv,
        input: &Quantised<B>,
        residual: Option<&Quantised<B>>,
        image: Option<&Image>,
    ) -> Quantised<B> {
        let Integers { weight, weight_step, bias, .. } = self.integers(&input.step, image);
        let scales = SumScales { input: input.step.clone(), weight: weight_step };
        let bias = match image {
            Some(image) => bias + image.mean_pixel(&weight).codes,
            None => bias,
        };
        let convolution = Convolution {
            window: node.window,
            groups: node.groups,
            activation: Activation::Linear,
        };
        let mut sum = convolution.forward(input.codes.clone(), weight, Some(bias));
        if let Some(residual) = residual {
            let worth = scales.residual_multiplier(&residual.step);
            sum = sum + residual.codes.clone() * worth.reshape([1, -1, 1, 1]);
        }
        let [count, channels, height, width] = sum.dims();
        let step = self.output_step(node.activation, channels * height * width);
        let sum = sum.reshape([count, channels, height * width]);
        let codes = fake_quantise(sum, scales.multiplier(&step), self.outputs);
        Quantised { codes: codes.reshape([count, channels, height, width]), step }
    }

    fn integers(&self, input_step: &Tensor<B, 1>, image: Option<&Image>) -> Integers<B, 4> {
        let mut weight = self.weight.val();
        if let Some(image) = image {
            weight = image.over_pixels(weight);
        }
        let (weight, weight_step) = weight_codes(weight, &self.weight_step, self.weight_bits);
        let unit = input_step.clone() * weight_step.clone();
        let mut bias = self.bias.val();
        if let Some(image) = image {
            bias = bias - image.mean_pixel(&weight).value * weight_step.clone();
        }
        let bias = round_through(bias / unit.clone());
        Integers { weight, weight_step, unit, bias }
    }

    /// Value of one output code; `features` of a sample share it.
    pub(super) fn output_step(&self, activation: Activation, features: usize) -> Tensor<B, 1> {
        let largest = match activation {
            Activation::Relu6 => RELU6_MAX / self.outputs.max,
            _ => f32::MAX,
        };
        self.output_step.value(gradient_scale(features, self.outputs.max), largest)
    }

    /// The layer as the engines take it.
    pub(super) fn export(
        &self,
        node: &Conv,
        input_step: &Tensor<B, 1>,
        image: Option<&Image>,
    ) -> QuantConv {
        let Integers { weight, weight_step, bias, .. } = self.integers(input_step, image);
        QuantConv {
            weight: host(weight.permute([0, 2, 3, 1])).map(|code| code as i8).collect(),
            bits: WeightBits::holding(self.weight_bits),
            weight_scale: host(weight_step).collect(),
            bias: host(bias).map(|units| units as i32).collect(),
            output_scale: host(self.output_step(node.activation, 1)).next().expect("one step"),
        }
    }

    pub(super) fn store(&self, layer: &str, weights: &mut Weights) {
        put(weights, layer, "weight", self.weight.val());
        put(weights, layer, "bias", self.bias.val());
        self.weight_step.store(weights, layer, WEIGHT_STEP);
        self.output_step.store(weights, layer, OUTPUT_STEP);
    }
}

impl<B: Backend> QatClassifier<B> {
    pub(super) fn new(
        layer: &str,
        weights: &Weights,
        config: &QatConfig,
        device: &B::Device,
    ) -> Self {
        let name = |field: &str| format!("{layer}.{field}");
        Self {
            weight: param(weights, &name("weight"), device),
            bias: param(weights, &name("bias"), device),
            weight_step: StepSize::new(weights, &name(WEIGHT_STEP), config.step_rate, device),
            weight_bits: config.first_and_last_bits,
        }
    }

    /// Logits of pooled sums `[n, features]`; `step` is the value of one unit of them.
    pub(super) fn forward(&self, sums: Tensor<B, 2>, step: &Tensor<B, 1>) -> Tensor<B, 2> {
        let Integers { weight, unit, bias, .. } = self.integers(step);
        let logits = sums.matmul(weight.transpose()) + bias.reshape([1, -1]);
        logits * unit.reshape([1, -1])
    }

    fn integers(&self, step: &Tensor<B, 1>) -> Integers<B, 2> {
        let (weight, weight_step) =
            weight_codes(self.weight.val(), &self.weight_step, self.weight_bits);
        let unit = step.clone() * weight_step.clone();
        let bias = round_through(self.bias.val() / unit.clone());
        Integers { weight, weight_step, unit, bias }
    }

    /// The layer as the engines take it.
    pub(super) fn export(&self, step: &Tensor<B, 1>) -> QuantLinear {
        let Integers { weight, weight_step, bias, .. } = self.integers(step);
        QuantLinear {
            weight: host(weight).map(|code| code as i8).collect(),
            bits: WeightBits::holding(self.weight_bits),
            weight_scale: host(weight_step).collect(),
            bias: host(bias).map(|units| units as i32).collect(),
        }
    }

    pub(super) fn store(&self, layer: &str, weights: &mut Weights) {
        put(weights, layer, "weight", self.weight.val());
        put(weights, layer, "bias", self.bias.val());
        self.weight_step.store(weights, layer, WEIGHT_STEP);
    }
}

/// Codes of weights `[out, ...]`, and the step of each output channel; the weights of that channel
/// are the N of its gradient's scale.
fn weight_codes<B: Backend, const D: usize>(
    weight: Tensor<B, D>,
    step: &StepSize<B>,
    bits: u32,
) -> (Tensor<B, D>, Tensor<B, 1>) {
    let (shape, range) = (weight.dims(), QuantRange::weights(bits));
    let (outputs, taps) = (shape[0], shape[1..].iter().product());
    let step = step.value(gradient_scale(taps, range.max), f32::MAX);
    let codes = fake_quantise(weight.reshape([1, outputs, taps]), step.clone().recip(), range);
    (codes.reshape(shape), step)
}

fn host<B: Backend, const D: usize>(tensor: Tensor<B, D>) -> impl Iterator<Item = f32> {
    tensor.into_data().iter::<f32>().collect::<Vec<f32>>().into_iter()
}
