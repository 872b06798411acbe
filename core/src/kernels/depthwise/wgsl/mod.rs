//! The depthwise convolution for graphics devices: its text, and its weights as it reads them.

mod pack;

pub use pack::pack_depthwise;

/// What it does with a window.
pub(in crate::kernels) const SOURCE: &str = include_str!("depthwise.wgsl");
