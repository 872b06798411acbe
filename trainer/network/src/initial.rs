//! Fresh weights for the layers that no checkpoint gives.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::StandardNormal;
use tagsight_core::graph::Graph;

use crate::weights::{Weight, Weights, expected_shapes, norm_name};

/// Gives the `absent` tensors fresh values.
///
/// A kernel gets He et al.'s normal distribution by fan-out (as torchvision does) and a batch norm
/// of its own: the bias that came with a folded norm belongs to the kernel that is not there. The norm
/// of a kernel whose output joins a residual starts at a gain of zero (Goyal et al., arXiv 1706.02677,
/// 5.1). So a whole block that is absent begins as the identity, and a network deeper than the one
/// that gave the weights begins as that one (Net2Net, arXiv 1511.05641).
/// A classifier starts at small weights, with `prior_logits` as bias: each class's log-odds.
pub fn complete(
    weights: &mut Weights,
    absent: &[String],
    graph: &Graph,
    prior_logits: &[f32],
    seed: u64,
) {
    fill(weights, absent, graph, prior_logits, seed);
    for conv in graph.convs().filter(|conv| conv.residual.is_some()) {
        if absent.contains(&format!("{}.weight", conv.name)) {
            let gain = weights.get_mut(&format!("{}.weight", norm_name(&conv.name)));
            gain.expect("a fresh kernel has a norm").values.fill(0.0);
        }
    }
}

/// [`complete`], with every norm at a gain of one.
fn fill(weights: &mut Weights, absent: &[String], graph: &Graph, prior_logits: &[f32], seed: u64) {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let shapes = expected_shapes(graph);
    for name in absent {
        let shape = shapes[name].clone();
        let (layer, field) = name.rsplit_once('.').expect("names have a field");
        if shape.len() == 4 {
            let fan_out = (shape[0] * shape[2] * shape[3]) as f32;
            weights.insert(name.clone(), normal(shape.clone(), (2.0 / fan_out).sqrt(), &mut rng));
            weights.remove(&format!("{layer}.bias"));
            add_norm(weights, layer, shape[0]);
        } else if field == "bias" {
            weights.insert(name.clone(), Weight::new(shape, prior_logits.to_vec()));
        } else {
            weights.insert(name.clone(), normal(shape, 0.01, &mut rng));
        }
    }
}

/// A whole network of fresh weights, batch norms included; none of its layers gives zeros.
pub fn random_weights(graph: &Graph, seed: u64) -> Weights {
    let absent: Vec<String> = expected_shapes(graph).into_keys().collect();
    let mut weights = Weights::new();
    fill(&mut weights, &absent, graph, &vec![0.0; graph.head().classes], seed);
    weights
}

fn normal(shape: Vec<usize>, deviation: f32, rng: &mut ChaCha12Rng) -> Weight {
    let values =
        (0..shape.iter().product()).map(|_| deviation * rng.sample::<f32, _>(StandardNormal));
    let values = values.collect();
    Weight::new(shape, values)
}

fn add_norm(weights: &mut Weights, conv: &str, channels: usize) {
    let norm = norm_name(conv);
    for (field, value) in
        [("weight", 1.0), ("bias", 0.0), ("running_mean", 0.0), ("running_var", 1.0)]
    {
        weights.insert(format!("{norm}.{field}"), Weight::new([channels], vec![value; channels]));
    }
}
