//! Folded float weights and ranges → integers.

use std::collections::BTreeMap;

use tagsight_core::artifact::{
    Artifact, FORMAT_VERSION, Metadata, QuantConv, QuantLinear, WeightBits,
};
use tagsight_core::graph::{Conv, Graph, IMAGE, Node};
use tagsight_core::quant::{self, PIXEL_SCALE, WEIGHT_MAX};
use tagsight_core::tags::Calibration;

use super::Ranges;
use crate::checkpoint::CheckpointMetadata;
use crate::weights::{Weight, Weights};

/// No bias may need more than this many units of the sum; core saturates at 2³⁰.
const LARGEST_BIAS: f64 = (1u32 << 29) as f64;
/// No residual code may be worth more than this many units of the sum.
const LARGEST_RESIDUAL: f64 = (quant::RESIDUAL_MAX / 2) as f64;

/// Quantises weights whose batch norms are folded. Scores stay uncalibrated and thresholds at a
/// half: see [`fit_scores`](super::fit_scores).
///
/// # Panics
/// If weights or ranges lack a layer of the network.
pub fn quantise(folded: &Weights, ranges: &Ranges, metadata: &CheckpointMetadata) -> Artifact {
    let graph = metadata.graph();
    let preprocessing = &metadata.preprocessing;
    let mut scales = vec![PIXEL_SCALE; graph.tensors.len()];
    let mut convs = BTreeMap::new();
    let mut head = None;
    for node in &graph.nodes {
        match node {
            Node::Conv(conv) => {
                let mut weight = folded[&format!("{}.weight", conv.name)].clone();
                let mut bias = folded[&format!("{}.bias", conv.name)].values.clone();
                if conv.input == IMAGE {
                    fold_normalisation(
                        &mut weight,
                        &mut bias,
                        preprocessing.mean,
                        preprocessing.std,
                    );
                }
                let layer = quantise_conv(conv, &weight, &bias, ranges[&conv.name], &scales);
                scales[conv.output] = layer.output_scale;
                convs.insert(conv.name.clone(), layer);
            }
            Node::MaxPool { input, output, .. } => scales[*output] = scales[*input],
            Node::Head { name, input } => {
                head = Some(quantise_head(folded, name, &graph, *input, scales[*input]));
            }
        }
    }
    let classes = graph.classes;
    Artifact {
        metadata: Metadata {
            format_version: FORMAT_VERSION,
            architecture: metadata.architecture().name().to_owned(),
            labels: metadata.labels.clone(),
            preprocessing: preprocessing.clone(),
            thresholds: vec![0.5; classes],
            calibration: Calibration::identity(classes),
        },
        convs,
        head: head.expect("a network ends with its classifier"),
    }
}

/// `w·(x − mean)/std + b` as a convolution of `x`; what pads the image becomes the mean pixel.
fn fold_normalisation(weight: &mut Weight, bias: &mut [f32], mean: [f32; 3], std: [f32; 3]) {
    let area = weight.shape[2] * weight.shape[3];
    let kernels = weight.values.chunks_exact_mut(area * mean.len());
    for (kernel, bias) in kernels.zip(bias) {
        let mut shift = 0.0f64;
        for (channel, taps) in kernel.chunks_exact_mut(area).enumerate() {
            for tap in taps {
                *tap /= std[channel];
                shift += f64::from(*tap) * f64::from(mean[channel]);
            }
        }
        *bias = (f64::from(*bias) - shift) as f32;
    }
}

fn quantise_conv(
    conv: &Conv,
    weight: &Weight,
    bias: &[f32],
    range: f32,
    scales: &[f32],
) -> QuantConv {
    let input_scale = scales[conv.input];
    let residual_scale = conv.residual.map_or(0.0, |residual| scales[residual]);
    let kernels = to_nhwc(weight);
    let taps = kernels.len() / bias.len();
    let mut layer = QuantConv {
        weight: Vec::with_capacity(kernels.len()),
        bits: WeightBits::Eight,
        weight_scale: Vec::new(),
        bias: Vec::new(),
        output_scale: range / conv.activation.code_max() as f32,
    };
    for (kernel, &bias) in kernels.chunks_exact(taps).zip(bias) {
        let scale = weight_scale(kernel, bias, input_scale, residual_scale);
        layer.weight.extend(kernel.iter().map(|&value| quant::quantise_weight(value, scale)));
        layer.weight_scale.push(scale);
        layer.bias.push(quant::quantise_bias(bias, input_scale, scale));
    }
    layer
}

/// The scale that makes the largest weight 127; larger for a channel of next to no weights, whose
/// bias and residual would otherwise not fit the sum.
fn weight_scale(kernel: &[f32], bias: f32, input_scale: f32, residual_scale: f32) -> f32 {
    let largest = kernel.iter().fold(0.0f32, |max, value| max.max(value.abs()));
    let for_weights = f64::from(largest) / f64::from(WEIGHT_MAX);
    let for_bias = f64::from(bias.abs()) / (f64::from(input_scale) * LARGEST_BIAS);
    let for_residual = f64::from(residual_scale) / (f64::from(input_scale) * LARGEST_RESIDUAL);
    let scale = for_weights.max(for_bias).max(for_residual) as f32;
    if scale.is_normal() { scale } else { 1.0 }
}

/// `[out, in, kh, kw]` to `[out, kh, kw, in]`.
fn to_nhwc(weight: &Weight) -> Vec<f32> {
    let &[outputs, inputs, height, width] = &weight.shape[..] else {
        panic!("a convolution's weight has four sizes, not {:?}", weight.shape)
    };
    let area = height * width;
    let mut values = Vec::with_capacity(weight.values.len());
    for output in 0..outputs {
        for tap in 0..area {
            let index = |input: usize| (output * inputs + input) * area + tap;
            values.extend((0..inputs).map(|input| weight.values[index(input)]));
        }
    }
    values
}

/// The classifier reads sums over all pooled pixels, so one unit of its input is worth the input
/// scale divided by their number.
fn quantise_head(
    folded: &Weights,
    name: &str,
    graph: &Graph,
    input: usize,
    input_scale: f32,
) -> QuantLinear {
    let weight = &folded[&format!("{name}.weight")];
    let bias = &folded[&format!("{name}.bias")].values;
    let shape = graph.tensors[input];
    let sum_scale = input_scale / (shape.height * shape.width) as f32;
    let mut head = QuantLinear {
        weight: Vec::new(),
        bits: WeightBits::Eight,
        weight_scale: Vec::new(),
        bias: Vec::new(),
    };
    for (row, &bias) in weight.values.chunks_exact(shape.channels).zip(bias) {
        let scale = weight_scale(row, bias, sum_scale, 0.0);
        head.weight.extend(row.iter().map(|&value| quant::quantise_weight(value, scale)));
        head.weight_scale.push(scale);
        head.bias.push(quant::quantise_bias(bias, sum_scale, scale));
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_reordered() {
        let weight = Weight::new([1, 2, 1, 3], vec![1., 2., 3., 4., 5., 6.]);
        assert_eq!(to_nhwc(&weight), [1., 4., 2., 5., 3., 6.]);
    }

    #[test]
    fn normalisation_folds_into_the_kernel() {
        let mut weight = Weight::new([1, 3, 1, 1], vec![1.0, -2.0, 0.5]);
        let mut bias = [0.25];
        let (mean, std) = ([0.5, 0.4, 0.3], [0.2, 0.25, 0.5]);
        let pixel = [0.9f32, 0.1, 0.6];
        let kernel = weight.values.clone();
        let expected: f32 =
            0.25 + (0..3).map(|c| kernel[c] * (pixel[c] - mean[c]) / std[c]).sum::<f32>();
        fold_normalisation(&mut weight, &mut bias, mean, std);
        let folded: f32 = bias[0] + (0..3).map(|c| weight.values[c] * pixel[c]).sum::<f32>();
        assert!((folded - expected).abs() < 1e-5, "{folded} {expected}");
    }

    #[test]
    fn a_dead_channel_gets_a_scale_that_its_residual_fits() {
        let scale = weight_scale(&[0.0; 9], 0.0, 0.02, 0.03);
        assert!(quant::residual_multiplier(0.03, 0.02, scale).is_some());
        assert_eq!(weight_scale(&[0.0; 9], 0.0, 0.02, 0.0), 1.0);
    }
}
