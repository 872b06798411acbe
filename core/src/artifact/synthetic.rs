//! Networks with random weights, for tests and benchmarks.

use super::bits::WeightBits;
use super::metadata::Metadata;
use super::network::{Artifact, QuantConv, QuantLinear};
use super::version::FORMAT_VERSION;
use crate::graph::{Architecture, Conv, Graph, IMAGE, Interpreter, MaxPool, PerConv};
use crate::labels;
use crate::preprocessing::Preprocessing;
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
        let (graph, preprocessing) =
            (architecture.graph(side, labels.len()), architecture.preprocessing(side));
        Self::synthetic_network(&architecture.name(), graph, labels, preprocessing, bits, seed)
    }

    /// [`Self::synthetic_of`] of any network, which takes images of `preprocessing`'s side and has an
    /// output a label.
    pub fn synthetic_network(
        name: &str,
        graph: Graph,
        labels: Vec<String>,
        preprocessing: Preprocessing,
        bits: WeightBits,
        seed: u64,
    ) -> Self {
        let classes = graph.head().classes;
        let mut synthesis =
            Synthesis { graph: &graph, bits, random: SplitMix64(seed), convs: Vec::new() };
        let image = Spread { scale: quant::PIXEL_SCALE, mean_square: PIXEL_MEAN_SQUARE };
        graph.interpret(image, &mut synthesis);
        let Synthesis { mut random, convs, .. } = synthesis;
        let convs = PerConv::new(&graph, convs);
        let features = graph.features().channels;
        let head = QuantLinear {
            weight: random_weights(&mut random, classes * features, WeightBits::Eight),
            bits: WeightBits::Eight,
            weight_scale: vec![weight_scale(features, WeightBits::Eight); classes],
            bias: vec![0; classes],
        };
        let metadata = Metadata {
            format_version: FORMAT_VERSION,
            architecture: name.to_owned(),
            labels,
            preprocessing,
            task: Task::MultiLabel {
                thresholds: Steps::all(vec![0.5; classes]),
                calibration: Calibration::identity(classes),
            },
        };
        Self { metadata, graph, convs, head }
    }
}

/// How a tensor's values lie.
#[derive(Clone, Copy)]
struct Spread {
    /// Value of one code.
    scale: f32,
    mean_square: f64,
}

/// Makes parameters layer by layer.
struct Synthesis<'a> {
    graph: &'a Graph,
    /// Of weights, but for those over the image.
    bits: WeightBits,
    random: SplitMix64,
    convs: Vec<QuantConv>,
}

impl Interpreter for Synthesis<'_> {
    type Value = Spread;

    /// A convolution that keeps the mean square of its input.
    fn conv(&mut self, conv: &Conv, input: &Spread, residual: Option<&Spread>) -> Spread {
        let (outputs, taps) = (conv.channels, self.graph.taps(conv));
        let bits = if conv.input == IMAGE { WeightBits::Eight } else { self.bits };
        let weight_scale = weight_scale(taps, bits);
        let residual = residual.map_or(0.0, |residual| residual.mean_square);
        let sum = input.mean_square;
        // Half of a symmetric sum is cut off; a rectified residual moves the sum up and out of reach.
        let mean_square = match conv.activation {
            Activation::Relu | Activation::Relu6 => sum / 2.0 + residual,
            Activation::Linear | Activation::Asymmetric => sum + residual,
        };
        let deviation = (sum + residual).sqrt();
        let bias = |random: &mut SplitMix64| {
            let bias = (random.unit() - 0.5) * deviation;
            quant::quantise_bias(bias as f32, input.scale, weight_scale)
        };
        let scale = (SPAN * deviation / f64::from(conv.activation.quant_max())) as f32;
        self.convs.push(QuantConv {
            weight: random_weights(&mut self.random, outputs * taps, bits),
            bits,
            weight_scale: vec![weight_scale; outputs],
            bias: (0..outputs).map(|_| bias(&mut self.random)).collect(),
            output_scale: scale,
        });
        Spread { scale, mean_square }
    }

    /// The maximum of nine half-normal values has about this mean square.
    fn max_pool(&mut self, _: &MaxPool, input: &Spread) -> Spread {
        Spread { mean_square: 3.0 * input.mean_square, ..*input }
    }
}

/// The scale at which `taps` uniform weights have a sum of squares of 1.
fn weight_scale(taps: usize, bits: WeightBits) -> f32 {
    let largest = f64::from(bits.quant_max());
    let code_mean_square = largest * (largest + 1.0) / 3.0;
    (1.0 / (code_mean_square * taps as f64).sqrt()) as f32
}

/// Uniform codes.
fn random_weights(random: &mut SplitMix64, len: usize, bits: WeightBits) -> Vec<i8> {
    let largest = i32::from(bits.quant_max());
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
