//! WebAssembly's instruction sets, of which a module that has them is the proof: it does not load where
//! they are missing.

/// 128-bit SIMD.
#[cfg(target_feature = "simd128")]
#[derive(Debug, Clone, Copy)]
pub(in crate::kernels) struct WasmSimd;

/// Relaxed SIMD.
#[cfg(target_feature = "relaxed-simd")]
#[derive(Debug, Clone, Copy)]
pub(in crate::kernels) struct WasmRelaxed;
