//! How sure a difference between two models is, when both scored the same photos.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;

use super::{Scored, mean, mean_average_precision_present};

/// Resamples; the error of a standard error from 200 is about 5 %.
const RESAMPLES: usize = 200;

/// Difference of two models' mean average precision over the same photos.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairedDifference {
    /// First minus second.
    pub difference: f64,
    /// Its standard error, from resampling photos with replacement (paired bootstrap).
    pub standard_error: f64,
}

/// Compares two models' scores of the same photos.
///
/// # Panics
/// If they are not of the same photos and classes.
pub fn paired_difference(first: &Scored, second: &Scored, seed: u64) -> PairedDifference {
    assert_eq!(first.truth, second.truth, "the same photos");
    let mut rng = StdRng::seed_from_u64(seed);
    let photos = first.photos();
    let difference = |picked: &[usize]| {
        let [first, second] =
            [first, second].map(|scored| mean_average_precision_present(&scored.pick(picked)));
        first - second
    };
    let resampled: Vec<f64> = (0..RESAMPLES)
        .map(|_| difference(&(0..photos).map(|_| rng.random_range(0..photos)).collect::<Vec<_>>()))
        .collect();
    let centre = mean(resampled.iter().copied());
    let squares = resampled.iter().map(|value| (value - centre).powi(2)).sum::<f64>();
    PairedDifference {
        difference: difference(&(0..photos).collect::<Vec<_>>()),
        standard_error: (squares / (RESAMPLES - 1) as f64).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_models_do_not_differ_and_a_worse_one_does() {
        let labels: Vec<Vec<usize>> = (0..40).map(|photo| vec![photo % 2]).collect();
        let good: Vec<f32> = (0..40).flat_map(|p| [(1 - p % 2) as f32, (p % 2) as f32]).collect();
        let mut bad = good.clone();
        bad[..10].chunks_exact_mut(2).for_each(<[f32]>::reverse);
        let good = Scored::new(2, good, &labels);
        let bad = Scored::new(2, bad, &labels);
        let same = paired_difference(&good, &good, 0);
        assert_eq!((same.difference, same.standard_error), (0.0, 0.0));
        let other = paired_difference(&good, &bad, 0);
        assert!(other.difference > 0.0 && other.standard_error > 0.0, "{other:?}");
    }
}
