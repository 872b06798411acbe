//! What an artifact's scores mean: calibration and thresholds, fitted to held-back photos.

use tagsight_core::Metadata;

use super::fit_platt;
use crate::metrics;
use crate::predict::Predictions;

/// A class on fewer held-back photos than this takes the threshold that suits all classes.
pub const LEAST_POSITIVES: usize = 10;

/// What was fitted, for the model's card.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreFit {
    /// Held-back photos it was fitted to.
    pub photos: usize,
    /// The threshold of rare classes.
    pub global_threshold: f32,
    /// Classes that have a threshold of their own.
    pub classes_with_own_threshold: usize,
}

/// Fits calibration, then thresholds of the calibrated scores (best F1), and puts them into
/// `metadata`. The predictions must be the integer network's, of photos it was not fitted to.
pub fn fit_scores(predictions: &Predictions, metadata: &mut Metadata) -> ScoreFit {
    metadata.calibration = fit_platt(&predictions.logits);
    let scores = predictions.logits.calibrated(&metadata.calibration);
    let global_threshold = metrics::best_global_threshold(&scores);
    metadata.thresholds = metrics::best_thresholds(&scores, LEAST_POSITIVES, global_threshold);
    let is_common = |class: &usize| {
        scores.class(*class).iter().filter(|(_, truth)| *truth).count() >= LEAST_POSITIVES
    };
    ScoreFit {
        photos: scores.photos(),
        global_threshold,
        classes_with_own_threshold: (0..scores.classes).filter(is_common).count(),
    }
}
