//! Layers' weights as floats.

use tagsight_core::graph::Graph;
use tagsight_network::weights::{Weight, Weights};

use super::fuse::{Fused, Layer};

/// Kernels, biases and classifier by the names of `graph`, whose nodes are the layers.
pub(super) fn weights(fused: &Fused, graph: &Graph) -> Weights {
    let mut weights = Weights::new();
    let mut insert = |layer: &str, sizes: &[usize], values: &[f32], bias: &[f32]| {
        weights.insert(format!("{layer}.weight"), Weight::new(sizes, values.to_vec()));
        weights.insert(format!("{layer}.bias"), Weight::new([bias.len()], bias.to_vec()));
    };
    for (layer, node) in fused.layers.iter().zip(graph.nodes()) {
        if let Layer::Conv(conv) = layer {
            let (kernel, bias) = (&conv.conv.kernel, &conv.conv.bias);
            insert(node.name(), &kernel.sizes, &kernel.values, bias);
        }
    }
    let (kernel, bias) = (&fused.head.kernel, &fused.head.bias);
    insert(&graph.head().name, &kernel.sizes, &kernel.values, bias);
    weights
}
