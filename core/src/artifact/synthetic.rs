//! Networks with random weights, for tests and benchmarks.

use super::{
    Artifact, FORMAT_VERSION, Metadata, Preprocessing, QuantConv, QuantLinear, WeightBits,
};
use crate::graph::{Architecture, Conv, Graph, IMAGE, Node};
use crate::labels;
use crate::quant::{self, Activation};
use crate::random::SplitMix64;
use crate::tags::Calibration;
use crate::task::Task;
use crate::thresholds::Steps;

/// Standard deviations of a layer's sums that its output codes span.
const SPAN: f64 = 3.0;
/// Mean square of a pixel value that is uniform in `0..=1`.
const PIXEL_MEAN_SQUARE: f64 = 1.0 / 3.0;

impl Artifact {
    /// A network on `side`² images whose codes are well spread in every layer: weights are
    /// uniform and scales follow from the variances they cause. The same seed gives the same
    /// network everywhere.
    pub fn synthetic(architecture: Architecture, side: usize, seed: u64) -> Self {
        Self::synthetic_of(WeightBits::Eight, architecture, side, seed)
    }

    /// [`Self::synthetic`] with weights of `bits`, but 8 in the first layer and the classifier.
    pub fn synthetic_of(
        bits: WeightBits,
        architecture: Architecture,
        side: usize,
        seed: u64,
    ) -> Self {
        let labels = labels::coco_names();
        let classes = labels.len();
        let graph = architecture.graph(side, classes);
        let mut random = SplitMix64(seed);
        let mut mean_squares = vec![PIXEL_MEAN_SQUARE; graph.tensors.len()];
        let mut scales = vec![quant::PIXEL_SCALE; graph.tensors.len()];
        let mut convs = std::collections::BTreeMap::new();
        for node in &graph.nodes {
            match node {
                Node::Conv(conv) => {
                    let bits = if conv.input == IMAGE { WeightBits::Eight } else { bits };
                    let params =
                        random_conv(&graph, conv, bits, &scales, &mut mean_squares, &mut random);
                    scales[conv.output] = params.output_scale;
                    convs.insert(conv.name.clone(), params);
                }
                Node::MaxPool { input, output, .. } => {
                    scales[*output] = scales[*input];
                    // The maximum of nine half-normal values has about this mean square.
                    mean_squares[*output] = 3.0 * mean_squares[*input];
                }
                Node::Head { .. } => {}
            }
        }
        let features = graph.tensors.last().expect("a graph has its image").channels;
        let head = QuantLinear {
            weight: random_weights(&mut random, classes * features, WeightBits::Eight),
            bits: WeightBits::Eight,
            weight_scale: vec![weight_scale(features, WeightBits::Eight); classes],
            bias: vec![0; classes],
        };
        let metadata = Metadata {
            format_version: FORMAT_VERSION,
            architecture: architecture.name().to_owned(),
            labels,
            preprocessing: Preprocessing::of(architecture, side),
            task: Task::MultiLabel {
                thresholds: Steps::all(vec![0.5; classes]),
                calibration: Calibration::identity(classes),
            },
        };
        Self { metadata, convs, head }
    }
}

/// A convolution that keeps the mean square of its input; notes that of its output.
fn random_conv(
    graph: &Graph,
    conv: &Conv,
    bits: WeightBits,
    scales: &[f32],
    mean_squares: &mut [f64],
    random: &mut SplitMix64,
) -> QuantConv {
    let outputs = graph.tensors[conv.output].channels;
    let taps = conv.window.kernel.pow(2) * graph.inputs_per_output(conv);
    let weight_scale = weight_scale(taps, bits);
    let residual = conv.residual.map_or(0.0, |residual| mean_squares[residual]);
    let sum = mean_squares[conv.input];
    // Half of a symmetric sum is cut off; a rectified residual moves the sum up and out of reach.
    mean_squares[conv.output] = match conv.activation {
        Activation::Relu | Activation::Relu6 => sum / 2.0 + residual,
        Activation::Linear | Activation::Centred => sum + residual,
    };
    let deviation = (sum + residual).sqrt();
    let bias = |random: &mut SplitMix64| {
        let bias = (random.unit() - 0.5) * deviation;
        quant::quantise_bias(bias as f32, scales[conv.input], weight_scale)
    };
    QuantConv {
        weight: random_weights(random, outputs * taps, bits),
        bits,
        weight_scale: vec![weight_scale; outputs],
        bias: (0..outputs).map(|_| bias(random)).collect(),
        output_scale: (SPAN * deviation / f64::from(conv.activation.code_max())) as f32,
    }
}

/// The scale at which `taps` uniform weights have a sum of squares of 1.
fn weight_scale(taps: usize, bits: WeightBits) -> f32 {
    let largest = f64::from(bits.code_max());
    let code_mean_square = largest * (largest + 1.0) / 3.0;
    (1.0 / (code_mean_square * taps as f64).sqrt()) as f32
}

/// Uniform codes.
fn random_weights(random: &mut SplitMix64, len: usize, bits: WeightBits) -> Vec<i8> {
    let largest = i32::from(bits.code_max());
    (0..len).map(|_| random.within(-largest, largest) as i8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Isa};

    #[test]
    fn codes_are_spread_in_every_layer() {
        for architecture in Architecture::ALL {
            let artifact = Artifact::synthetic(architecture, 64, 7);
            let mut engine = Engine::new(&artifact, Isa::best()).unwrap();
            let mut random = SplitMix64(1);
            let codes: Vec<i8> = (0..64 * 64 * 3).map(|_| (random.next() % 128) as i8).collect();
            engine.logits_observed(&codes, &mut |name, tensor| {
                let codes = tensor.to_dense();
                let share = |wanted: fn(i8) -> bool| {
                    codes.iter().filter(|&&code| wanted(code)).count() as f64 / codes.len() as f64
                };
                let (zero, full) = (share(|code| code == 0), share(|code| code.abs() == 127));
                assert!(zero < 0.8 && full < 0.35, "{architecture:?} {name}: {zero:.2} {full:.2}");
            });
        }
    }
}
