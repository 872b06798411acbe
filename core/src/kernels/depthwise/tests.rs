//! Every instruction set's kernels against the scalar ones on random and adversarial layers.

use super::*;
use crate::graph::{Padding, Window};
use crate::kernels::Isa;
use crate::kernels::conv::{self, ConvLayouts, ConvParams};
use crate::quant::Activation;
use crate::random::SplitMix64;
use crate::tensor::{Layout, Tensor};
use crate::threads::{Threads, in_every_way};

/// A layer to test.
#[derive(Debug, Clone, Copy)]
struct Case {
    window: Window,
    height: usize,
    width: usize,
    channels: usize,
    activation: Activation,
    /// All codes 127, all weights ±127 by channel: the largest sums there are.
    extreme: bool,
}

struct Layer {
    params: ConvParams,
    layouts: ConvLayouts,
    input: Tensor,
}

impl Case {
    fn layer(&self, seed: u64) -> Layer {
        let mut random = SplitMix64(seed);
        let (channels, window) = (self.channels, self.window);
        let taps = window.kernel.pow(2);
        let weight = |index: usize| match (self.extreme, index / taps % 2) {
            (false, _) => random.within(-127, 127) as i8,
            (true, 0) => 127,
            (true, _) => -127,
        };
        let weight = (0..channels * taps).map(weight).collect();
        let halo = window.padding.largest() + random.within(0, 1) as usize;
        let mut input = Tensor::zeros(Layout::padded(self.height, self.width, channels, halo));
        // Padded channels may hold anything: the weights there are zero.
        input.bytes_mut().fill(77);
        input.fill_halo(&[0]);
        let low = if self.extreme { 127 } else { 0 };
        let size = self.height * self.width * channels;
        let codes: Vec<i8> = (0..size).map(|_| random.within(low, 127) as i8).collect();
        input.copy_from_dense(&codes);
        let (height, width) = (window.output_side(self.height), window.output_side(self.width));
        let output = Layout::padded(height, width, channels, random.within(0, 1) as usize);
        // Scaled so that codes are spread over the whole range and both clamps are reached, but for
        // the largest sums: clamped, they would not show that one is too small.
        let spread = match self.extreme {
            false => 64.0 / ((taps as f32).sqrt() * 64.0 * 73.0),
            true => 60.0 / (taps as f32 * 127.0 * 127.0),
        };
        let params = ConvParams {
            window,
            weight,
            bias: (0..channels).map(|_| random.within(-9_000, 9_000)).collect(),
            multiplier: (0..channels)
                .map(|_| spread * random.within(50, 150) as f32 / 100.0)
                .collect(),
            residual_multiplier: Vec::new(),
            activation: self.activation,
        };
        let layouts = ConvLayouts { input: *input.layout(), residual: None, output };
        Layer { params, layouts, input }
    }
}

impl Layer {
    fn run(&self, isa: Isa, threads: &mut Threads) -> Vec<i8> {
        let layer =
            prepare(isa, self.params.clone(), self.layouts).expect("an available instruction set");
        let mut output = Tensor::zeros(self.layouts.output);
        output.bytes_mut().fill(99);
        layer.run(&self.input, None, &mut output, threads);
        // All of it: padded channels, and a halo that must stay as it was.
        output.into_storage()
    }
}

const ACTIVATIONS: [Activation; 3] =
    [Activation::Relu6, Activation::Linear, Activation::Asymmetric];

fn cases() -> Vec<Case> {
    let mut cases = threes();
    cases.extend(fives());
    cases.extend(others());
    cases
}

/// 3×3 windows.
fn threes() -> Vec<Case> {
    let paddings = [
        Padding::even(1),
        Padding { before: 0, after: 1 },
        Padding { before: 1, after: 0 },
        Padding::even(0),
    ];
    let mut cases = Vec::new();
    for stride in [1, 2, 3, 4] {
        for padding in paddings {
            for (height, width) in [(7, 7), (13, 9), (8, 15), (3, 3), (112, 4), (4, 50)] {
                for channels in [32, 1, 33, 95, 144] {
                    let window = Window::new(3, stride, padding);
                    let activation = ACTIVATIONS[(channels + width + stride) % 3];
                    let extreme = (height + channels) % 4 == 0;
                    cases.push(Case { window, height, width, channels, activation, extreme });
                }
            }
        }
    }
    cases
}

/// 5×5 windows: each number of channels with each stride and padding, on planes that take turns,
/// some of them smaller than the window.
fn fives() -> Vec<Case> {
    let paddings = [
        Padding::even(2),
        Padding { before: 1, after: 2 },
        Padding { before: 2, after: 1 },
        Padding { before: 4, after: 0 },
        Padding::even(0),
    ];
    let sizes =
        [(9, 9), (3, 3), (13, 8), (5, 5), (8, 15), (2, 11), (40, 5), (1, 1), (6, 31), (7, 4)];
    let mut cases = Vec::new();
    for channels in (1..=40).chain([64, 95, 144]) {
        for stride in [1, 2, 3, 5, 6] {
            for padding in paddings {
                let number = cases.len();
                let window = Window::new(5, stride, padding);
                let padded = |side: usize| side + padding.before + padding.after;
                let fit =
                    sizes.into_iter().filter(|&(height, width)| padded(height.min(width)) >= 5);
                // Not by the number itself, which would give each padding sizes of its own.
                let (height, width) =
                    fit.cycle().nth(number * 3 / 7).expect("a large enough plane");
                let activation = ACTIVATIONS[number % 3];
                let extreme = number % 4 == 0;
                cases.push(Case { window, height, width, channels, activation, extreme });
            }
        }
    }
    cases
}

/// Edges: the largest sums, the smallest planes, and windows that the row kernels do not take.
fn others() -> Vec<Case> {
    let mut cases = Vec::new();
    let base = Case {
        window: Window::new(3, 1, Padding::even(1)),
        height: 7,
        width: 7,
        channels: 64,
        activation: Activation::Relu,
        extreme: false,
    };
    let five = Window::new(5, 1, Padding::even(2));
    for base in [base, Case { window: five, ..base }] {
        for activation in ACTIVATIONS {
            cases.push(Case { activation, extreme: true, ..base });
            cases.push(Case { activation, extreme: false, ..base });
        }
        // One pixel, one column, one row.
        cases.push(Case { height: 1, width: 1, ..base });
        cases.push(Case { height: 17, width: 1, ..base });
        cases.push(Case { height: 1, width: 17, ..base });
    }
    for (kernel, padding) in [(1, 0), (2, 1), (4, 1), (7, 3)] {
        let window = Window::new(kernel, 1, Padding::even(padding));
        cases.push(Case { window, ..base });
    }
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

/// The scalar kernel is the dense one with zeros between channels.
#[test]
fn the_definition_is_a_dense_convolution_with_a_diagonal_kernel() {
    let few = |case: &Case| [1, 16, 32, 33].contains(&case.channels);
    for (seed, case) in cases().iter().enumerate().filter(|(_, case)| few(case)) {
        let layer = case.layer(seed as u64);
        let (channels, taps) = (case.channels, case.window.kernel.pow(2));
        let mut dense = layer.params.clone();
        dense.weight = vec![0; channels * taps * channels];
        for (index, &weight) in layer.params.weight.iter().enumerate() {
            dense.weight[index * channels + index / taps] = weight;
        }
        let dense = conv::prepare(Isa::Scalar, dense, layer.layouts).unwrap();
        let mut output = Tensor::zeros(layer.layouts.output);
        output.bytes_mut().fill(99);
        dense.run(&layer.input, None, &mut output, &mut Threads::One);
        assert_eq!(layer.run(Isa::Scalar, &mut Threads::One), output.into_storage(), "{case:?}");
    }
}

/// The negative control: one changed weight, bias or code must be seen.
#[test]
fn a_perturbed_layer_differs() {
    for (kernel, padding) in [(3, 0), (5, 1)] {
        let padding = Padding { before: padding, after: padding + 1 };
        let case = Case {
            window: Window::new(kernel, 2, padding),
            height: 8,
            width: 8,
            channels: 40,
            activation: Activation::Linear,
            extreme: false,
        };
        assert_changes_are_seen(case);
    }
}

/// Every tap of a 5×5 window counts, in every engine.
#[test]
fn each_changed_tap_is_seen() {
    let window = Window::new(5, 1, Padding::even(2));
    let activation = Activation::Linear;
    let case = Case { window, height: 7, width: 7, channels: 9, activation, extreme: false };
    let expected = case.layer(1).run(Isa::Scalar, &mut Threads::One);
    for isa in Isa::available() {
        for tap in 0..25 {
            let mut layer = case.layer(1);
            let weight = &mut layer.params.weight[8 * 25 + tap];
            *weight = if *weight > 0 { *weight - 100 } else { *weight + 100 };
            assert_ne!(
                layer.run(isa, &mut Threads::One),
                expected,
                "{isa:?}: a changed tap {tap} went unseen"
            );
        }
    }
}

fn assert_changes_are_seen(case: Case) {
    let expected = case.layer(1).run(Isa::Scalar, &mut Threads::One);
    for isa in Isa::available() {
        let mut weight = case.layer(1);
        weight.params.weight[100] = weight.params.weight[100].wrapping_neg().saturating_add(60);
        let mut bias = case.layer(1);
        bias.params.bias[39] += 5000;
        let mut code = case.layer(1);
        code.input.pixel_mut(7, 7)[20] ^= 64;
        for (what, layer) in [("weight", weight), ("bias", bias), ("code", code)] {
            assert_ne!(
                layer.run(isa, &mut Threads::One),
                expected,
                "{isa:?}: a changed {what} went unseen"
            );
        }
    }
}
