//! The classifier for graphics devices.

/// Its text.
pub(in crate::kernels) const SOURCE: &str = include_str!("linear.wgsl");
