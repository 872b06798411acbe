//! What an artifact's scores mean: calibration and thresholds, fitted to held-back photos.

use tagsight_core::Metadata;

use super::{PRIOR_STRENGTH, ThresholdFit, fit_platt, fit_thresholds};
use crate::predict::Predictions;

/// Fits calibration, then thresholds of the calibrated scores, and puts them into `metadata`. The
/// predictions must be the integer network's, of photos it was not fitted to.
pub fn fit_scores(predictions: &Predictions, metadata: &mut Metadata) -> ThresholdFit {
    metadata.calibration = fit_platt(&predictions.logits, PRIOR_STRENGTH);
    let fit = fit_thresholds(&predictions.logits, &metadata.calibration);
    metadata.thresholds = fit.thresholds.clone();
    fit
}
