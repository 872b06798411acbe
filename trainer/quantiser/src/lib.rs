//! Float network → INT8 artifact, without what trained it.
//!
//! [`post_training`] is the whole way: batch norm is folded, ranges of activations are observed on
//! calibration photos, then layer after layer gets scales, codes and a corrected bias. After that,
//! thresholds and calibration are fitted to what the integer network itself says of the validation
//! photos ([`scores`]).

mod adaround;
mod analyse;
mod comparison;
mod equalise;
mod float;
mod histogram;
mod layer;
mod post_training;
mod precision;
mod quantise;
mod ranges;
mod samples;
mod scales;
pub mod scores;
mod simulated;
mod walk;

pub use adaround::AdaRound;
pub use analyse::{Analysis, LayerAnalysis, analyse};
pub use comparison::{decibels, integer_logits};
pub use float::FloatNetwork;
pub use histogram::{Histogram, RangeMethod};
pub use post_training::{PostTraining, Quantised, post_training};
pub use precision::{Few, NoEngine, Precision, Precisions};
pub use quantise::{WeightMethod, quantise, simulate};
pub use ranges::{Observed, Ranges, observe_ranges};
pub use scales::{Granularity, ScaleMethod, WeightFormat};
pub use simulated::{Simulated, WeightError};
