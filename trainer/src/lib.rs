//! COCO → burn ResNet → INT8 artifact: data, fitting, export, metrics and comparison.

pub mod checkpoint;
pub mod data;
mod hash;
pub mod metrics;
pub mod model;
pub mod progress;
pub mod train;
pub mod weights;
