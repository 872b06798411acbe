//! The real values of a quantised network's weights: what training goes on from where only the shipped
//! file is left.

use tagsight_core::graph::IMAGE;
use tagsight_core::{Artifact, Preprocessing};

use super::{Weight, Weights};
use crate::transposed;

/// Kernels, biases and classifier of an artifact as floats, batch norms folded, by the names of its
/// layers: the float network whose values the integers stand for, but for the rounding of activations.
pub fn dequantised(artifact: &Artifact) -> Weights {
    let (graph, scales) = (&artifact.graph, artifact.scales());
    let mut weights = Weights::new();
    let mut insert = |layer: &str, kernel: Weight, bias: Vec<f32>| {
        weights.insert(format!("{layer}.weight"), kernel);
        weights.insert(format!("{layer}.bias"), Weight::new([bias.len()], bias));
    };
    for conv in graph.convs() {
        let layer = &artifact.convs[conv];
        let (side, inputs) = (conv.window.kernel, graph.inputs_per_output(conv));
        let codes = transposed(&layer.weight, side * side, inputs);
        let values = kernels(&codes, &layer.weight_scale);
        let mut kernel = Weight::new([conv.channels, inputs, side, side], values);
        let mut bias = biases(&layer.bias, &layer.weight_scale, scales[conv.input]);
        if conv.input == IMAGE {
            take_normalised(&mut kernel, &mut bias, &artifact.metadata.preprocessing);
        }
        insert(&conv.name, kernel, bias);
    }
    let (head, shape, layer) = (graph.head(), graph.features(), &artifact.head);
    let kernel = kernels(&layer.weight, &layer.weight_scale);
    // It takes sums over the pooled pixels in an artifact, and means among floats.
    let sum_scale = scales[head.input] / (shape.height * shape.width) as f32;
    let bias = biases(&layer.bias, &layer.weight_scale, sum_scale);
    insert(&head.name, Weight::new([head.classes, shape.channels], kernel), bias);
    weights
}

/// The values of codes, output after output.
fn kernels(codes: &[i8], scales: &[f32]) -> Vec<f32> {
    let outputs = codes.chunks_exact(codes.len() / scales.len()).zip(scales);
    outputs
        .flat_map(|(codes, &scale)| codes.iter().map(move |&code| f32::from(code) * scale))
        .collect()
}

/// The values of biases that are in units of the sum.
fn biases(units: &[i32], scales: &[f32], input_scale: f32) -> Vec<f32> {
    units.iter().zip(scales).map(|(&units, scale)| units as f32 * (scale * input_scale)).collect()
}

/// The stem takes pixels of 0 to 1 in an artifact, and normalised ones among floats.
fn take_normalised(kernel: &mut Weight, bias: &mut [f32], preprocessing: &Preprocessing) {
    let &[_, channels, height, width] = &kernel.shape[..] else { unreachable!("it was made so") };
    for (index, plane) in kernel.values.chunks_exact_mut(height * width).enumerate() {
        let (output, channel) = (index / channels, index % channels);
        bias[output] += plane.iter().sum::<f32>() * preprocessing.mean[channel];
        plane.iter_mut().for_each(|value| *value *= preprocessing.std[channel]);
    }
}
