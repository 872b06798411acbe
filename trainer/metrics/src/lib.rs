//! How good a network's answers are: average precision, precision and recall, thresholds, confusion,
//! errors of values, and paired comparison.

mod agreement;
mod answers;
mod average_precision;
mod bootstrap;
mod classification;
mod decisions;
mod pointing;
mod predictions;
mod regression;
mod score;
mod thresholds;

pub use agreement::Agreement;
pub use answers::Answers;
pub use average_precision::{
    average_precision, mean_average_precision, mean_average_precision_present, pr_auc,
};
pub use bootstrap::{PairedDifference, Resampled, paired_difference};
pub use classification::{Classified, Confusion};
pub use decisions::{Decisions, decide};
pub use pointing::{Pointing, mean_pointing};
pub use predictions::{CHUNK, Predictions, mean_over_time};
pub use regression::Measured;
pub use score::{Metric, Score};
pub use thresholds::{best_global_threshold, best_thresholds};

use tagsight_core::tags::Calibration;
use tagsight_data::Target;

/// Scores (or logits) of photos and what truly is on them.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Scores a photo.
    pub classes: usize,
    /// Photo by photo, `classes` each.
    pub scores: Vec<f32>,
    /// As `scores`: whether the class is on the photo.
    pub truth: Vec<bool>,
}

impl Scored {
    /// Calibrated scores in place of logits.
    pub fn calibrated(&self, calibration: &Calibration) -> Self {
        let rows = self.scores.chunks_exact(self.classes);
        let scores = rows.flat_map(|logits| calibration.scores(logits)).collect();
        Self { scores, ..self.clone() }
    }

    /// Joins scores with the labels of each photo.
    ///
    /// # Panics
    /// If there are not `classes` scores for each photo.
    pub fn new(classes: usize, scores: Vec<f32>, labels: &[Vec<usize>]) -> Self {
        assert_eq!(scores.len(), classes * labels.len(), "one score a class and photo");
        let mut truth = vec![false; scores.len()];
        for (row, labels) in truth.chunks_exact_mut(classes).zip(labels) {
            for &label in labels {
                row[label] = true;
            }
        }
        Self { classes, scores, truth }
    }

    /// [`Self::new`] with the labels that each photo's target names.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn of_targets(classes: usize, scores: Vec<f32>, targets: &[Target]) -> Self {
        let labels: Vec<Vec<usize>> =
            targets.iter().map(|target| target.labels().to_vec()).collect();
        Self::new(classes, scores, &labels)
    }

    /// Number of photos.
    pub fn photos(&self) -> usize {
        self.scores.len() / self.classes
    }

    /// Scores and truth of one class over all photos.
    pub fn class(&self, class: usize) -> Vec<(f32, bool)> {
        let pairs = self.scores.iter().copied().zip(self.truth.iter().copied());
        pairs.skip(class).step_by(self.classes).collect()
    }

    /// The photos of the given numbers, in that order; a number may come twice.
    pub fn pick(&self, photos: &[usize]) -> Self {
        let row = |photo: usize| photo * self.classes..(photo + 1) * self.classes;
        let scores = photos.iter().flat_map(|&photo| &self.scores[row(photo)]).copied();
        let truth = photos.iter().flat_map(|&photo| &self.truth[row(photo)]).copied();
        Self { classes: self.classes, scores: scores.collect(), truth: truth.collect() }
    }
}

/// The mean of some values; 0 without any.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}
