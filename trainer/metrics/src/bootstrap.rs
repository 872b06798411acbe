//! How sure a difference between two models is, when both scored the same photos.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use serde::Serialize;

use super::{Answers, mean, mean_average_precision_present};

/// Resamples; the error of a standard error from 200 is about 5 %.
const RESAMPLES: usize = 200;

/// Difference of how good two models are over the same photos: of mean average precision over the labels
/// that are there, or of the task's score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairedDifference {
    /// First minus second.
    pub difference: f64,
    /// Its standard error, from resampling photos with replacement (paired bootstrap).
    pub standard_error: f64,
}

/// Compares two models' answers of the same photos.
///
/// # Panics
/// If they are not of the same photos and outputs.
pub fn paired_difference(first: &Answers, second: &Answers, seed: u64) -> PairedDifference {
    assert!(first.is_of_the_same(second), "the same photos");
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let photos = first.photos();
    let difference = |picked: &[usize]| {
        let [first, second] = [first, second].map(|answers| figure(&answers.pick(picked)));
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

/// A resample may lack labels, so average precision is that of those that are there.
fn figure(answers: &Answers) -> f64 {
    match answers {
        Answers::Labels(scored) => mean_average_precision_present(scored),
        _ => answers.score().value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Classified, Scored};

    #[test]
    fn equal_models_do_not_differ_and_a_worse_one_does() {
        let labels: Vec<Vec<usize>> = (0..40).map(|photo| vec![photo % 2]).collect();
        let good: Vec<f32> = (0..40).flat_map(|p| [(1 - p % 2) as f32, (p % 2) as f32]).collect();
        let mut bad = good.clone();
        bad[..10].chunks_exact_mut(2).for_each(<[f32]>::reverse);
        let truth = labels.concat();
        let one_label = |scores: &[f32]| {
            let (scores, truth) = (scores.to_vec(), truth.clone());
            Answers::Classes(Classified { classes: 2, scores, truth })
        };
        let other = paired_difference(&one_label(&good), &one_label(&bad), 0);
        assert_eq!(other.difference, 5.0 / 40.0);
        let good = Answers::Labels(Scored::new(2, good, &labels));
        let bad = Answers::Labels(Scored::new(2, bad, &labels));
        let same = paired_difference(&good, &good, 0);
        assert_eq!((same.difference, same.standard_error), (0.0, 0.0));
        let other = paired_difference(&good, &bad, 0);
        assert!(other.difference > 0.0 && other.standard_error > 0.0, "{other:?}");
    }
}
