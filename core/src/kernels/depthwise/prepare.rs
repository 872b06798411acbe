//! Which kernel serves a depthwise convolution on which instruction set.

use super::{rows, scalar};
use crate::kernels::conv::{ConvLayer, ConvLayouts, ConvParams};
use crate::kernels::isa::Isa;
#[cfg(target_arch = "aarch64")]
use crate::kernels::isa::aarch64;
#[cfg(target_feature = "simd128")]
use crate::kernels::isa::wasm;
#[cfg(target_arch = "x86_64")]
use crate::kernels::isa::x86;
use crate::tensor::CHANNEL_ALIGN;

/// Packs `params`, whose weights are `[channels, kh, kw]`, for `isa`; `None` where this machine
/// does not run it.
///
/// # Panics
/// If the layouts do not fit the parameters, or there is a residual.
pub fn prepare(isa: Isa, params: ConvParams, layouts: ConvLayouts) -> Option<Box<dyn ConvLayer>> {
    check(&params, &layouts);
    if isa == Isa::Scalar || !rows::serves(params.window) {
        let scalar = scalar::Scalar { params, layouts };
        return isa.is_available().then(|| Box::new(scalar) as Box<dyn ConvLayer>);
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => rows::boxed(x86::Avx2::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::AvxVnni => rows::boxed(x86::AvxVnni::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => rows::boxed(x86::Avx512Vnni::new()?, &params, layouts),
        #[cfg(target_arch = "aarch64")]
        Isa::NeonDot => rows::boxed(aarch64::NeonDot::new()?, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        Isa::WasmRelaxed => rows::boxed(wasm::WasmRelaxed, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Isa::WasmSimd => rows::boxed(wasm::WasmSimd, &params, layouts),
        _ => None,
    }
}

fn check(params: &ConvParams, layouts: &ConvLayouts) {
    let ConvLayouts { input, residual, output } = layouts;
    let channels = params.outputs();
    assert!(residual.is_none() && params.residual_multiplier.is_empty(), "no residual");
    assert!(params.inputs() == 1 && params.multiplier.len() == channels, "depthwise weights");
    assert!(input.channels() == channels && output.channels() == channels, "channels");
    let padded = channels.next_multiple_of(CHANNEL_ALIGN);
    assert!(input.pixel_stride() == padded && output.pixel_stride() == padded, "padded channels");
    assert!(input.halo() >= params.window.padding.largest(), "the halo holds the padding");
    assert_eq!(output.height(), params.window.output_side(input.height()), "output rows");
    assert_eq!(output.width(), params.window.output_side(input.width()), "output columns");
}
