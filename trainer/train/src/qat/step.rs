//! Step sizes as parameters.

use burn::module::{Module, Param};
use burn::prelude::*;
use tagsight_network::weights::{Weight, Weights};

use crate::model::{param, put};

/// Ends a step's name in checkpoints: the natural logarithm of what it has grown by.
const GROWTH: &str = "_growth";

/// Steps `first · e^growth`. What is not fitted keeps its first step to the last bit.
#[derive(Module, Debug)]
pub(super) struct StepSize<B: Backend> {
    /// Growth over the rate, so that it learns that much faster.
    slow_growth: Param<Tensor<B, 1>>,
    rate: f64,
    #[module(skip)]
    first: Vec<f32>,
}

impl<B: Backend> StepSize<B> {
    /// The step of that name.
    ///
    /// # Panics
    /// If it is absent.
    pub(super) fn new(weights: &Weights, name: &str, rate: f64, device: &B::Device) -> Self {
        let growth_name = format!("{name}{GROWTH}");
        let Weight { shape, values } = &weights[&growth_name];
        let slow = values.iter().map(|growth| (f64::from(*growth) / rate) as f32).collect();
        let slow = Weights::from([(growth_name.clone(), Weight::new(shape.clone(), slow))]);
        let first = weights[name].values.clone();
        Self { slow_growth: param(&slow, &growth_name, device), rate, first }
    }

    /// The steps, at most `largest`, with `gradient_scale` as LSQ's g.
    pub(super) fn value(&self, gradient_scale: f64, largest: f32) -> Tensor<B, 1> {
        let growth = self.slow_growth.val() * self.rate;
        let first = Tensor::from_floats(&self.first[..], &growth.device());
        step_of(first, growth, gradient_scale, largest)
    }

    pub(super) fn store(&self, weights: &mut Weights, layer: &str, field: &str) {
        let growth = self.slow_growth.val() * self.rate;
        put(weights, layer, &format!("{field}{GROWTH}"), growth);
        let first = Weight::new([self.first.len()], self.first.clone());
        weights.insert(format!("{layer}.{field}"), first);
    }
}

/// `first · e^growth`, with `∂step/∂growth` declared to be `gradient_scale / step`.
///
/// So the growth moves by `rate · gradient_scale · ∂L/∂s / s` under gradient descent, and the step,
/// to first order, by what the paper's update moves it; it never reaches 0, and optimisers that
/// normalise gradients (Adam) change it by a part of itself, whatever its size.
pub fn step_of<B: Backend>(
    first: Tensor<B, 1>,
    growth: Tensor<B, 1>,
    gradient_scale: f64,
    largest: f32,
) -> Tensor<B, 1> {
    let fixed = growth.clone().detach();
    let step = (first * fixed.clone().exp()).clamp_max(largest);
    let slope = step.clone().recip() * gradient_scale;
    step + (growth - fixed) * slope
}

/// LSQ's scale of a step's gradient, `1/√(N · Qp)`: `count` values share the step, whose largest
/// code is `max`.
pub fn gradient_scale(count: usize, max: f32) -> f64 {
    1.0 / (count as f64 * f64::from(max)).sqrt()
}

/// Puts first steps among the weights, not grown yet.
pub(super) fn begin(weights: &mut Weights, layer: &str, field: &str, first: Vec<f32>) {
    let count = first.len();
    weights.insert(format!("{layer}.{field}"), Weight::new([count], first));
    let growth = Weight::new([count], vec![0.0; count]);
    weights.insert(format!("{layer}.{field}{GROWTH}"), growth);
}

/// Names and shapes of one step's tensors.
pub(super) fn shapes(layer: &str, field: &str, count: usize) -> [(String, Vec<usize>); 2] {
    ["", GROWTH].map(|end| (format!("{layer}.{field}{end}"), vec![count]))
}

/// The geometric mean of a step, if `name` is one's first part among `weights`.
pub(super) fn mean(weights: &Weights, name: &str) -> Option<f64> {
    let growth = weights.get(&format!("{name}{GROWTH}"))?;
    let logarithms = weights[name].values.iter().zip(&growth.values);
    let logarithms = logarithms.map(|(first, growth)| f64::from(*first).ln() + f64::from(*growth));
    Some((logarithms.sum::<f64>() / growth.values.len() as f64).exp())
}
