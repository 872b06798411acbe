//! Ranges of activations: what a float network's layers give on calibration photos.

use std::collections::BTreeMap;

use tagsight_core::graph::{Conv, Graph};
use tagsight_data::progress;

use super::float::{CHUNK, FloatNetwork};
use super::histogram::{Histogram, RangeMethod};
use super::precision::{ENGINE_ACTIVATION_BITS, largest_code};

/// The value of each convolution's largest output code, by name.
pub type Ranges = BTreeMap<String, f32>;

/// A layer that gave nothing but zeros gets this range, as a scale must be positive.
const DEAD_RANGE: f32 = 1.0;

/// Runs `network` over calibration images (7-bit codes, HWC) and chooses ranges for the engines'
/// codes.
pub fn observe_ranges(
    network: &FloatNetwork<'_>,
    images: &[Vec<i8>],
    method: RangeMethod,
) -> Ranges {
    if method == RangeMethod::MinMax {
        let largest = observe_largest(network, images).into_iter();
        return largest.map(|(name, range)| (name, alive(range))).collect();
    }
    Observed::of(network, images).ranges(network.graph(), method, ENGINE_ACTIVATION_BITS)
}

/// What a network's layers gave on calibration photos, for ranges by several methods.
#[derive(Debug, Clone)]
pub struct Observed(BTreeMap<String, Histogram>);

impl Observed {
    /// Runs `network` over calibration images (7-bit codes, HWC), twice.
    pub fn of(network: &FloatNetwork<'_>, images: &[Vec<i8>]) -> Self {
        let largest = observe_largest(network, images);
        Self(observe_histograms(network, &largest, images))
    }

    /// The ranges of activations with so many bits.
    ///
    /// # Panics
    /// If `graph` is another network's.
    pub fn ranges(&self, graph: &Graph, method: RangeMethod, bits: u32) -> Ranges {
        let range = |Conv { name, activation, .. }: &Conv| {
            (name.clone(), alive(self.0[name].range(method, largest_code(*activation, bits))))
        };
        graph.convs().map(range).collect()
    }
}

/// A range that a scale can be made of.
fn alive(range: f32) -> f32 {
    if range == 0.0 { DEAD_RANGE } else { range }
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
