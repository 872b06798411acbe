//! Photo → tags: preprocessing, the artifact format, integer inference and tags.
//!
//! This crate does no file or network access, reads no clock and knows neither burn nor the DOM,
//! so the page, the command line and the trainer share it byte for byte.
//! The flow is [`photo`] → [`engine`] → [`task`] → [`tags`]; [`artifact`] holds the weights, [`graph`] says
//! which layers there are, [`quant`] defines the arithmetic and [`kernels`] carries it out.

pub mod artifact;
pub mod engine;
pub mod graph;
pub mod heatmap;
pub mod kernels;
pub mod labels;
pub mod photo;
mod preprocessing;
pub mod quant;
mod random;
mod tagger;
pub mod tags;
pub mod task;
mod tensor;
pub mod threads;
pub mod thresholds;

pub use artifact::{Artifact, ArtifactError, Metadata};
pub use engine::{Engine, Isa, Run};
pub use graph::Architecture;
pub use heatmap::Heatmap;
pub use photo::PhotoError;
pub use preprocessing::Preprocessing;
pub use tagger::{Tagger, TaggerError};
pub use task::{Goal, Task};
pub use tensor::{CHANNEL_ALIGN, Layout, Tensor};
pub use threads::Threads;
pub use thresholds::{Step, Steps, Thresholds};
