//! A network on rounded numbers, as floats: what any precision gives, whether or not an engine has it.

use tagsight_core::artifact::Artifact;
use tagsight_core::graph::{Conv, Interpreter, MaxPool, PerConv};
use tagsight_network::Spec;

use super::comparison::{decibels, mean_square_error};
use super::float::{CHUNK, classified};
use super::layer::{FloatLayer, QuantLayer};
use super::precision::{Grid, NoEngine, Precisions};
use super::walk::{self, Chunks};

/// A layer's weights as they were rounded, or were not.
#[derive(Debug, Clone)]
pub(super) enum Rounded {
    /// To codes.
    Codes(QuantLayer),
    /// Not at all.
    Float(FloatLayer),
}

/// A layer beside the one that it was made of.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// The float layer, as the quantised network reads its input.
    pub(super) float: FloatLayer,
    /// What became of it.
    pub(super) rounded: Rounded,
    /// What its input is rounded to: one code's value, or a pooled sum's unit. None if it is not.
    pub(super) input_scale: Option<f32>,
    /// What its output is rounded to.
    pub(super) output: Option<Grid>,
}

/// A network whose numbers are rounded.
#[derive(Debug, Clone)]
pub struct Simulated<'a> {
    pub(super) spec: &'a Spec,
    pub(super) precisions: &'a Precisions,
    pub(super) convs: PerConv<Layer>,
    pub(super) head: Layer,
}

/// How far a network's rounded weights are from the real ones, over all of its layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightError {
    /// Mean of the squares of errors.
    pub mean_square: f64,
    /// Signal to noise, decibels; infinite where nothing was rounded.
    pub decibels: f64,
}

impl Rounded {
    /// One an output.
    pub(super) fn bias_mut(&mut self) -> &mut Vec<f32> {
        match self {
            Self::Codes(layer) => &mut layer.bias,
            Self::Float(layer) => &mut layer.bias,
        }
    }

    /// Real values.
    pub(super) fn dequantised(&self) -> FloatLayer {
        match self {
            Self::Codes(layer) => layer.dequantised(),
            Self::Float(layer) => layer.clone(),
        }
    }

    fn into_codes(self) -> QuantLayer {
        match self {
            Self::Codes(layer) => layer,
            Self::Float(_) => unreachable!("engines have no float weights"),
        }
    }
}

impl Layer {
    /// As an engine computes it: its bias is a whole number of units of the sum.
    fn computed(&self, has_engine: bool) -> FloatLayer {
        match (&self.rounded, self.input_scale) {
            (Rounded::Codes(layer), Some(scale)) if has_engine => {
                layer.clone().with_rounded_bias(scale).dequantised()
            }
            (rounded, _) => rounded.dequantised(),
        }
    }
}

impl Simulated<'_> {
    /// How finely it rounds.
    pub fn precisions(&self) -> &Precisions {
        self.precisions
    }

    /// Logits of images (7-bit codes, HWC), image by image. Where an engine runs the network, they are
    /// its logits up to the rounding of float sums.
    ///
    /// # Panics
    /// If an image has another size than the network's.
    pub fn logits(&self, images: &[Vec<i8>]) -> Vec<f32> {
        let has_engine = self.precisions.engine().is_ok();
        let layer = |conv: &Conv| self.convs[conv].computed(has_engine);
        let layers = PerConv::new(&self.spec.graph, self.spec.graph.convs().map(layer).collect());
        let head = self.head.computed(has_engine);
        let logits = |chunk: &[Vec<i8>]| {
            let pixels = walk::pixels(chunk, &self.spec.preprocessing);
            let mut forward = Forward { network: self, layers: &layers };
            let features = self.spec.graph.interpret(pixels, &mut forward);
            features
                .iter()
                .flat_map(|batch| classified(batch, &head.weight.values, &head.bias))
                .collect::<Vec<f32>>()
        };
        images.chunks(CHUNK).flat_map(logits).collect()
    }

    /// The integers that the engines run.
    ///
    /// # Errors
    /// If they do not.
    pub fn into_artifact(self) -> Result<Artifact, NoEngine> {
        self.precisions.engine()?;
        let graph = &self.spec.graph;
        let scale = |layer: &Layer| layer.input_scale.expect("engines round all tensors");
        let conv = |conv: &Conv| {
            let layer = self.convs[conv].clone();
            let output = layer.output.expect("engines round all tensors").scale;
            let input = scale(&layer);
            layer.rounded.into_codes().into_conv(input, output)
        };
        let convs = PerConv::new(graph, graph.convs().map(conv).collect());
        let sum_scale = scale(&self.head);
        let head = self.head.rounded.into_codes().into_linear(sum_scale);
        Ok(Artifact { metadata: self.spec.uncalibrated(), convs, graph: graph.clone(), head })
    }

    /// How far its weights are from the real ones.
    pub fn weight_error(&self) -> WeightError {
        let convs = self.spec.graph.convs().map(|conv| &self.convs[conv]);
        let (mut real, mut rounded) = (Vec::new(), Vec::new());
        for layer in convs.chain([&self.head]) {
            real.extend_from_slice(&layer.float.weight.values);
            rounded.extend(layer.rounded.dequantised().weight.values);
        }
        WeightError {
            mean_square: mean_square_error(&real, &rounded),
            decibels: decibels(&real, &rounded),
        }
    }
}

/// Some images' way through the network.
struct Forward<'a> {
    network: &'a Simulated<'a>,
    layers: &'a PerConv<FloatLayer>,
}

impl Interpreter for Forward<'_> {
    type Value = Chunks;

    fn conv(&mut self, conv: &Conv, input: &Chunks, residual: Option<&Chunks>) -> Chunks {
        let preprocessing = &self.network.spec.preprocessing;
        let layer = self.layers[conv].clone();
        let sums = walk::quantised_sums(conv, layer, preprocessing, input, residual);
        walk::rounded(conv, sums, self.network.convs[conv].output)
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Chunks) -> Chunks {
        walk::pooled(pool.window, input)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tagsight_core::{Architecture, Goal, Preprocessing};
    use tagsight_network::random_weights;
    use tagsight_network::weights::{Weights, fold_batch_norm};

    use super::*;
    use crate::comparison::integer_logits;
    use crate::{
        Few, FloatNetwork, Observed, Precision, RangeMethod, WeightMethod, quantise, simulate,
    };

    const SIDE: usize = 32;

    fn network() -> (Spec, Weights) {
        let labels = ["dog", "cat", "car"].map(String::from).into();
        let preprocessing = Preprocessing::imagenet(SIDE);
        let spec = Spec::new(Architecture::MobileNetV2, labels, Goal::MultiLabel, preprocessing);
        let folded = fold_batch_norm(&random_weights(&spec.graph, 3), &spec.graph);
        (spec, folded)
    }

    fn logits(
        (spec, folded): &(Spec, Weights),
        precisions: &Precisions,
        images: &[Vec<i8>],
    ) -> Vec<f32> {
        let observed = Observed::of(&FloatNetwork::new(spec, folded), images);
        let bits = match precisions.activations {
            Precision::Bits(bits) => bits,
            Precision::Float => 8,
        };
        let ranges = observed.ranges(&spec.graph, RangeMethod::Mse, bits);
        simulate(spec, folded, &ranges, images, &WeightMethod::default(), precisions).logits(images)
    }

    /// What an engine runs is what is exported, and its logits are the simulation's.
    #[test]
    fn simulated_logits_are_the_engines() {
        let (spec, folded) = network();
        let images = tagsight_data::dead_leaves(4, SIDE, 0);
        let ranges = Observed::of(&FloatNetwork::new(&spec, &folded), &images).ranges(
            &spec.graph,
            RangeMethod::Mse,
            7,
        );
        let (method, precisions) = (WeightMethod::default(), Precisions::exported(8));
        let simulated = simulate(&spec, &folded, &ranges, &images, &method, &precisions);
        let simulation = simulated.logits(&images);
        let artifact = simulated.into_artifact().unwrap();
        assert_eq!(artifact, quantise(&spec, &folded, &ranges, &images, &method));
        let engine = integer_logits(&artifact, &images).unwrap();
        let near = decibels(&engine, &simulation);
        assert!(near > 60.0, "{near} dB");
        // The negative control: another rounding of activations is farther off by far.
        let eight = Precisions { activations: Precision::Bits(8), ..precisions };
        let other = decibels(&engine, &logits(&(spec, folded), &eight, &images));
        assert!(other < near - 20.0, "{other} dB");
    }

    #[test]
    fn finer_numbers_are_nearer_and_float_ones_the_float_networks() {
        let mut network = network();
        // The image is padded with the mean's code, so the float network has to have a mean that is one.
        network.0.preprocessing.mean = [0.0; 3];
        let images = tagsight_data::dead_leaves(4, SIDE, 0);
        let float = FloatNetwork::new(&network.0, &network.1).logits(&images);
        let decibels = |weights, activations| {
            let few = Few::AsOthers;
            let by_layer = BTreeMap::new();
            let precisions = Precisions { weights, activations, few, by_layer };
            decibels(&float, &logits(&network, &precisions, &images))
        };
        use Precision::{Bits, Float};
        let rising = [
            decibels(Bits(3), Bits(8)),
            decibels(Bits(8), Bits(8)),
            decibels(Bits(8), Bits(12)),
            decibels(Bits(16), Bits(16)),
        ];
        assert!(rising.is_sorted_by(|less, more| less + 3.0 < *more), "{rising:?}");
        let float = decibels(Float, Float);
        assert!(float > 90.0, "but for the order of sums: {float}");
    }
}
