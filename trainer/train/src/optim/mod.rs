//! How gradients change parameters: burn's optimisers, with a learning rate and a weight decay
//! that depend on the parameter, over gradients that were gathered from several batches and
//! clipped.

mod algorithm;
mod config;
mod gradients;
mod optimizer;
mod schedule;

pub use algorithm::{Algorithm, State};
pub use config::{OptimizerConfig, Rate};
pub use gradients::GradientSum;
pub use optimizer::{LayerRate, Optimizer, Settings, UnknownLayer};
pub use schedule::{Schedule, ScheduleConfig};
