//! Layers' codes as an artifact's integers.
//!
//! Codes of weights stay what they are. They are rounded anew in the first layer, which takes up the
//! normalisation of pixels, and where core's arithmetic needs another scale: for codes of more than ±127, a
//! bias beyond 2²⁹ units, or a residual that is worth so few units that rounding their number would change it.
//! A code of −128 becomes −127.
//!
//! Activations have 7 bits here. A rectified tensor's 127 codes cover what the file's did, so that a step is
//! about twice theirs; of a tensor with a sign the longer side decides. What the file quantises besides is not
//! here: sums that a residual joins, pooled features and logits.

use tagsight_core::Artifact;
use tagsight_core::artifact::{QuantConv, QuantLinear, WeightBits};
use tagsight_core::graph::{Conv, IMAGE, Node, PerConv};
use tagsight_core::quant::{self, Activation, PIXEL_SCALE, RESIDUAL_MAX, WEIGHT_MAX};
use tagsight_network::{Spec, transposed};

use super::fuse::{Fused, FusedConv, Layer};
use super::kernel::Kernel;
use super::steps::Codes;

/// No bias may need more than this many units of the sum; core saturates at 2³⁰.
const LARGEST_BIAS: f64 = (1u32 << 29) as f64;
/// As much of a residual may be lost since its code is worth a whole number of units.
const ROUNDING: f64 = 1.0 / 256.0;

/// The artifact of `fused`, whose nodes are those of the network in `spec`.
///
/// # Errors
/// The layers whose result has no codes.
pub(super) fn artifact(fused: &Fused, spec: &Spec) -> Result<Artifact, Vec<String>> {
    let graph = &spec.graph;
    let convs = || fused.layers.iter().zip(graph.nodes()).filter_map(conv_of);
    let bare = convs().filter(|(layer, _)| layer.codes.is_none());
    let bare: Vec<String> = bare.map(|(layer, _)| layer.node.clone()).collect();
    if !bare.is_empty() {
        return Err(bare);
    }
    let mut scales = vec![PIXEL_SCALE];
    let mut layers = Vec::new();
    for (layer, node) in fused.layers.iter().zip(graph.nodes()) {
        match conv_of((layer, node)) {
            None => scales.push(scales[node.input()]),
            Some((layer, conv)) => {
                let codes = layer.codes.expect("all have some");
                scales.push(output_scale(codes, layer, conv.activation));
                layers.push(quantised(layer, conv, spec, &scales));
            }
        }
    }
    let features = graph.features();
    let sum_scale = scales[graph.head().input] / (features.height * features.width) as f32;
    let rounded = rounded(&fused.head.kernel, &fused.head.bias, sum_scale, None);
    let bias = integer_bias(&fused.head.bias, &rounded.scales, sum_scale);
    let (weight, weight_scale) = (rounded.codes, rounded.scales);
    let head = QuantLinear { weight, bits: WeightBits::Eight, weight_scale, bias };
    let convs = PerConv::new(graph, layers);
    Ok(Artifact { metadata: spec.uncalibrated(), graph: graph.clone(), convs, head })
}

/// A layer with its convolution, if it is one.
fn conv_of<'a>((layer, node): (&'a Layer, &'a Node)) -> Option<(&'a FusedConv, &'a Conv)> {
    match (layer, node) {
        (Layer::Conv(layer), Node::Conv(conv)) => Some((layer, conv)),
        _ => None,
    }
}

/// The value of one code of 7 bits, so that all that the file's codes stand for has one.
fn output_scale(codes: Codes, layer: &FusedConv, activation: Activation) -> f32 {
    let Codes { scale, least, most } = codes;
    // Bounds that the layer has besides, as codes.
    let bound = |value: f32| (value / scale).round();
    let least = (least as f32).max(bound(layer.least));
    let most = (most as f32).min(bound(layer.most));
    let (negative, positive) = (-activation.quant_min() as f32, activation.quant_max() as f32);
    let steps = match activation {
        Activation::Relu | Activation::Relu6 => most / positive,
        // −128 has no counterpart.
        Activation::Linear if -least == most + 1.0 => most / positive,
        Activation::Linear | Activation::Asymmetric => (most / positive).max(-least / negative),
    };
    let scaled = scale * steps;
    if scaled.is_normal() && scaled > 0.0 { scaled } else { scale }
}

fn quantised(layer: &FusedConv, conv: &Conv, spec: &Spec, scales: &[f32]) -> QuantConv {
    let input_scale = scales[conv.input];
    let (mut kernel, mut bias) = (layer.conv.kernel.clone(), layer.conv.bias.clone());
    if conv.input == IMAGE {
        fold_normalisation(&mut kernel, &mut bias, spec);
    }
    let residual = conv.residual.map(|residual| scales[residual]);
    let rounded = rounded(&kernel, &bias, input_scale, residual);
    let bias = integer_bias(&bias, &rounded.scales, input_scale);
    let area = kernel.sizes[2] * kernel.sizes[3];
    QuantConv {
        weight: transposed(&rounded.codes, kernel.sizes[1], area),
        bits: WeightBits::Eight,
        weight_scale: rounded.scales,
        bias,
        output_scale: scales[conv.output],
    }
}

fn integer_bias(bias: &[f32], scales: &[f32], input_scale: f32) -> Vec<i32> {
    let pairs = bias.iter().zip(scales);
    pairs.map(|(&bias, &scale)| quant::quantise_bias(bias, input_scale, scale)).collect()
}

/// `w·(x − mean)/std + b` as a layer of `x`; what pads the image becomes the mean pixel. Codes stay where all
/// channels have one deviation.
fn fold_normalisation(kernel: &mut Kernel, bias: &mut [f32], spec: &Spec) {
    let (mean, std) = (spec.preprocessing.mean, spec.preprocessing.std);
    let area = kernel.sizes[2] * kernel.sizes[3];
    for (taps, bias) in kernel.values.chunks_exact_mut(area * mean.len()).zip(bias) {
        let mut shift = 0.0f64;
        for (channel, plane) in taps.chunks_exact_mut(area).enumerate() {
            for tap in plane {
                *tap /= std[channel];
                shift += f64::from(*tap) * f64::from(mean[channel]);
            }
        }
        *bias = (f64::from(*bias) - shift) as f32;
    }
    let is_one = std.iter().all(|&other| other == std[0]);
    kernel.codes = kernel.codes.take().filter(|_| is_one);
    if let Some(codes) = &mut kernel.codes {
        codes.scales.iter_mut().for_each(|scale| *scale /= std[0]);
    }
}

/// Weights as codes of 8 bits.
struct Rounded {
    codes: Vec<i8>,
    scales: Vec<f32>,
}

fn rounded(kernel: &Kernel, bias: &[f32], input_scale: f32, residual: Option<f32>) -> Rounded {
    let taps = kernel.taps().max(1);
    let mut rounded = Rounded { codes: Vec::with_capacity(kernel.values.len()), scales: vec![] };
    for (output, (values, &bias)) in kernel.values.chunks_exact(taps).zip(bias).enumerate() {
        let kept = kernel.codes.as_ref().and_then(|codes| {
            let scale = codes.scales[output];
            let codes = &codes.codes[output * taps..][..taps];
            let fits = codes.iter().all(|code| (-WEIGHT_MAX - 1..=WEIGHT_MAX).contains(code));
            (fits && allowed(scale, bias, input_scale, residual) == scale).then_some((codes, scale))
        });
        if let Some((codes, scale)) = kept {
            rounded.codes.extend(codes.iter().map(|&code| code.max(-WEIGHT_MAX) as i8));
            rounded.scales.push(scale);
            continue;
        }
        let largest = values.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        let scale = allowed(largest / WEIGHT_MAX as f32, bias, input_scale, residual);
        rounded.codes.extend(values.iter().map(|&value| quant::quantise_weight(value, scale)));
        rounded.scales.push(scale);
    }
    rounded
}

/// The wanted scale, or the nearest to it at which bias and residual fit the sum.
fn allowed(wanted: f32, bias: f32, input_scale: f32, residual: Option<f32>) -> f32 {
    let input = f64::from(input_scale);
    let for_bias = f64::from(bias.abs()) / (input * LARGEST_BIAS);
    let mut scale = f64::from(wanted).max(for_bias);
    if let Some(residual) = residual {
        let ratio = f64::from(residual) / input;
        let units = (ratio / scale).min(f64::from(RESIDUAL_MAX / 2));
        let nearest = units.round().max(1.0);
        let units = if (units - nearest).abs() > units * ROUNDING { nearest } else { units };
        scale = if units == ratio / scale { scale } else { ratio / units };
    }
    let scale = scale as f32;
    if scale.is_normal() { scale } else { 1.0 }
}
