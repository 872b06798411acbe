//! Convolutions on the processor, without a framework: their sizes, and the depthwise ones.

pub mod depthwise;
mod geometry;

pub use geometry::{Geometry, range};
