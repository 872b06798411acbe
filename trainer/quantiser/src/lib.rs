//! Float checkpoint → INT8 artifact.
//!
//! [`post_training`] is the whole way: batch norm is folded, ranges of activations are observed on
//! calibration photos, then layer after layer gets scales, codes and a corrected bias. After that,
//! thresholds and calibration are fitted to what the integer network itself says of the held-back
//! photos.

mod adaround;
mod analyse;
mod calibrate;
mod equalise;
mod histogram;
mod layer;
mod platt;
mod post_training;
mod quantise;
mod ranges;
mod samples;
mod scales;
mod thresholds;
mod walk;

pub use adaround::AdaRound;
pub use analyse::{Analysis, LayerAnalysis, analyse};
pub use calibrate::fit_scores;
pub use equalise::{ChannelMaxima, equalise};
pub use histogram::Histogram;
pub use platt::{PRIOR_STRENGTH, fit_platt};
pub use post_training::{PostTraining, Quantised, post_training};
pub use quantise::{WeightMethod, quantise};
pub use ranges::{RangeMethod, Ranges, observe_ranges};
pub use scales::{Granularity, ScaleMethod, WeightFormat};
pub use thresholds::{ThresholdFit, fit_thresholds};
