//! From a float checkpoint to the network that quantisation-aware training begins with.

use burn::backend::Flex;
use rayon::prelude::*;
use tagsight_core::graph::{Conv, Graph, IMAGE, Node};
use tagsight_core::quant::{self, Activation, PIXEL_SCALE, RELU6_MAX};

use super::codes::CodeRange;
use super::config::{QatConfig, StepInitialisation};
use super::layer::{OUTPUT_STEP, WEIGHT_STEP};
use crate::checkpoint::Checkpoint;
use crate::export::{self, RangeMethod, Ranges};
use crate::model::{Network, Segment};
use crate::train::TrainConfig;
use crate::weights::{Weight, Weights, fold_batch_norm};

/// No bias begins with more units of the sum than this: floats count exactly up to 2²⁴.
const LARGEST_BIAS: f32 = (1u32 << 22) as f32;
/// No residual code begins with more units of the sum than this.
const LARGEST_RESIDUAL: f32 = (quant::RESIDUAL_MAX / 2) as f32;

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum QatError {
    /// Training begins with a float network.
    #[error(
        "the checkpoint is already of quantisation-aware training; go on from it with --resume, \
         or begin with a float checkpoint"
    )]
    Quantised,
    /// Export needs trained steps.
    #[error("the checkpoint is a float network; export it with --int8, or fit it with --qat first")]
    Float,
    /// The run would choose by photos that the float network was fitted to, or other pixels.
    #[error("{0} differs from the float run's; give the same, so that held-back photos stay so")]
    Setting(&'static str),
    /// The engines have one width of activations.
    #[error(
        "activations of {0} bits are for experiments alone; the engines compute with 7, so fit \
         with qat.activation_bits = 7 to export"
    )]
    ActivationBits(u32),
}

/// Folds batch norms and gives every layer its first steps: activations' from what the float
/// network gives on calibration `images` (7-bit codes, HWC), weights' from the weights.
///
/// # Errors
/// If the checkpoint is quantised already.
pub fn begin(
    float: &Checkpoint,
    config: &QatConfig,
    images: &[Vec<i8>],
) -> Result<Checkpoint, QatError> {
    if float.metadata.qat.is_some() {
        return Err(QatError::Quantised);
    }
    let graph = float.metadata.graph();
    let preprocessing = &float.metadata.preprocessing;
    let mut weights = fold_batch_norm(&float.weights, &graph);
    let device = Default::default();
    let network = Network::<Flex>::new(Segment::whole(&graph), &weights, 0.0, &device);
    let ranges = export::observe_ranges(&network, images, preprocessing, RangeMethod::Mse, &device);
    add_steps(&mut weights, &graph, &ranges, config, preprocessing.std);
    let mut metadata = float.metadata.clone();
    metadata.epoch = 0;
    metadata.held_back_map = 0.0;
    metadata.qat = Some(config.clone());
    Ok(Checkpoint { metadata, weights, resume: None })
}

/// Refuses settings that differ from the float run's where they must not.
///
/// # Errors
/// If seed or part held back differ, as then photos that the float network was fitted to would be
/// held back, or the side of the input.
pub fn check_settings(float: &TrainConfig, config: &TrainConfig) -> Result<(), QatError> {
    let settings = [
        ("seed", float.seed == config.seed),
        ("holdout", float.holdout == config.holdout),
        ("side", float.side == config.side),
    ];
    match settings.into_iter().find(|(_, same)| !same) {
        Some((key, _)) => Err(QatError::Setting(key)),
        None => Ok(()),
    }
}

fn add_steps(
    weights: &mut Weights,
    graph: &Graph,
    ranges: &Ranges,
    config: &QatConfig,
    std: [f32; 3],
) {
    let mut steps = vec![PIXEL_SCALE; graph.tensors.len()];
    for node in &graph.nodes {
        match node {
            Node::Conv(conv) => {
                let mut layer = Layer::of(weights, &conv.name, config.conv_bits(conv));
                if conv.input == IMAGE {
                    layer.over_pixels(std);
                }
                let residual = conv.residual.map(|residual| steps[residual]);
                let of_weights =
                    layer.steps(config.step_initialisation, steps[conv.input], residual);
                let step = output_step(conv, ranges[&conv.name], config);
                put_logarithms(weights, &conv.name, WEIGHT_STEP, &of_weights);
                put_logarithms(weights, &conv.name, OUTPUT_STEP, &[step]);
                steps[conv.output] = step;
            }
            Node::MaxPool { input, output, .. } => steps[*output] = steps[*input],
            Node::Head { name, input } => {
                let shape = graph.tensors[*input];
                let pooled = steps[*input] / (shape.height * shape.width) as f32;
                let layer = Layer::of(weights, name, config.first_and_last_bits);
                let of_weights = layer.steps(config.step_initialisation, pooled, None);
                put_logarithms(weights, name, WEIGHT_STEP, &of_weights);
            }
        }
    }
}

fn put_logarithms(weights: &mut Weights, layer: &str, field: &str, steps: &[f32]) {
    let logarithms = steps.iter().map(|step| f64::from(*step).ln() as f32).collect();
    weights.insert(format!("{layer}.{field}"), Weight::new([steps.len()], logarithms));
}

/// The step whose codes express magnitudes up to `range`.
fn output_step(conv: &Conv, range: f32, config: &QatConfig) -> f32 {
    let codes = CodeRange::activation(conv.activation, config.activation_bits);
    match conv.activation {
        Activation::Relu6 => range.min(RELU6_MAX) / codes.max,
        _ => range / codes.max,
    }
}

/// A layer's real weights, an output channel after the other.
struct Layer {
    weight: Weight,
    bias: Vec<f32>,
    range: CodeRange,
}

impl Layer {
    fn of(weights: &Weights, name: &str, bits: u32) -> Self {
        Self {
            weight: weights[&format!("{name}.weight")].clone(),
            bias: weights[&format!("{name}.bias")].values.clone(),
            range: CodeRange::weights(bits),
        }
    }

    fn over_pixels(&mut self, std: [f32; 3]) {
        let area = self.weight.shape[2] * self.weight.shape[3];
        for (index, plane) in self.weight.values.chunks_exact_mut(area).enumerate() {
            plane.iter_mut().for_each(|tap| *tap /= std[index % std.len()]);
        }
    }

    /// One step an output channel; larger where a bias or a residual would not fit the sum.
    fn steps(&self, method: StepInitialisation, input: f32, residual: Option<f32>) -> Vec<f32> {
        let taps = self.weight.values.len() / self.bias.len();
        let kernels = self.weight.values.par_chunks(taps).zip(&self.bias);
        let step = |(kernel, bias): (&[f32], &f32)| {
            let for_weights = match method {
                StepInitialisation::Mse => least_error_step(kernel, self.range),
                StepInitialisation::MinMax => min_max_step(kernel, self.range),
            };
            let for_bias = bias.abs() / (input * LARGEST_BIAS);
            let for_residual = residual.unwrap_or(0.0) / (input * LARGEST_RESIDUAL);
            let step = for_weights.max(for_bias).max(for_residual);
            if step.is_normal() { step } else { 1.0 }
        };
        kernels.map(step).collect()
    }
}

fn min_max_step(kernel: &[f32], range: CodeRange) -> f32 {
    kernel.iter().fold(0.0f32, |max, value| max.max(value.abs())) / range.max
}

/// Of 20 %, 21 % … 100 % of the min-max step, the one with the least square error.
fn least_error_step(kernel: &[f32], range: CodeRange) -> f32 {
    let widest = min_max_step(kernel, range);
    let candidates = (20..=100).map(|percent| widest * percent as f32 / 100.0);
    let scored = candidates.map(|step| (step, square_error(kernel, step, range)));
    scored.min_by(|left, right| left.1.total_cmp(&right.1)).map_or(widest, |best| best.0)
}

fn square_error(kernel: &[f32], step: f32, range: CodeRange) -> f32 {
    let errors = kernel.iter().map(|value| {
        let code = (value / step).clamp(range.min, range.max).round_ties_even();
        (value - code * step).powi(2)
    });
    errors.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_gives_an_outlier_up_for_the_many() {
        let range = CodeRange::weights(4);
        let grid: Vec<f32> = (-7..=7).map(|code| code as f32 * 0.1).collect();
        assert!((least_error_step(&grid, range) - 0.1).abs() < 1e-6);
        let spoilt = [grid.repeat(20), vec![1.0]].concat();
        assert!((least_error_step(&spoilt, range) - 0.1).abs() < 0.005);
        assert!((min_max_step(&spoilt, range) - 1.0 / 7.0).abs() < 1e-6);
    }

    #[test]
    fn bias_and_residual_fit_the_sum() {
        let layer = Layer {
            weight: Weight::new([2, 1, 1, 1], vec![1e-12, 0.0]),
            bias: vec![0.5, 0.0],
            range: CodeRange::weights(8),
        };
        let steps = layer.steps(StepInitialisation::Mse, 0.02, Some(0.03));
        assert!(0.5 / (0.02 * steps[0]) <= LARGEST_BIAS * 1.001);
        assert!(quant::residual_multiplier(0.03, 0.02, steps[1]).is_some());
        let alone = layer.steps(StepInitialisation::MinMax, 0.02, None);
        assert_eq!(alone[1], 1.0);
    }
}
