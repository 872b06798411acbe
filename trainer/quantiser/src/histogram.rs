//! Histograms of activations, and the ranges that follow from them.

/// Bins between 0 and the largest magnitude.
const BINS: usize = 4096;
/// Candidate ranges of the entropy method are this many bins apart.
const ENTROPY_STEP: usize = 16;

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

/// Counts of magnitudes. Zeros are counted apart: every range represents them exactly.
#[derive(Debug, Clone)]
pub struct Histogram {
    max: f32,
    zeros: u64,
    counts: Vec<u64>,
}

impl Histogram {
    /// For magnitudes up to `max`; larger ones count as `max`.
    pub fn new(max: f32) -> Self {
        Self { max, zeros: 0, counts: vec![0; BINS] }
    }

    /// Counts values; their signs do not matter.
    pub fn add(&mut self, values: &[f32]) {
        let per_unit = BINS as f32 / self.max.max(f32::MIN_POSITIVE);
        for &value in values {
            if value == 0.0 {
                self.zeros += 1;
            } else {
                self.counts[((value.abs() * per_unit) as usize).min(BINS - 1)] += 1;
            }
        }
    }

    /// The largest magnitude that `quant_max` should stand for.
    pub fn range(&self, method: RangeMethod, quant_max: i32) -> f32 {
        match method {
            RangeMethod::MinMax => self.max,
            RangeMethod::Percentile(percentile) => self.percentile(percentile),
            RangeMethod::Mse => self.least_square_error(quant_max),
            RangeMethod::Entropy => self.least_divergence(quant_max),
        }
    }

    /// The magnitudes that are not 0, in so many equal bins: for display.
    ///
    /// # Panics
    /// If `bins` does not divide 4096.
    pub fn coarse(&self, bins: usize) -> Vec<u64> {
        assert_eq!(BINS % bins, 0, "bins are joined whole");
        self.counts.chunks_exact(BINS / bins).map(|counts| counts.iter().sum()).collect()
    }

    /// Part of the values that is 0.
    pub fn zero_share(&self) -> f64 {
        self.zeros as f64 / (self.zeros + self.counts.iter().sum::<u64>()).max(1) as f64
    }

    fn edge(&self, bins: usize) -> f32 {
        self.max * bins as f32 / BINS as f32
    }

    /// The smallest bin edge below which `percentile` per cent of all values lie.
    fn percentile(&self, percentile: f64) -> f32 {
        let total = self.zeros + self.counts.iter().sum::<u64>();
        let wanted = total as f64 * percentile / 100.0;
        let mut below = self.zeros;
        for (bin, count) in self.counts.iter().enumerate() {
            below += count;
            if below as f64 >= wanted {
                return self.edge(bin + 1);
            }
        }
        self.max
    }

    /// Of 20 %, 21 % … 100 % of the largest value, the range with the least mean square error.
    fn least_square_error(&self, quant_max: i32) -> f32 {
        let candidates = (20..=100).map(|percent| self.max * percent as f32 / 100.0);
        let scored = candidates.map(|range| (range, self.square_error(range, quant_max)));
        scored.min_by(|left, right| left.1.total_cmp(&right.1)).map_or(self.max, |best| best.0)
    }

    fn square_error(&self, range: f32, quant_max: i32) -> f64 {
        let (step, quant_max) = (f64::from(range) / f64::from(quant_max), f64::from(quant_max));
        let bin_width = f64::from(self.max) / BINS as f64;
        let counted = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        counted
            .map(|(bin, &count)| {
                let value = (bin as f64 + 0.5) * bin_width;
                let code = (value / step).round_ties_even().min(quant_max);
                count as f64 * (value - code * step).powi(2)
            })
            .sum()
    }

    /// The range whose codes' distribution is nearest to the values' by Kullback and Leibler's
    /// measure, as TensorRT calibrates (Migacz 2017).
    fn least_divergence(&self, quant_max: i32) -> f32 {
        let levels = quant_max as usize + 1;
        let candidates = (levels..=BINS).rev().step_by(ENTROPY_STEP);
        let scored = candidates.map(|bins| (bins, self.divergence(bins, levels)));
        let best = scored.min_by(|left, right| left.1.total_cmp(&right.1));
        best.map_or(self.max, |(bins, _)| self.edge(bins))
    }

    /// KL divergence of the first `bins` bins, with what lies beyond added to the last, from the
    /// same bins joined to `levels` levels and spread again over the bins that hold something.
    fn divergence(&self, bins: usize, levels: usize) -> f64 {
        let (kept, beyond) = self.counts.split_at(bins);
        let mut clipped = kept.to_vec();
        clipped[bins - 1] += beyond.iter().sum::<u64>();
        let clipped_total = clipped.iter().sum::<u64>() as f64;
        let kept_total = kept.iter().sum::<u64>() as f64;
        let mut divergence = 0.0;
        for level in 0..levels {
            let group = level * bins / levels..(level + 1) * bins / levels;
            let count: u64 = kept[group.clone()].iter().sum();
            let occupied = clipped[group.clone()].iter().filter(|count| **count > 0);
            let spread = count as f64 / occupied.clone().count().max(1) as f64 / kept_total;
            divergence += occupied
                .map(|&count| count as f64 / clipped_total)
                .map(|share| share * (share / spread).ln())
                .sum::<f64>();
        }
        divergence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIVATION_MAX: i32 = 127;

    fn uniform() -> Vec<f32> {
        (1..=100_000).map(|index| index as f32 / 100_000.0).collect()
    }

    fn histogram(max: f32, values: &[f32]) -> Histogram {
        let mut histogram = Histogram::new(max);
        histogram.add(values);
        histogram
    }

    /// Uniform values need their whole range; a lone outlier four times as far does not set it.
    #[test]
    fn few_outliers_are_clipped_and_uniform_values_are_not() {
        let spoilt = [uniform(), vec![4.0]].concat();
        for method in [RangeMethod::Mse, RangeMethod::Percentile(99.9), RangeMethod::Entropy] {
            let whole = histogram(1.0, &uniform()).range(method, ACTIVATION_MAX);
            assert!((0.97..=1.0).contains(&whole), "{method:?}: {whole}");
            let clipped = histogram(4.0, &spoilt).range(method, ACTIVATION_MAX);
            assert!((0.9..3.0).contains(&clipped), "{method:?}: {clipped}");
        }
        assert_eq!(histogram(4.0, &spoilt).range(RangeMethod::MinMax, ACTIVATION_MAX), 4.0);
    }

    #[test]
    fn a_percentile_counts_zeros() {
        let mut values = vec![0.0; 100_000];
        values.extend(uniform());
        let range = histogram(1.0, &values).range(RangeMethod::Percentile(75.0), ACTIVATION_MAX);
        assert!((range - 0.5).abs() < 1e-3, "{range}");
        assert!((histogram(1.0, &values).zero_share() - 0.5).abs() < 1e-9);
    }

    /// The coarser the codes, the more a long tail is worth clipping.
    #[test]
    fn fewer_codes_clip_more() {
        let laplace: Vec<f32> = (1..10_000).map(|i| -(i as f32 / 10_000.0).ln()).collect();
        let histogram = histogram(10.0, &laplace);
        let ranges = [7, 31, 127].map(|quant_max| histogram.range(RangeMethod::Mse, quant_max));
        assert!(ranges.is_sorted() && ranges[0] < 0.7 * ranges[2], "{ranges:?}");
    }
}
