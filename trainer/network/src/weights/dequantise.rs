//! The real values of a quantised network's weights: what training goes on from where only the shipped
//! file is left.

use tagsight_core::Artifact;
use tagsight_core::artifact::QuantConv;
use tagsight_core::graph::{Conv, IMAGE};
use tagsight_core::quant::PIXEL_SCALE;

use super::{Weight, Weights};

/// Kernels, biases and classifier of an artifact as floats, batch norms folded, by the names of its
/// layers: the float network whose values the integers stand for, but for the rounding of activations.
pub fn dequantised(artifact: &Artifact) -> Weights {
    let scales = artifact.scales();
    let mut weights = Weights::new();
    for conv in artifact.graph.convs() {
        let layer = &artifact.convs[conv];
        let (kernel, bias) = if conv.input == IMAGE {
            stem(artifact, conv, layer)
        } else {
            (kernel(artifact, conv, layer), bias(layer, scales[conv.input]))
        };
        weights.insert(format!("{}.weight", conv.name), kernel);
        weights.insert(format!("{}.bias", conv.name), Weight::new([bias.len()], bias));
    }
    classifier(artifact, &scales, &mut weights);
    weights
}

/// Codes `[out, kh, kw, in]` to values `[out, in, kh, kw]`.
fn kernel(artifact: &Artifact, conv: &Conv, layer: &QuantConv) -> Weight {
    let (side, inputs) = (conv.window.kernel, artifact.graph.inputs_per_output(conv));
    let pixels = side * side;
    let of_output = |(codes, &scale): (&[i8], &f32)| -> Vec<f32> {
        let places = (0..inputs).flat_map(|input| (0..pixels).map(move |pixel| (pixel, input)));
        places.map(|(pixel, input)| f32::from(codes[pixel * inputs + input]) * scale).collect()
    };
    let outputs = layer.weight.chunks_exact(pixels * inputs).zip(&layer.weight_scale);
    let values = outputs.flat_map(of_output).collect();
    Weight::new([conv.channels, inputs, side, side], values)
}

fn bias(layer: &QuantConv, input_scale: f32) -> Vec<f32> {
    let units = layer.bias.iter().zip(&layer.weight_scale);
    units.map(|(&bias, scale)| bias as f32 * (scale * input_scale)).collect()
}

/// The stem takes pixels of 0 to 1 in an artifact, and normalised ones among floats.
fn stem(artifact: &Artifact, conv: &Conv, layer: &QuantConv) -> (Weight, Vec<f32>) {
    let preprocessing = &artifact.metadata.preprocessing;
    let (mut kernel, mut bias) = (kernel(artifact, conv, layer), bias(layer, PIXEL_SCALE));
    let pixels = conv.window.kernel.pow(2);
    for (index, plane) in kernel.values.chunks_exact_mut(pixels).enumerate() {
        let (output, channel) =
            (index / preprocessing.mean.len(), index % preprocessing.mean.len());
        bias[output] += plane.iter().sum::<f32>() * preprocessing.mean[channel];
        plane.iter_mut().for_each(|value| *value *= preprocessing.std[channel]);
    }
    (kernel, bias)
}

/// The classifier takes sums over the pooled pixels in an artifact, and means among floats.
fn classifier(artifact: &Artifact, scales: &[f32], weights: &mut Weights) {
    let (head, shape) = (artifact.graph.head(), artifact.graph.features());
    let layer = &artifact.head;
    let rows = layer.weight.chunks_exact(shape.channels).zip(&layer.weight_scale);
    let values =
        rows.flat_map(|(row, &scale)| row.iter().map(move |&code| f32::from(code) * scale));
    let kernel = Weight::new([head.classes, shape.channels], values.collect::<Vec<_>>());
    let sum_scale = scales[head.input] / (shape.height * shape.width) as f32;
    let units = layer.bias.iter().zip(&layer.weight_scale);
    let bias = units.map(|(&bias, scale)| bias as f32 * (scale * sum_scale)).collect::<Vec<_>>();
    weights.insert(format!("{}.weight", head.name), kernel);
    weights.insert(format!("{}.bias", head.name), Weight::new([head.classes], bias));
}
