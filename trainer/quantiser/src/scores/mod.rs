//! What an artifact's scores mean: calibration and thresholds, fitted to held-back photos.

mod platt;
mod thresholds;

pub use platt::{PRIOR_STRENGTH, fit_platt};
pub use thresholds::{ThresholdFit, fit_thresholds};

use tagsight_core::Metadata;
use tagsight_metrics::Scored;

/// Fits calibration, then thresholds of the calibrated scores, and puts them into `metadata`. The
/// logits must be the integer network's, of photos it was not fitted to.
pub fn fit_scores(logits: &Scored, metadata: &mut Metadata) -> ThresholdFit {
    metadata.calibration = fit_platt(logits, PRIOR_STRENGTH);
    let fit = fit_thresholds(logits, &metadata.calibration);
    metadata.thresholds = fit.thresholds.clone();
    fit
}
