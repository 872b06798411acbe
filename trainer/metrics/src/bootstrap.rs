//! How sure a difference between two models is, when both scored the same photos.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rayon::prelude::*;
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

/// A model's figure over its photos and over resamples of them, the same resamples for every model of as
/// many photos. Only those of one figure are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    answers: Answers,
    figure: f64,
    resamples: Vec<f64>,
}

impl Resampled {
    /// Resamples the photos with replacement; `seed` says how.
    pub fn of(answers: Answers, seed: u64) -> Self {
        Self::by(answers, seed, figure)
    }

    /// The same with a figure of one's own.
    pub fn by(answers: Answers, seed: u64, figure: fn(&Answers) -> f64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let photos = answers.photos();
        let mut pick = || (0..photos).map(|_| rng.random_range(0..photos)).collect::<Vec<_>>();
        let picked: Vec<Vec<usize>> = (0..RESAMPLES).map(|_| pick()).collect();
        let resamples = picked.par_iter().map(|picked| figure(&answers.pick(picked))).collect();
        Self { figure: figure(&answers), answers, resamples }
    }

    /// How good the model is: mean average precision over the labels that are there, or the task's score.
    pub fn figure(&self) -> f64 {
        self.figure
    }

    /// The figure's standard error.
    pub fn standard_error(&self) -> f64 {
        deviation(&self.resamples)
    }

    /// This model's figure less that of another.
    ///
    /// # Panics
    /// If they are not of the same photos and outputs.
    pub fn difference(&self, other: &Self) -> PairedDifference {
        assert!(self.answers.is_of_the_same(&other.answers), "the same photos");
        let pairs = self.resamples.iter().zip(&other.resamples);
        let differences: Vec<f64> = pairs.map(|(first, second)| first - second).collect();
        PairedDifference {
            difference: self.figure - other.figure,
            standard_error: deviation(&differences),
        }
    }
}

/// Compares two models' answers of the same photos.
///
/// # Panics
/// If they are not of the same photos and outputs.
pub fn paired_difference(first: &Answers, second: &Answers, seed: u64) -> PairedDifference {
    let [first, second] = [first, second].map(|answers| Resampled::of(answers.clone(), seed));
    first.difference(&second)
}

/// The standard deviation of which the resamples are a sample.
fn deviation(resamples: &[f64]) -> f64 {
    let centre = mean(resamples.iter().copied());
    let squares = resamples.iter().map(|value| (value - centre).powi(2)).sum::<f64>();
    (squares / (resamples.len() - 1) as f64).sqrt()
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

    /// The error of a share p of n photos is √(p(1 − p)/n).
    #[test]
    fn the_error_of_a_share_is_the_binomials() {
        let truth: Vec<usize> = vec![0; 100];
        let scores = (0..100).flat_map(|photo| if photo < 80 { [1.0, 0.0] } else { [0.0, 1.0] });
        let answers = Classified { classes: 2, scores: scores.collect(), truth };
        let resampled = Resampled::of(Answers::Classes(answers), 0);
        assert_eq!(resampled.figure(), 0.8);
        let error = resampled.standard_error();
        assert!((0.034..0.046).contains(&error), "{error}, not about 0.04");
    }

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
