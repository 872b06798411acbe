//! Ranges of activations: what a float network's layers give on calibration photos.

use std::collections::BTreeMap;

use tagsight_core::graph::Conv;
use tagsight_data::progress;

use super::float::{CHUNK, FloatNetwork};
use super::histogram::{Histogram, RangeMethod};

/// The value of each convolution's largest output code, by name.
pub type Ranges = BTreeMap<String, f32>;

/// A layer that gave nothing but zeros gets this range, as a scale must be positive.
const DEAD_RANGE: f32 = 1.0;

/// Runs `network` over calibration images (7-bit codes, HWC) and chooses ranges.
pub fn observe_ranges(
    network: &FloatNetwork<'_>,
    images: &[Vec<i8>],
    method: RangeMethod,
) -> Ranges {
    let mut ranges = observe_largest(network, images);
    if method != RangeMethod::MinMax {
        let histograms = observe_histograms(network, &ranges, images);
        for Conv { name, activation, .. } in network.graph().convs() {
            ranges.insert(name.clone(), histograms[name].range(method, activation.quant_max()));
        }
    }
    for range in ranges.values_mut().filter(|range| **range == 0.0) {
        *range = DEAD_RANGE;
    }
    ranges
}

/// The largest magnitude of each convolution's output.
pub(super) fn observe_largest(network: &FloatNetwork<'_>, images: &[Vec<i8>]) -> Ranges {
    let mut largest = Ranges::new();
    observe(network, images, &mut |name, values| {
        let magnitude = values.iter().fold(0.0f32, |max, value| max.max(value.abs()));
        let entry = largest.entry(name.to_owned()).or_insert(0.0);
        *entry = entry.max(magnitude);
    });
    largest
}

/// Histograms of each convolution's output up to the `largest` magnitudes.
pub(super) fn observe_histograms(
    network: &FloatNetwork<'_>,
    largest: &Ranges,
    images: &[Vec<i8>],
) -> BTreeMap<String, Histogram> {
    let mut histograms: BTreeMap<String, Histogram> =
        largest.iter().map(|(name, &max)| (name.clone(), Histogram::new(max))).collect();
    observe(network, images, &mut |name, values| {
        histograms.get_mut(name).expect("seen in the first pass").add(values);
    });
    histograms
}

fn observe(network: &FloatNetwork<'_>, images: &[Vec<i8>], observer: &mut dyn FnMut(&str, &[f32])) {
    let bar = progress::bar(images.len(), "ranges: photos");
    for chunk in images.chunks(CHUNK) {
        network.features(chunk, &mut |name, output| observer(name, &output.values));
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
}
