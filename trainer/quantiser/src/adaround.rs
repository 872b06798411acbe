//! AdaRound (Nagel et al. 2020, arXiv 2004.10568): rounding each weight up or down so that the
//! layer's outputs, rather than its weights, are nearest to the float network's.
//!
//! A weight is `scale · (floor + h(v))` with the rectified sigmoid `h` of a learned `v`. What is
//! minimised is the square error of the activated outputs plus a regulariser that drives every `h`
//! to 0 or 1. Inputs come from the quantised network and targets from the float one, so a layer
//! makes up for the errors of those before it.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use rayon::prelude::*;
use tagsight_core::graph::{Conv, TensorId};
use tagsight_core::quant::{Activation, RELU6_MAX};

use super::float::{Matrix, Order, product};
use super::layer::{FloatLayer, QuantLayer};
use super::samples::Samples;
use super::scales::quant_max;

/// The rectified sigmoid reaches 0 and 1: `h = clamp(σ(v) · (ζ − γ) + γ)` with ζ 1.1 and γ −0.1.
const STRETCH: f32 = 1.2;
const LOW: f32 = -0.1;
/// Weight of the regulariser, λ in the paper.
const REGULARISATION: f32 = 0.01;
/// Part of the steps before the regulariser sets in.
const WARM_UP: f64 = 0.2;
/// The regulariser's exponent β falls from the first to the second; in whole numbers, so that a
/// power is a few multiplications.
const STEEPNESS: (i32, i32) = (20, 2);
const LEARNING_RATE: f32 = 0.01;
/// Adam's decay rates and the trace that keeps it from dividing by 0.
const MOMENTUM: f32 = 0.9;
const SQUARE_MOMENTUM: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// How long and on what AdaRound works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdaRound {
    /// Steps a layer.
    pub steps: usize,
    /// Output positions a step.
    pub batch: usize,
    /// Output positions that are drawn from the calibration photos.
    pub samples: usize,
    /// Everything random follows from it.
    pub seed: u64,
    /// The last tensor whose layer has its rounding learned; without it every layer has.
    pub up_to: Option<TensorId>,
}

impl Default for AdaRound {
    fn default() -> Self {
        Self { steps: 1500, batch: 64, samples: 16_384, seed: 0, up_to: None }
    }
}

impl AdaRound {
    /// Whether it is meant for this layer.
    pub(super) fn takes(&self, conv: &Conv) -> bool {
        self.up_to.is_none_or(|last| conv.output <= last)
    }

    /// Rounds `layer`'s weights for codes of so many `bits` and the given scales.
    pub(super) fn round(
        &self,
        layer: &FloatLayer,
        scales: Vec<f32>,
        bits: u32,
        activation: Activation,
        samples: &Samples,
    ) -> QuantLayer {
        let mut rounding = Rounding::new(layer, &scales, quant_max(bits));
        let mut rng = ChaCha12Rng::seed_from_u64(self.seed);
        let mut order: Vec<usize> = (0..samples.rows).collect();
        let batch = self.batch.min(samples.rows);
        let mut next = samples.rows;
        for step in 0..self.steps {
            if next + batch > samples.rows {
                order.shuffle(&mut rng);
                next = 0;
            }
            let rows = &order[next..next + batch];
            next += batch;
            let gradient = rounding.output_gradient(samples, rows, &layer.bias, activation);
            rounding.descend(step, &gradient, steepness(step, self.steps));
        }
        let codes = rounding.codes();
        QuantLayer {
            shape: layer.weight.shape.clone(),
            codes,
            bits,
            scales,
            bias: layer.bias.clone(),
        }
    }
}

/// β at a step; none while the regulariser rests.
fn steepness(step: usize, steps: usize) -> Option<i32> {
    let progress = step as f64 / steps as f64;
    let (first, last) = STEEPNESS;
    (progress >= WARM_UP).then(|| {
        let annealed = (progress - WARM_UP) / (1.0 - WARM_UP);
        first - (annealed * f64::from(first - last + 1)) as i32
    })
}

/// What is learned of a layer. Matrices are `[taps, outputs]`, as products want them.
struct Rounding<'a> {
    outputs: usize,
    scales: &'a [f32],
    floors: Vec<f32>,
    elements: Vec<Element>,
    weights: Vec<f32>,
}

/// One weight's variable.
#[derive(Clone, Copy)]
struct Element {
    v: f32,
    h: f32,
    momentum: f32,
    square_momentum: f32,
}

impl<'a> Rounding<'a> {
    /// At the weights themselves: `h` is what rounding down would cut off.
    fn new(layer: &FloatLayer, scales: &'a [f32], quant_max: i32) -> Self {
        let outputs = scales.len();
        let taps = layer.weight.values.len() / outputs;
        let (low, high) = (-quant_max as f32, (quant_max - 1) as f32);
        let mut floors = vec![0.0; taps * outputs];
        let start = Element { v: 0.0, h: 0.0, momentum: 0.0, square_momentum: 0.0 };
        let mut elements = vec![start; taps * outputs];
        for (output, kernel) in layer.weight.values.chunks_exact(taps).enumerate() {
            for (tap, weight) in kernel.iter().enumerate() {
                let code = weight / scales[output];
                let floor = code.floor().clamp(low, high);
                let h = (code - floor).clamp(0.0, 1.0);
                let sigmoid = (h - LOW) / STRETCH;
                floors[tap * outputs + output] = floor;
                let element = &mut elements[tap * outputs + output];
                (element.v, element.h) = ((sigmoid / (1.0 - sigmoid)).ln(), h);
            }
        }
        let weights = vec![0.0; taps * outputs];
        let mut rounding = Self { outputs, scales, floors, elements, weights };
        rounding.set_weights();
        rounding
    }

    /// Gradient of the mean square error of the activated outputs by the weights.
    fn output_gradient(
        &self,
        samples: &Samples,
        rows: &[usize],
        bias: &[f32],
        activation: Activation,
    ) -> Vec<f32> {
        let (outputs, taps) = (self.outputs, self.weights.len() / self.outputs);
        let row_of_inputs = |&row: &usize| &samples.inputs[row * taps..(row + 1) * taps];
        let inputs: Vec<f32> = rows.iter().flat_map(row_of_inputs).copied().collect();
        let weights = Matrix::new(&self.weights, taps, Order::Rows);
        let mut errors = product(Matrix::new(&inputs, rows.len(), Order::Rows), weights);
        for (errors, &row) in errors.chunks_exact_mut(outputs).zip(rows) {
            let of_row = row * outputs..(row + 1) * outputs;
            let targets = &samples.targets[of_row.clone()];
            let residual = samples.residual.as_ref().map(|residual| &residual[of_row]);
            for (output, error) in errors.iter_mut().enumerate() {
                let joined = bias[output] + residual.map_or(0.0, |residual| residual[output]);
                let sum = *error + joined;
                let difference = activate(sum, activation) - activate(targets[output], activation);
                let slope = if activate(sum, activation) == sum { 2.0 } else { 0.0 };
                *error = slope * difference / rows.len() as f32;
            }
        }
        let transposed = Matrix::new(&inputs, taps, Order::Columns);
        product(transposed, Matrix::new(&errors, rows.len(), Order::Rows))
    }

    /// One step of Adam on the error's gradient and the regulariser's.
    fn descend(&mut self, step: usize, gradient: &[f32], steepness: Option<i32>) {
        let correction = 1.0 - MOMENTUM.powi(step as i32 + 1);
        let square_correction = 1.0 - SQUARE_MOMENTUM.powi(step as i32 + 1);
        let rate = LEARNING_RATE / correction;
        let rows = self.elements.par_chunks_mut(self.outputs);
        rows.zip(gradient.par_chunks(self.outputs)).for_each(|(elements, gradient)| {
            for ((element, gradient), scale) in elements.iter_mut().zip(gradient).zip(self.scales) {
                let sigmoid = (element.h - LOW) / STRETCH;
                let is_free = element.h > 0.0 && element.h < 1.0;
                let slope = if is_free { STRETCH * sigmoid * (1.0 - sigmoid) } else { 0.0 };
                let pull = steepness.map_or(0.0, |beta| {
                    let side = 2.0 * element.h - 1.0;
                    let power = side.abs().powi(beta - 1).copysign(side);
                    -2.0 * REGULARISATION * beta as f32 * power
                });
                let slope = (gradient * scale + pull) * slope;
                element.momentum += (1.0 - MOMENTUM) * (slope - element.momentum);
                element.square_momentum +=
                    (1.0 - SQUARE_MOMENTUM) * (slope * slope - element.square_momentum);
                let deviation = (element.square_momentum / square_correction).sqrt() + EPSILON;
                element.v -= rate * element.momentum / deviation;
                let sigmoid = 1.0 / (1.0 + (-element.v).exp());
                element.h = (sigmoid * STRETCH + LOW).clamp(0.0, 1.0);
            }
        });
        self.set_weights();
    }

    fn set_weights(&mut self) {
        let (outputs, scales) = (self.outputs, self.scales);
        let rows = self.weights.par_chunks_mut(outputs).zip(self.elements.par_chunks(outputs));
        rows.zip(self.floors.par_chunks(outputs)).for_each(|((weights, elements), floors)| {
            let parts = elements.iter().zip(floors).zip(scales);
            for (weight, ((element, floor), scale)) in weights.iter_mut().zip(parts) {
                *weight = (floor + element.h) * scale;
            }
        });
    }

    /// Up where `h` is more than a half; `[outputs, taps]`.
    fn codes(&self) -> Vec<i16> {
        let taps = self.weights.len() / self.outputs;
        let up = |index: usize| i16::from(self.elements[index].h > 0.5);
        let code = |index: usize| self.floors[index] as i16 + up(index);
        let of_output = |output: usize| (0..taps).map(move |tap| code(tap * self.outputs + output));
        (0..self.outputs).flat_map(of_output).collect()
    }
}

fn activate(sum: f32, activation: Activation) -> f32 {
    match activation {
        Activation::Relu => sum.max(0.0),
        Activation::Relu6 => sum.clamp(0.0, RELU6_MAX),
        Activation::Linear | Activation::Asymmetric => sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    use tagsight_network::weights::Weight;

    const OUTPUTS: usize = 8;
    const TAPS: usize = 24;
    const BITS: u32 = 4;

    fn random(rng: &mut ChaCha12Rng, count: usize) -> Vec<f32> {
        (0..count).map(|_| rng.random_range(-1.0..1.0)).collect()
    }

    /// A layer, and correlated inputs with the layer's own outputs as targets.
    fn problem() -> (FloatLayer, Vec<f32>, Samples) {
        let mut rng = ChaCha12Rng::seed_from_u64(5);
        let weight = Weight::new([OUTPUTS, TAPS, 1, 1], random(&mut rng, OUTPUTS * TAPS));
        let layer = FloatLayer { weight, bias: random(&mut rng, OUTPUTS) };
        let rows = 2048;
        let mut inputs = Vec::new();
        for _ in 0..rows {
            let common: f32 = rng.random_range(0.0..60.0);
            let mut code = |_| (common + rng.random_range(0.0..40.0f32)).floor() * 0.02;
            inputs.extend((0..TAPS).map(&mut code));
        }
        let mut samples = Samples { rows, inputs, residual: None, targets: Vec::new() };
        samples.targets = outputs(&layer.weight.values, &layer.bias, &samples);
        (layer, vec![1.0 / 7.0; OUTPUTS], samples)
    }

    fn outputs(weights: &[f32], bias: &[f32], samples: &Samples) -> Vec<f32> {
        let rows = samples.inputs.chunks_exact(TAPS);
        let row_outputs = |row: &[f32]| -> Vec<f32> {
            let product = |kernel: &[f32]| -> f32 {
                kernel.iter().zip(row).map(|(weight, input)| weight * input).sum()
            };
            weights.chunks_exact(TAPS).zip(bias).map(|(kernel, b)| product(kernel) + b).collect()
        };
        rows.flat_map(row_outputs).collect()
    }

    fn square_error(layer: &QuantLayer, samples: &Samples) -> f64 {
        let outputs = outputs(&layer.weight().values, &layer.bias, samples);
        let relu = |value: f32| f64::from(value.max(0.0));
        let pairs = outputs.iter().zip(&samples.targets);
        pairs.map(|(output, target)| (relu(*output) - relu(*target)).powi(2)).sum()
    }

    #[test]
    fn outputs_are_nearer_than_by_nearest_rounding() {
        let (layer, scales, samples) = problem();
        let nearest = layer.to_nearest(scales.clone(), BITS);
        let method = AdaRound { steps: 1000, batch: 32, ..AdaRound::default() };
        let round = || method.round(&layer, scales.clone(), BITS, Activation::Relu, &samples);
        let learned = round();
        let (before, after) = (square_error(&nearest, &samples), square_error(&learned, &samples));
        assert!(after < 0.3 * before, "{after} {before}");
        let floor = |weight: &f32| (weight * 7.0).floor() as i16;
        for (code, weight) in learned.codes.iter().zip(&layer.weight.values) {
            assert!((0..=1).contains(&(code - floor(weight))), "{code} {weight}");
        }
        assert_eq!(learned.codes, round().codes, "the same seed gives the same codes");
    }

    #[test]
    fn steepness_falls_to_its_last_value() {
        let all: Vec<Option<i32>> = (0..1000).map(|step| steepness(step, 1000)).collect();
        assert_eq!((all[0], all[199], all[200], all[999]), (None, None, Some(20), Some(2)));
        assert!(all[200..].is_sorted_by(|left, right| left >= right));
    }
}
