//! From a float network to the one that quantisation-aware training begins with: what quantisation
//! after training makes of it.

use tagsight_core::Artifact;
use tagsight_core::artifact::{QuantConv, QuantLinear};
use tagsight_core::graph::{Conv, Graph, Groups, IMAGE, TensorId};
use tagsight_core::quant::WEIGHT_MAX;
use tagsight_network::weights::{Weight, Weights, fold_batch_norm};
use tagsight_network::{Segment, Spec};
use tagsight_quantiser::{AdaRound, PostTraining, ScaleMethod, WeightFormat, WeightMethod};

use super::config::{QatConfig, StepInitialisation};
use super::fake_quantise::QuantRange;
use super::layer::{OUTPUT_STEP, WEIGHT_STEP};
use super::step;

/// Frozen weights of so many bits or fewer have their rounding learned (AdaRound), since nothing
/// else will make up for it.
const LEARNED_ROUNDING_BITS: u32 = 6;

/// How a network is to be fitted.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// How it is quantised.
    pub qat: &'a QatConfig,
    /// The stage from which on weights are fitted; without it all are.
    pub train_from: Option<&'a str>,
    /// What is random of learned rounding follows from it.
    pub seed: u64,
}

/// Why a network cannot be fitted or exported.
#[derive(Debug, thiserror::Error)]
pub enum QatError {
    /// What is frozen cannot be told.
    #[error("train_from: there is no stage {0:?} to begin at")]
    Stage(String),
    /// The engines have one width of activations.
    #[error(
        "activations of {0} bits are for experiments alone; the engines compute with 7, so fit \
         with qat.activation_bits = 7 to export"
    )]
    ActivationBits(u32),
}

/// Quantises the float network of `spec` and `weights` on calibration `images` (7-bit codes, HWC), and
/// returns its weights with the steps and biases that this gives. Layers that are to be fitted keep
/// their real weights, frozen ones get the rounded weights' values.
///
/// # Errors
/// If there is no such stage to fit from.
pub fn begin(
    spec: &Spec,
    weights: &Weights,
    how: &Begin<'_>,
    images: &[Vec<i8>],
) -> Result<Weights, QatError> {
    let graph = &spec.graph;
    let frozen = last_frozen(graph, how.train_from)?;
    let folded = fold_batch_norm(weights, graph);
    let artifact = quantised(spec, &folded, how, frozen, images);
    let (mean, std) = (spec.preprocessing.mean, spec.preprocessing.std);
    let mut start = Start { weights: folded, config: how.qat, frozen, mean, std };
    let scales = artifact.scales();
    for conv in graph.convs() {
        start.conv(conv, &artifact.convs[conv], scales[conv.input]);
    }
    let shape = graph.features();
    let area = (shape.height * shape.width) as f32;
    start.head(&graph.head().name, &artifact.head, scales[graph.head().input] / area);
    Ok(start.weights)
}

/// The tensor that crosses from the frozen to the fitted layers; none if all are fitted.
fn last_frozen(graph: &Graph, stage: Option<&str>) -> Result<Option<TensorId>, QatError> {
    let Some(stage) = stage else { return Ok(None) };
    match Segment::split(graph, stage) {
        Some((_, tail)) => Ok(Some(tail.input())),
        None => Err(QatError::Stage(stage.to_owned())),
    }
}

/// As an export does it unless told otherwise; so frozen layers of 8 bits are the very integers
/// that a float run's frozen layers are.
fn quantised(
    spec: &Spec,
    folded: &Weights,
    how: &Begin<'_>,
    frozen: Option<TensorId>,
    images: &[Vec<i8>],
) -> Artifact {
    let bits = how.qat.weight_bits;
    let PostTraining { ranges, weights, .. } = PostTraining::default();
    let method = match how.qat.step_initialisation {
        StepInitialisation::Mse => ScaleMethod::Mse,
        StepInitialisation::MinMax => ScaleMethod::MinMax,
    };
    let learns_rounding = frozen.is_some() && bits <= LEARNED_ROUNDING_BITS;
    let adaround = AdaRound { seed: how.seed, up_to: frozen, ..AdaRound::default() };
    let weights = WeightMethod {
        format: WeightFormat { bits, method, ..weights.format },
        adaround: learns_rounding.then_some(adaround),
        ..weights
    };
    PostTraining { ranges, weights, equalise: false }.integers(spec, folded, images)
}

/// A network on its way from floats with folded batch norms to steps.
struct Start<'a> {
    weights: Weights,
    config: &'a QatConfig,
    frozen: Option<TensorId>,
    mean: [f32; 3],
    std: [f32; 3],
}

impl Start<'_> {
    fn conv(&mut self, conv: &Conv, layer: &QuantConv, input_scale: f32) {
        let is_image = conv.input == IMAGE;
        // Quantisation after training has 8 bits in the stem and in depthwise layers.
        let is_few = is_image || conv.groups == Groups::Depthwise;
        let given = QuantRange::weights(if is_few { 8 } else { self.config.weight_bits });
        let own = QuantRange::weights(self.config.conv_bits(conv));
        let outputs = QuantRange::activation(conv.activation, self.config.activation_bits);
        let output = layer.output_scale * (conv.activation.quant_max() as f32 / outputs.max);
        self.steps(&conv.name, &layer.weight_scale, given.max / own.max);
        step::begin(&mut self.weights, &conv.name, OUTPUT_STEP, vec![output]);

        let name = format!("{}.weight", conv.name);
        let mut rounded = dequantised(layer, &self.weights[&name].shape);
        let mut bias = real_bias(&layer.bias, &layer.weight_scale, input_scale);
        if is_image {
            let kernels = rounded.values.chunks_exact(rounded.values.len() / bias.len());
            for (kernel, bias) in kernels.zip(&mut bias) {
                *bias += self.of_mean_pixel(kernel);
            }
            let area = conv.window.kernel.pow(2);
            for (index, plane) in rounded.values.chunks_exact_mut(area).enumerate() {
                plane.iter_mut().for_each(|tap| *tap *= self.std[index % self.std.len()]);
            }
        }
        if self.frozen.is_some_and(|last| conv.output <= last) {
            self.weights.insert(name, rounded);
        }
        self.put_bias(&conv.name, bias);
    }

    fn head(&mut self, name: &str, layer: &QuantLinear, sum_scale: f32) {
        let own = QuantRange::weights(self.config.first_and_last_bits);
        self.steps(name, &layer.weight_scale, WEIGHT_MAX as f32 / own.max);
        self.put_bias(name, real_bias(&layer.bias, &layer.weight_scale, sum_scale));
    }

    fn steps(&mut self, layer: &str, scales: &[f32], factor: f32) {
        let first = scales.iter().map(|scale| scale * factor).collect();
        step::begin(&mut self.weights, layer, WEIGHT_STEP, first);
    }

    fn put_bias(&mut self, layer: &str, bias: Vec<f64>) {
        let bias: Vec<f32> = bias.into_iter().map(|value| value as f32).collect();
        self.weights.insert(format!("{layer}.bias"), Weight::new([bias.len()], bias));
    }

    /// What a kernel over pixels makes of the mean pixel.
    fn of_mean_pixel(&self, kernel: &[f32]) -> f64 {
        let planes = kernel.chunks_exact(kernel.len() / self.mean.len()).zip(self.mean);
        let of_plane = |(taps, mean): (&[f32], f32)| {
            taps.iter().map(|&tap| f64::from(tap)).sum::<f64>() * f64::from(mean)
        };
        planes.map(of_plane).sum()
    }
}

fn real_bias(bias: &[i32], weight_scale: &[f32], input_scale: f32) -> Vec<f64> {
    let pairs = bias.iter().zip(weight_scale);
    let value =
        |(&bias, &scale): (&i32, &f32)| f64::from(bias) * f64::from(scale) * f64::from(input_scale);
    pairs.map(value).collect()
}

/// Codes `[out, kh, kw, in]` as values of `shape` `[out, in, kh, kw]`.
fn dequantised(layer: &QuantConv, shape: &[usize]) -> Weight {
    let (inputs, area) = (shape[1], shape[2] * shape[3]);
    let kernels = layer.weight.chunks_exact(inputs * area).zip(&layer.weight_scale);
    let values = kernels.flat_map(|(kernel, &scale)| {
        let tap = move |input: usize, tap: usize| f32::from(kernel[tap * inputs + input]) * scale;
        (0..inputs).flat_map(move |input| (0..area).map(move |place| tap(input, place)))
    });
    Weight::new(shape, values.collect())
}
