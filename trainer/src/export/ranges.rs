//! Ranges of activations: what a float network's layers give on calibration photos.

use std::collections::BTreeMap;

use burn::prelude::*;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::quant::CODE_MAX;

use crate::model::{Network, normalised};
use crate::progress;

/// How the largest value that codes can express is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RangeMethod {
    /// The largest value seen: nothing is clipped.
    MinMax,
    /// The value that makes the mean square of rounding and clipping errors least.
    #[default]
    Mse,
}

/// The largest value that each convolution's output codes express, by name.
pub type Ranges = BTreeMap<String, f32>;

/// Photos at a time.
const CHUNK: usize = 32;
/// Bins between 0 and a layer's largest magnitude.
const BINS: usize = 4096;
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
    let mut largest = Ranges::new();
    let run = |what: &str, observe: &mut dyn FnMut(&str, Vec<f32>)| {
        let bar = progress::bar(images.len(), what);
        for chunk in images.chunks(CHUNK) {
            let input = normalised(&chunk.concat(), preprocessing, device);
            network.features_observed(input, &mut |name, output| {
                observe(name, output.to_data().iter().collect());
            });
            bar.inc(chunk.len() as u64);
        }
        bar.finish_and_clear();
    };
    run("ranges: photos", &mut |name, values| {
        let magnitude = values.iter().fold(0.0f32, |max, value| max.max(value.abs()));
        let entry = largest.entry(name.to_owned()).or_insert(0.0);
        *entry = entry.max(magnitude);
    });
    if method == RangeMethod::Mse {
        let mut histograms: BTreeMap<String, Histogram> =
            largest.iter().map(|(name, &max)| (name.clone(), Histogram::new(max))).collect();
        run("histograms: photos", &mut |name, values| {
            histograms.get_mut(name).expect("seen in the first pass").add(&values);
        });
        largest = histograms.into_iter().map(|(name, h)| (name, h.best_range())).collect();
    }
    for range in largest.values_mut().filter(|range| **range == 0.0) {
        *range = DEAD_RANGE;
    }
    largest
}

/// Counts of magnitudes; zeros, which every range represents exactly, are left out.
struct Histogram {
    max: f32,
    counts: Vec<u64>,
}

impl Histogram {
    fn new(max: f32) -> Self {
        Self { max, counts: vec![0; BINS] }
    }

    fn add(&mut self, values: &[f32]) {
        let per_unit = BINS as f32 / self.max.max(f32::MIN_POSITIVE);
        for value in values.iter().filter(|value| **value != 0.0) {
            let bin = (value.abs() * per_unit) as usize;
            self.counts[bin.min(BINS - 1)] += 1;
        }
    }

    /// Of 20 %, 21 % … 100 % of the largest value, the range with the least mean square error.
    fn best_range(&self) -> f32 {
        let candidates = (20..=100).map(|percent| self.max * percent as f32 / 100.0);
        let scored = candidates.map(|range| (range, self.square_error(range)));
        scored.min_by(|left, right| left.1.total_cmp(&right.1)).map_or(self.max, |best| best.0)
    }

    fn square_error(&self, range: f32) -> f64 {
        let step = f64::from(range) / f64::from(CODE_MAX);
        let bin_width = f64::from(self.max) / BINS as f64;
        let counted = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        counted
            .map(|(bin, &count)| {
                let value = (bin as f64 + 0.5) * bin_width;
                let code = (value / step).round_ties_even().min(f64::from(CODE_MAX));
                count as f64 * (value - code * step).powi(2)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_outliers_are_clipped_and_uniform_values_are_not() {
        let uniform: Vec<f32> = (0..100_000).map(|index| index as f32 / 100_000.0).collect();
        let mut histogram = Histogram::new(1.0);
        histogram.add(&uniform);
        assert!(histogram.best_range() > 0.97, "{}", histogram.best_range());
        let mut histogram = Histogram::new(4.0);
        histogram.add(&uniform);
        histogram.add(&[4.0]);
        let range = histogram.best_range();
        assert!((0.9..3.0).contains(&range), "{range}");
    }
}
