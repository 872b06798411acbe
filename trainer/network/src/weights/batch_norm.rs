//! Batch norm's place in torchvision's names, and folding it into the convolution before it.

use tagsight_core::graph::Graph;

use super::{Weight, Weights};

/// The norms of EfficientNet's ports by the convolutions that they follow.
const EFFICIENTNET_NORMS: [(&str, &str); 5] = [
    ("_conv_stem", "_bn0"),
    ("_conv_head", "_bn1"),
    ("_expand_conv", "_bn0"),
    ("_depthwise_conv", "_bn1"),
    ("_project_conv", "_bn2"),
];

/// A norm's tensors.
pub(super) const NORM_FIELDS: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

/// The batch norm that follows a convolution. ResNets: `conv1` → `bn1`; inside a sequence, its next
/// member: `downsample.0` → `downsample.1`, `features.2.conv.2` → `features.2.conv.3`; EfficientNet:
/// `_blocks.3._expand_conv` → `_blocks.3._bn0`.
pub fn norm_name(conv: &str) -> String {
    if let Some((sequence, norm)) = efficientnet_norm(conv) {
        return format!("{sequence}{norm}");
    }
    let member = conv.rsplit_once('.').and_then(|(sequence, member)| {
        member.parse::<usize>().ok().map(|number| format!("{sequence}.{}", number + 1))
    });
    member.unwrap_or_else(|| conv.replace("conv", "bn"))
}

/// The epsilon of the batch norm that follows a convolution: torchvision's, or TensorFlow's as
/// EfficientNet has it.
pub fn norm_epsilon(conv: &str) -> f64 {
    if efficientnet_norm(conv).is_some() { 1e-3 } else { 1e-5 }
}

/// Where EfficientNet's convolution `conv` is, and its norm's own name.
fn efficientnet_norm(conv: &str) -> Option<(&str, &'static str)> {
    let mut norms = EFFICIENTNET_NORMS.iter();
    norms.find_map(|(name, norm)| Some((conv.strip_suffix(name)?, *norm)))
}

/// Folds every batch norm of `graph` that `weights` has into its convolution:
/// `w' = w·γ/σ`, `b' = β + (b − μ)·γ/σ`. Convolutions without one keep their bias, or get zeros.
///
/// # Panics
/// If the tensors do not fit the graph; see [`check`](super::check).
pub fn fold_batch_norm(weights: &Weights, graph: &Graph) -> Weights {
    let mut folded = weights.clone();
    for conv in graph.convs() {
        let outputs = conv.channels;
        fold_one(&mut folded, &conv.name, outputs);
    }
    folded
}

fn fold_one(weights: &mut Weights, conv: &str, outputs: usize) {
    let (norm, epsilon) = (norm_name(conv), norm_epsilon(conv));
    let bias_name = format!("{conv}.bias");
    let mut bias = weights.remove(&bias_name).map_or_else(|| vec![0.0; outputs], |b| b.values);
    // What others call a layer may be what a norm would be called here, so all of a norm has to be there.
    let fields = NORM_FIELDS.map(|field| format!("{norm}.{field}"));
    if fields.iter().all(|field| weights.contains_key(field)) {
        let [gamma, beta, mean, variance] =
            fields.map(|field| weights.remove(&field).expect("it is there").values);
        let kernel = weights.get_mut(&format!("{conv}.weight")).expect("checked weights");
        for (channel, taps) in
            kernel.values.chunks_exact_mut(kernel.shape[1..].iter().product()).enumerate()
        {
            let deviation = (f64::from(variance[channel]) + epsilon).sqrt();
            let factor = f64::from(gamma[channel]) / deviation;
            for tap in taps {
                *tap = (f64::from(*tap) * factor) as f32;
            }
            let centred = f64::from(bias[channel]) - f64::from(mean[channel]);
            bias[channel] = (f64::from(beta[channel]) + centred * factor) as f32;
        }
    }
    weights.insert(bias_name, Weight::new([outputs], bias));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_ports() {
        let cases = [
            ("conv1", "bn1"),
            ("layer1.0.conv2", "layer1.0.bn2"),
            ("layer2.0.downsample.0", "layer2.0.downsample.1"),
            ("features.0.0", "features.0.1"),
            ("features.2.conv.1.0", "features.2.conv.1.1"),
            ("features.2.conv.2", "features.2.conv.3"),
            ("_conv_stem", "_bn0"),
            ("_conv_head", "_bn1"),
            ("_blocks.3._expand_conv", "_blocks.3._bn0"),
            ("_blocks.3._depthwise_conv", "_blocks.3._bn1"),
            ("_blocks.3._project_conv", "_blocks.3._bn2"),
        ];
        for (conv, norm) in cases {
            assert_eq!(norm_name(conv), norm);
        }
    }

    #[test]
    fn a_layer_named_as_a_norm_would_be_stays() {
        for names in [["features.0", "features.1"], ["stem", "stem.next"]] {
            let mut weights = Weights::new();
            for name in names {
                weights.insert(format!("{name}.weight"), Weight::new([1, 1, 1, 1], vec![2.0]));
                weights.insert(format!("{name}.bias"), Weight::new([1], vec![1.0]));
            }
            let whole = weights.clone();
            fold_one(&mut weights, names[0], 1);
            assert_eq!(weights, whole);
        }
    }

    #[test]
    fn a_folded_convolution_equals_convolution_then_norm() {
        let mut weights = Weights::new();
        let mut put = |name: &str, shape: &[usize], values: &[f32]| {
            weights.insert(name.into(), Weight::new(shape, values.to_vec()));
        };
        put("conv1.weight", &[2, 1, 1, 1], &[2.0, -1.0]);
        put("bn1.weight", &[2], &[0.5, 3.0]);
        put("bn1.bias", &[2], &[1.0, -1.0]);
        put("bn1.running_mean", &[2], &[0.25, 0.5]);
        put("bn1.running_var", &[2], &[4.0, 0.25]);
        fold_one(&mut weights, "conv1", 2);
        assert_eq!(weights.len(), 2, "the norm is gone: {weights:?}");
        let (kernel, bias) = (&weights["conv1.weight"].values, &weights["conv1.bias"].values);
        for input in [-2.0f32, 0.0, 1.5] {
            let expected = [
                (2.0 * input - 0.25) / (4.0f32 + 1e-5).sqrt() * 0.5 + 1.0,
                (-input - 0.5) / (0.25f32 + 1e-5).sqrt() * 3.0 - 1.0,
            ];
            for channel in 0..2 {
                let folded = kernel[channel] * input + bias[channel];
                assert!((folded - expected[channel]).abs() < 1e-5, "{folded} {expected:?}");
            }
        }
    }
}
