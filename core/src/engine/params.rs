//! An artifact's numbers in the units that every engine computes in.

use crate::artifact::Artifact;
use crate::graph::{Conv, Graph, Padding};
use crate::kernels::conv::ConvParams;
use crate::kernels::linear::Linear;
use crate::quant;

/// A layer's stored scales as the multipliers that kernels use.
pub(super) fn conv_params(artifact: &Artifact, node: &Conv, scales: &[f32]) -> ConvParams {
    let (graph, stored) = (&artifact.graph, &artifact.convs[node]);
    let input_scale = scales[node.input];
    let weight_scales = stored.weight_scale.iter();
    let multiplier = weight_scales
        .clone()
        .map(|&scale| quant::multiplier(input_scale, scale, stored.output_scale))
        .collect();
    let residual_multiplier: Vec<i32> = match node.residual {
        None => Vec::new(),
        Some(residual) => weight_scales
            .map(|&scale| quant::residual_multiplier(scales[residual], input_scale, scale))
            .map(|multiplier| multiplier.expect("validated when read"))
            .collect(),
    };
    let mut bias = stored.bias.clone();
    fold_zero_points(graph, node, &stored.weight, &residual_multiplier, &mut bias);
    ConvParams {
        window: node.window,
        weight: stored.weight.clone(),
        bias,
        multiplier,
        residual_multiplier,
        activation: node.activation,
    }
}

/// Takes from the biases what the zero points of input and residual add to the sums, so that
/// kernels need not know of them.
fn fold_zero_points(
    graph: &Graph,
    node: &Conv,
    weight: &[i8],
    residual_multiplier: &[i32],
    bias: &mut [i32],
) {
    let input = graph.zero_point(node.input);
    assert!(input == 0 || node.window.padding == Padding::even(0), "what pads is 0");
    let taps = weight.len() / bias.len();
    for (bias, weights) in bias.iter_mut().zip(weight.chunks_exact(taps)) {
        *bias -= quant::zero_point_share(weights, input);
    }
    let residual = node.residual.map_or(0, |residual| graph.zero_point(residual));
    for (bias, multiplier) in bias.iter_mut().zip(residual_multiplier) {
        *bias -= residual * multiplier;
    }
}

/// The classifier over pooled sums.
pub(super) fn classifier(artifact: &Artifact, scales: &[f32]) -> Linear {
    Linear {
        weight: artifact.head.weight.clone(),
        bias: artifact.head.bias.clone(),
        scale: artifact.logit_scales(scales),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Architecture;
    use crate::quant::{ASYMMETRIC_ZERO, Activation};

    /// `bias' + Σ w·code + R·code_r` must be `bias + Σ w·(code − 64) + R·(code_r − 64)`.
    #[test]
    fn zero_points_of_input_and_residual_fold_into_the_bias() {
        let graph = Architecture::MobileNetV2.graph(64, 2);
        let node = graph.convs().find(|conv| conv.name == "features.3.conv.0.0").unwrap();
        assert_eq!((graph.zero_point(node.input), node.residual), (ASYMMETRIC_ZERO, None));
        let mut bias = [100, -7];
        fold_zero_points(&graph, node, &[1, -3, 5, 127, 127, -1], &[], &mut bias);
        assert_eq!(bias, [100 - 64 * 3, -7 - 64 * 253]);
        let node = graph.convs().find(|conv| conv.name == "features.3.conv.2").unwrap();
        assert_eq!((node.activation, graph.zero_point(node.input)), (Activation::Asymmetric, 0));
        let mut bias = [100, -7];
        fold_zero_points(&graph, node, &[1; 6], &[10, 20], &mut bias);
        assert_eq!(bias, [100 - 640, -7 - 1280]);
    }
}
