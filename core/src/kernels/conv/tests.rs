//! Every instruction set's kernels against the scalar ones on random and adversarial layers.

use super::*;
use crate::graph::{Padding, Window};
use crate::kernels::Isa;
use crate::quant::Activation;
use crate::random::SplitMix64;
use crate::tensor::{Layout, Tensor};
use crate::threads::{Threads, in_every_way};

/// What codes and weights are drawn from.
#[derive(Debug, Clone, Copy)]
enum Values {
    Uniform,
    /// All codes 127, all weights ±127 by channel: the largest sums there are.
    Extreme,
}

/// A layer to test: kernel, stride, padding, height, width, inputs, outputs, residual, dense.
#[derive(Debug, Clone, Copy)]
struct Case {
    window: Window,
    height: usize,
    width: usize,
    inputs: usize,
    outputs: usize,
    residual: bool,
    activation: Activation,
    /// As the image is laid out: no channel padding, and a halo that is not zero.
    dense: bool,
    values: Values,
}

struct Layer {
    params: ConvParams,
    layouts: ConvLayouts,
    input: Tensor,
    residual: Option<Tensor>,
}

impl Case {
    fn layer(&self, seed: u64) -> Layer {
        let mut random = SplitMix64(seed);
        let taps = self.window.kernel.pow(2) * self.inputs;
        let code_low = match self.values {
            Values::Uniform => 0,
            Values::Extreme => 127,
        };
        let mut weight = |channel: usize| match self.values {
            Values::Uniform => random.within(-127, 127) as i8,
            Values::Extreme if channel.is_multiple_of(2) => 127,
            Values::Extreme => -127,
        };
        let weight = (0..self.outputs * taps).map(|index| weight(index / taps)).collect();
        let halo = self.window.padding.largest() + random.within(0, 1) as usize;
        let layout = if self.dense { Layout::dense } else { Layout::padded };
        let input_layout = layout(self.height, self.width, self.inputs, halo);
        let mut input = Tensor::zeros(input_layout);
        if self.dense {
            input.fill_halo(&[62, 58, 52]);
        }
        let size = self.height * self.width * self.inputs;
        let codes: Vec<i8> = (0..size).map(|_| random.within(code_low, 127) as i8).collect();
        input.copy_from_dense(&codes);
        let (height, width) =
            (self.window.output_side(self.height), self.window.output_side(self.width));
        let output = Layout::padded(height, width, self.outputs, random.within(0, 1) as usize);
        let residual = self.residual.then(|| {
            let mut residual = Tensor::zeros(Layout::padded(height, width, self.outputs, 1));
            let size = height * width * self.outputs;
            let codes: Vec<i8> = (0..size).map(|_| random.within(-127, 127) as i8).collect();
            residual.copy_from_dense(&codes);
            residual
        });
        // Scaled so that codes are spread over the whole range and both clamps are reached.
        let spread = 64.0 / ((taps as f32).sqrt() * 64.0 * 73.0);
        let params = ConvParams {
            window: self.window,
            weight,
            bias: (0..self.outputs).map(|_| random.within(-30_000, 30_000)).collect(),
            multiplier: (0..self.outputs)
                .map(|_| spread * random.within(50, 150) as f32 / 100.0)
                .collect(),
            residual_multiplier: match self.residual {
                true => (0..self.outputs).map(|_| random.within(1, 2000)).collect(),
                false => Vec::new(),
            },
            activation: self.activation,
        };
        let layouts = ConvLayouts {
            input: input_layout,
            residual: residual.as_ref().map(|r| *r.layout()),
            output,
        };
        Layer { params, layouts, input, residual }
    }
}

impl Layer {
    fn run(&self, isa: Isa, threads: &mut Threads) -> Vec<i8> {
        let layer =
            prepare(isa, self.params.clone(), self.layouts).expect("an available instruction set");
        let mut output = Tensor::zeros(self.layouts.output);
        output.bytes_mut().fill(99);
        layer.run(&self.input, self.residual.as_ref(), &mut output, threads);
        // Padded channels included: the next layer multiplies them.
        let (height, width) = (self.layouts.output.height(), self.layouts.output.width());
        (0..height * width).flat_map(|i| output.pixel_mut(i / width, i % width).to_vec()).collect()
    }
}

fn cases() -> Vec<Case> {
    let window = |kernel, stride, padding| Window::new(kernel, stride, Padding::even(padding));
    let base = Case {
        window: window(3, 1, 1),
        height: 7,
        width: 7,
        inputs: 64,
        outputs: 64,
        residual: false,
        activation: Activation::Relu,
        dense: false,
        values: Values::Uniform,
    };
    let mut cases = vec![
        // The stem: dense image, 7×7.
        Case { window: window(7, 2, 3), height: 32, width: 30, inputs: 3, dense: true, ..base },
        Case {
            window: window(7, 2, 3),
            height: 9,
            width: 9,
            inputs: 3,
            dense: true,
            outputs: 5,
            ..base
        },
    ];
    for (kernel, padding) in [(1, 0), (3, 1), (7, 3), (3, 0), (5, 4)] {
        for stride in [1, 2, 3] {
            for (height, width) in [(7, 7), (13, 9), (8, 15)] {
                for (inputs, outputs) in [(32, 32), (1, 1), (33, 31), (7, 65), (100, 40)] {
                    let residual = (inputs + stride) % 2 == 0;
                    let window = window(kernel, stride, padding);
                    cases.push(Case { window, height, width, inputs, outputs, residual, ..base });
                }
            }
        }
    }
    for values in [Values::Uniform, Values::Extreme] {
        for residual in [false, true] {
            for activation in [Activation::Relu, Activation::Linear, Activation::Asymmetric] {
                cases.push(Case { values, residual, activation, inputs: 512, ..base });
                let window = window(1, 2, 0);
                cases.push(Case { values, residual, activation, window, inputs: 256, ..base });
            }
        }
    }
    // One pixel, one column, one row.
    cases.push(Case { height: 1, width: 1, ..base });
    cases.push(Case { height: 17, width: 1, ..base });
    cases.push(Case { height: 1, width: 17, ..base });
    cases
}

#[test]
fn every_instruction_set_equals_the_scalar_one() {
    let mut failures = Vec::new();
    let others: Vec<Isa> = Isa::available().into_iter().filter(|&isa| isa != Isa::Scalar).collect();
    println!("compared with scalar: {others:?}");
    assert!(!others.is_empty(), "no kernels but the scalar ones on this machine");
    let layers = cases().into_iter().zip(0..).map(|(case, seed)| {
        let layer = case.layer(seed);
        let expected = layer.run(Isa::Scalar, &mut Threads::One);
        (case, layer, expected)
    });
    let layers: Vec<_> = layers.collect();
    in_every_way(|threads| {
        for ((case, layer, expected), &isa) in
            layers.iter().flat_map(|layer| others.iter().map(move |isa| (layer, isa)))
        {
            let codes = layer.run(isa, threads);
            let differing = codes.iter().zip(expected).filter(|(a, b)| a != b).count();
            if differing > 0 {
                let count = threads.count();
                failures.push(format!("{isa:?} on {count} {case:?}: {differing} codes differ"));
            }
        }
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The negative control: one changed weight, bias or residual must be seen.
#[test]
fn a_perturbed_layer_differs() {
    let case = Case {
        window: Window::new(3, 1, Padding::even(1)),
        height: 7,
        width: 7,
        inputs: 32,
        outputs: 32,
        residual: true,
        activation: Activation::Linear,
        dense: false,
        values: Values::Uniform,
    };
    for isa in Isa::available() {
        let expected = case.layer(1).run(Isa::Scalar, &mut Threads::One);
        let mut weight = case.layer(1);
        weight.params.weight[100] = weight.params.weight[100].wrapping_neg().saturating_add(60);
        let mut bias = case.layer(1);
        bias.params.bias[3] += 5000;
        let mut residual = case.layer(1);
        residual.params.residual_multiplier[31] += 500;
        for (what, layer) in [("weight", weight), ("bias", bias), ("residual", residual)] {
            assert_ne!(
                layer.run(isa, &mut Threads::One),
                expected,
                "{isa:?}: a changed {what} went unseen"
            );
        }
    }
}
