//! Weights and images from a formula, the same in Python (golden/formula.py).

use tagsight_core::Architecture;
use tagsight_core::graph::Graph;
use tagsight_network::weights::{Weight, Weights, expected_shapes, norm_name};

/// Every tensor of torchvision's network, batch norms included.
pub(crate) fn weights(graph: &Graph) -> Weights {
    let mut shapes = expected_shapes(graph);
    for conv in graph.convs() {
        for field in ["weight", "bias", "running_mean", "running_var"] {
            let channels = conv.channels;
            shapes.insert(format!("{}.{field}", norm_name(&conv.name)), vec![channels]);
        }
    }
    shapes.into_iter().map(|(name, shape)| (name.clone(), weight(&name, shape))).collect()
}

/// The network of an architecture for images of `side`² pixels.
pub(crate) fn graph(architecture: Architecture, side: usize) -> Graph {
    architecture.graph(side, 80)
}

/// Pixel codes.
pub(crate) fn codes(name: &str, count: usize) -> Vec<i8> {
    units(name, count).map(|unit| ((unit + 1.0) * 64.0).floor() as i8).collect()
}

fn weight(name: &str, shape: Vec<usize>) -> Weight {
    let count = shape.iter().product();
    let fan_in: usize = shape[1..].iter().product();
    let value = |unit: f32| match name.rsplit_once('.').map(|(_, field)| field) {
        Some("weight") if shape.len() > 1 => unit * (6.0 / fan_in as f64).sqrt() as f32,
        Some("running_var") => 1.0 + 0.5 * unit,
        Some("running_mean" | "bias") => 0.1 * unit,
        _ => 0.6 + 0.2 * unit,
    };
    let values = units(name, count).map(value).collect();
    Weight::new(shape, values)
}

/// SplitMix64 over the positions, seeded by the name's FNV-1a: numbers in `-1..1`.
fn units(name: &str, count: usize) -> impl Iterator<Item = f32> {
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    (1..=count as u64).map(move |position| {
        let mut z = seed.wrapping_add(position.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 40) as f32 / (1u32 << 23) as f32 - 1.0
    })
}
