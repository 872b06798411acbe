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
mod rows;
mod scalar;

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

use super::Isa;
#[cfg_attr(
    not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "wasm32")),
    expect(unused_imports, reason = "only the scalar kernel is left")
)]
use super::conv;
use super::conv::{ConvLayer, ConvLayouts, ConvParams};

/// Packs `params`, whose weights are `[channels, kh, kw]`, for `isa`; `None` where this machine
/// does not run it.
///
/// # Panics
/// If the layouts do not fit the parameters, or there is a residual.
pub fn prepare(isa: Isa, params: ConvParams, layouts: ConvLayouts) -> Option<Box<dyn ConvLayer>> {
    check(&params, &layouts);
    if isa == Isa::Scalar || !rows::serves(params.window) {
        let scalar = scalar::Scalar { params, layouts };
        return conv::supports(isa).then(|| Box::new(scalar) as Box<dyn ConvLayer>);
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => rows::boxed(conv::x86_avx2::Avx2::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::AvxVnni => rows::boxed(conv::x86_avx_vnni::AvxVnni::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => rows::boxed(conv::x86_avx512_vnni::Avx512Vnni::new()?, &params, layouts),
        #[cfg(target_arch = "aarch64")]
        Isa::NeonDot => rows::boxed(conv::neon_dot::NeonDot::new()?, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        Isa::WasmRelaxed => rows::boxed(conv::wasm_relaxed::WasmRelaxed, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Isa::WasmSimd => rows::boxed(conv::wasm_simd::WasmSimd, &params, layouts),
        _ => None,
    }
}

fn check(params: &ConvParams, layouts: &ConvLayouts) {
    let ConvLayouts { input, residual, output } = layouts;
    let channels = params.outputs();
    assert!(residual.is_none() && params.residual_multiplier.is_empty(), "no residual");
    assert!(params.inputs() == 1 && params.multiplier.len() == channels, "depthwise weights");
    assert!(input.channels == channels && output.channels == channels, "channels");
    let padded = channels.next_multiple_of(crate::CHANNEL_ALIGN);
    assert!(input.pixel_stride == padded && output.pixel_stride == padded, "padded channels");
    assert!(input.halo >= params.window.padding.largest(), "the halo holds the padding");
    assert_eq!(output.height, params.window.output_side(input.height), "output rows");
    assert_eq!(output.width, params.window.output_side(input.width), "output columns");
}
