//! Which kernel serves a convolution on which instruction set.

use super::layer::{ConvLayer, ConvLayouts, ConvParams};
use super::scalar;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_feature = "simd128"))]
use super::tiled;
use crate::kernels::isa::Isa;
#[cfg(target_arch = "aarch64")]
use crate::kernels::isa::aarch64;
#[cfg(target_feature = "simd128")]
use crate::kernels::isa::wasm;
#[cfg(target_arch = "x86_64")]
use crate::kernels::isa::x86;
use crate::tensor::{CHANNEL_ALIGN, Layout};

/// Packs `params` for `isa`; `None` where this machine does not run it.
///
/// # Panics
/// If the layouts do not fit the parameters.
pub fn prepare(isa: Isa, params: ConvParams, layouts: ConvLayouts) -> Option<Box<dyn ConvLayer>> {
    check(&params, &layouts);
    match isa {
        Isa::Scalar => Some(Box::new(scalar::Scalar { params, layouts })),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => tiled::boxed(x86::Avx2::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::AvxVnni => tiled::boxed(x86::AvxVnni::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => tiled::boxed(x86::Avx512Vnni::new()?, &params, layouts),
        #[cfg(target_arch = "aarch64")]
        Isa::NeonDot => tiled::boxed(aarch64::NeonDot::new()?, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        Isa::WasmRelaxed => tiled::boxed(wasm::WasmRelaxed, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Isa::WasmSimd => tiled::boxed(wasm::WasmSimd, &params, layouts),
        _ => None,
    }
}

fn check(params: &ConvParams, layouts: &ConvLayouts) {
    let ConvLayouts { input, residual, output } = layouts;
    let outputs = params.outputs();
    assert!(outputs > 0 && params.multiplier.len() == outputs, "one multiplier a channel");
    assert_eq!(params.weight.len() % (outputs * params.window.kernel.pow(2)), 0, "weight shape");
    assert_eq!(params.inputs(), input.channels(), "input channels");
    assert!(input.halo() >= params.window.padding.largest(), "the halo holds the padding");
    assert_eq!(outputs, output.channels(), "output channels");
    assert_eq!(output.pixel_stride(), outputs.next_multiple_of(CHANNEL_ALIGN), "padded output");
    assert_eq!(output.height(), params.window.output_side(input.height()), "output rows");
    assert_eq!(output.width(), params.window.output_side(input.width()), "output columns");
    let expected = if residual.is_some() { outputs } else { 0 };
    assert_eq!(params.residual_multiplier.len(), expected, "one residual multiplier a channel");
    if let Some(residual) = residual {
        let size = |layout: &Layout| (layout.height(), layout.width(), layout.pixel_stride());
        assert_eq!(size(residual), size(output), "the residual has the output's shape");
    }
}
