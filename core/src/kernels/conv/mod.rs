//! Convolution fused with bias, residual, activation and requantisation.
//!
//! `scalar.rs` is the definition. Every other instruction set has a small tile kernel — some output
//! pixels by some output channels — that [`tiled`] drives over a layer:
//!
//! * Weights are packed once into panels of a tile's channels, four taps of a channel side by
//!   side, as 4-way dot products want them (`packed.rs`).
//! * There is no im2col: the input carries its padding in a halo, so one kernel row of a window is
//!   one contiguous run of bytes, and a window is a start address, a row stride and a run length.
//! * The panel is the outer loop and the pixels the inner one, so a panel stays in cache.

mod layer;
mod packed;
mod prepare;
mod scalar;
mod tiled;

#[cfg(feature = "webgpu")]
pub(super) mod wgsl;

#[cfg(target_arch = "aarch64")]
pub(super) mod neon_dot;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod wasm_relaxed;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm_simd;
#[cfg(target_arch = "x86_64")]
mod x86_avx2;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_vnni;
#[cfg(target_arch = "x86_64")]
mod x86_avx_vnni;

#[cfg(test)]
mod tests;

pub use layer::{ConvLayer, ConvLayouts, ConvParams};
pub use prepare::prepare;
