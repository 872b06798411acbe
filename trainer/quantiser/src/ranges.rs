//! Ranges of activations: what a float network's layers give on calibration photos.

use std::collections::BTreeMap;

use burn::prelude::*;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::graph::Node;
use tagsight_data::progress;

use super::Histogram;
use crate::model::{Network, normalised};

/// How the largest value that codes can express is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum RangeMethod {
    /// The largest value seen: nothing is clipped.
    MinMax,
    /// The value that so many per cent of all values do not exceed.
    Percentile(f64),
    /// The value that makes the mean square of rounding and clipping errors least.
    #[default]
    Mse,
    /// The value at which codes keep most of the distribution (Kullback–Leibler, as TensorRT has
    /// it).
    Entropy,
}

/// The value of each convolution's largest output code, by name.
pub type Ranges = BTreeMap<String, f32>;

/// Photos at a time.
const CHUNK: usize = 32;
/// A layer that gave nothing but zeros gets this range, as a scale must be positive.
const DEAD_RANGE: f32 = 1.0;

/// Runs `network` over calibration images (7-bit codes, HWC) and chooses ranges.
///
/// The network must have no batch norm left, and be whole.
pub fn observe_ranges<B: Backend>(
    network: &Network<B>,
    images: &[Vec<i8>],
    preprocessing: &Preprocessing,
    method: RangeMethod,
    device: &B::Device,
) -> Ranges {
    let mut ranges = observe_largest(network, images, preprocessing, device);
    if method != RangeMethod::MinMax {
        let histograms = observe_histograms(network, &ranges, images, preprocessing, device);
        for node in &network.segment().nodes {
            if let Node::Conv(conv) = node {
                let range = histograms[&conv.name].range(method, conv.activation.code_max());
                ranges.insert(conv.name.clone(), range);
            }
        }
    }
    for range in ranges.values_mut().filter(|range| **range == 0.0) {
        *range = DEAD_RANGE;
    }
    ranges
}

/// The largest magnitude of each convolution's output.
pub(super) fn observe_largest<B: Backend>(
    network: &Network<B>,
    images: &[Vec<i8>],
    preprocessing: &Preprocessing,
    device: &B::Device,
) -> Ranges {
    let mut largest = Ranges::new();
    observe(network, images, preprocessing, device, &mut |name, values| {
        let magnitude = values.iter().fold(0.0f32, |max, value| max.max(value.abs()));
        let entry = largest.entry(name.to_owned()).or_insert(0.0);
        *entry = entry.max(magnitude);
    });
    largest
}

/// Histograms of each convolution's output up to the `largest` magnitudes.
pub(super) fn observe_histograms<B: Backend>(
    network: &Network<B>,
    largest: &Ranges,
    images: &[Vec<i8>],
    preprocessing: &Preprocessing,
    device: &B::Device,
) -> BTreeMap<String, Histogram> {
    let mut histograms: BTreeMap<String, Histogram> =
        largest.iter().map(|(name, &max)| (name.clone(), Histogram::new(max))).collect();
    observe(network, images, preprocessing, device, &mut |name, values| {
        histograms.get_mut(name).expect("seen in the first pass").add(values);
    });
    histograms
}

fn observe<B: Backend>(
    network: &Network<B>,
    images: &[Vec<i8>],
    preprocessing: &Preprocessing,
    device: &B::Device,
    observer: &mut dyn FnMut(&str, &[f32]),
) {
    let bar = progress::bar(images.len(), "ranges: photos");
    for chunk in images.chunks(CHUNK) {
        let input = normalised(&chunk.concat(), preprocessing, device);
        network.features_observed(input, &mut |name, output| {
            let values: Vec<f32> = output.to_data().iter().collect();
            observer(name, &values);
        });
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
}
