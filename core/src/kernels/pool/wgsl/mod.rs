//! Pools for graphics devices.

/// What a max pool does with a window.
pub(in crate::kernels) const MAX: &str = include_str!("max_pool.wgsl");

/// Sums over all pixels.
pub(in crate::kernels) const GLOBAL_SUM: &str = include_str!("global_sum.wgsl");
