//! What weights take.

use tagsight_core::artifact::WeightBits;
use tagsight_core::graph::Graph;
use tagsight_quantiser::{Precision, Precisions};

/// A layer and its weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layer {
    /// Its name.
    pub(super) name: String,
    /// How many weights it has, biases apart.
    pub(super) weights: usize,
}

/// All layers, the classifier last.
pub(super) fn layers(graph: &Graph) -> Vec<Layer> {
    let taps = |kernel: usize, inputs: usize| kernel * kernel * inputs;
    let convs = graph.convs().map(|conv| Layer {
        name: conv.name.clone(),
        weights: conv.channels * taps(conv.window.kernel, graph.inputs_per_output(conv)),
    });
    let head = graph.head();
    let classifier =
        Layer { name: head.name.clone(), weights: head.classes * graph.features().channels };
    convs.chain([classifier]).collect()
}

/// Bytes of all weights with as many bits as `precisions` say, floats with 32.
pub(super) fn of_weights(graph: &Graph, precisions: &Precisions) -> usize {
    let bits = |precision: Precision| match precision {
        Precision::Bits(bits) => bits as usize,
        Precision::Float => 32,
    };
    let head = precisions.head(&graph.head().name);
    let convs = graph.convs().map(|conv| precisions.conv(conv));
    let all = layers(graph).into_iter().zip(convs.chain([head]));
    all.map(|(layer, precision)| (layer.weights * bits(precision)).div_ceil(8)).sum()
}

/// Bytes that so many weights take in an artifact.
pub(super) fn stored(weights: usize, bits: u32) -> usize {
    match WeightBits::holding(bits) {
        WeightBits::Eight => weights,
        WeightBits::Four => weights.div_ceil(2),
    }
}
