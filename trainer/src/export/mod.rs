//! Float checkpoint → INT8 artifact.
//!
//! Batch norm is folded, ranges of activations are observed on calibration photos, weights get
//! one scale an output channel, and then thresholds and calibration are fitted to what the integer
//! network itself says of the held-back photos.

mod calibrate;
mod platt;
mod quantise;
mod ranges;

pub use calibrate::{LEAST_POSITIVES, ScoreFit, fit_scores};
pub use platt::fit_platt;
pub use quantise::quantise;
pub use ranges::{RangeMethod, Ranges, observe_ranges};
