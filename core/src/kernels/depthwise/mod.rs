//! Depthwise convolution: each channel by itself, fused like [`conv`](super::conv).
//!
//! `scalar.rs` is the definition. The other instruction sets have kernels that compute a row of
//! output pixels for some channels, driven by [`rows`]: of 3×3 and 5×5 windows, where all the work
//! is; other windows are the scalar one's.
//!
//! There is no sum over channels that a dot product could take. It takes the window's column
//! instead: the codes of its rows are interleaved to four bytes a channel, so that one 4-way product
//! does a column, and as windows overlap, each column is interleaved once and used for all windows
//! that share it. Of three rows the fourth byte is idle; a fifth row is taken along instead of down
//! ([`packed`]).

mod packed;
mod prepare;
mod rows;
mod scalar;

#[cfg(feature = "webgpu")]
pub(super) mod wgsl;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_feature = "relaxed-simd"))]
mod column;
#[cfg(target_arch = "aarch64")]
mod neon_dot;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod wasm_relaxed;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm_simd;
#[cfg(target_arch = "x86_64")]
mod x86_avx2;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_vnni;

#[cfg(test)]
mod tests;

pub use prepare::prepare;
