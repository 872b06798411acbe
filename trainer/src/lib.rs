//! COCO → burn ResNet → INT8 artifact: data, fitting, export, metrics and comparison.

pub mod card;
pub mod checkpoint;
pub mod export;
pub mod inference;
pub mod loss;
pub mod model;
pub mod onnx;
pub mod optim;
pub mod predict;
pub mod qat;
pub mod report;
pub mod teach;
#[cfg(test)]
mod testing;
pub mod train;
pub mod watch;
