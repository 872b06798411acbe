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

mod packed;
mod scalar;
mod tiled;

#[cfg(target_arch = "aarch64")]
pub(super) mod neon_dot;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub(super) mod wasm_relaxed;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) mod wasm_simd;
#[cfg(target_arch = "x86_64")]
pub(super) mod x86_avx2;
#[cfg(target_arch = "x86_64")]
pub(super) mod x86_avx512_vnni;
#[cfg(target_arch = "x86_64")]
pub(super) mod x86_avx_vnni;

#[cfg(test)]
mod tests;

use std::fmt;

use super::Isa;
use crate::graph::Window;
use crate::quant::Activation;
use crate::tensor::{Layout, Tensor};

/// One convolution, in the units that kernels compute in.
#[derive(Debug, Clone)]
pub struct ConvParams {
    /// Kernel, stride, padding.
    pub window: Window,
    /// Codes `[out, kh, kw, in]`; `[out, kh, kw]` of a depthwise convolution.
    pub weight: Vec<i8>,
    /// Where every sum starts, per output channel.
    pub bias: Vec<i32>,
    /// Sum to output code, per output channel; see [`crate::quant::requantise`].
    pub multiplier: Vec<f32>,
    /// What one residual code adds to the sum, per output channel; empty without a residual.
    pub residual_multiplier: Vec<i32>,
    /// What becomes of the sum.
    pub activation: Activation,
}

impl ConvParams {
    /// Output channels.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Input channels.
    pub fn inputs(&self) -> usize {
        self.weight.len() / (self.outputs() * self.window.kernel.pow(2))
    }
}

/// Where a convolution reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvLayouts {
    /// What is convolved; its halo is at least the padding.
    pub input: Layout,
    /// What is added.
    pub residual: Option<Layout>,
    /// What comes out; its channels are padded to [`crate::CHANNEL_ALIGN`].
    pub output: Layout,
}

/// A convolution prepared for one instruction set.
pub trait ConvLayer: Send + Sync {
    /// Computes the layer on tensors of the layouts that it was prepared for.
    ///
    /// # Panics
    /// If a tensor has another layout.
    fn run(&self, input: &Tensor, residual: Option<&Tensor>, output: &mut Tensor, parallel: bool);
}

/// What a layer holds is packed for kernels, not for readers. If layers had to have this themselves, all of
/// them could be written in the page's worker too, which would be 3 KB larger.
impl fmt::Debug for dyn ConvLayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ConvLayer")
    }
}

/// Whether [`prepare`] can serve `isa` here.
pub(super) fn supports(isa: Isa) -> bool {
    match isa {
        Isa::Scalar => true,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => x86_avx2::Avx2::new().is_some(),
        #[cfg(target_arch = "x86_64")]
        Isa::AvxVnni => x86_avx_vnni::AvxVnni::new().is_some(),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => x86_avx512_vnni::Avx512Vnni::new().is_some(),
        #[cfg(target_arch = "aarch64")]
        Isa::NeonDot => neon_dot::NeonDot::new().is_some(),
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        Isa::WasmRelaxed => true,
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Isa::WasmSimd => true,
        _ => false,
    }
}

/// Packs `params` for `isa`; `None` where this machine does not run it.
///
/// # Panics
/// If the layouts do not fit the parameters.
pub fn prepare(isa: Isa, params: ConvParams, layouts: ConvLayouts) -> Option<Box<dyn ConvLayer>> {
    check(&params, &layouts);
    match isa {
        Isa::Scalar => Some(Box::new(scalar::Scalar { params, layouts })),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => tiled::boxed(x86_avx2::Avx2::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::AvxVnni => tiled::boxed(x86_avx_vnni::AvxVnni::new()?, &params, layouts),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => tiled::boxed(x86_avx512_vnni::Avx512Vnni::new()?, &params, layouts),
        #[cfg(target_arch = "aarch64")]
        Isa::NeonDot => tiled::boxed(neon_dot::NeonDot::new()?, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        Isa::WasmRelaxed => tiled::boxed(wasm_relaxed::WasmRelaxed, &params, layouts),
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Isa::WasmSimd => tiled::boxed(wasm_simd::WasmSimd, &params, layouts),
        _ => None,
    }
}

fn check(params: &ConvParams, layouts: &ConvLayouts) {
    let ConvLayouts { input, residual, output } = layouts;
    let outputs = params.outputs();
    assert!(outputs > 0 && params.multiplier.len() == outputs, "one multiplier a channel");
    assert_eq!(params.weight.len() % (outputs * params.window.kernel.pow(2)), 0, "weight shape");
    assert_eq!(params.inputs(), input.channels, "input channels");
    assert!(input.halo >= params.window.padding.largest(), "the halo holds the padding");
    assert_eq!(outputs, output.channels, "output channels");
    assert_eq!(
        output.pixel_stride,
        outputs.next_multiple_of(crate::CHANNEL_ALIGN),
        "padded output"
    );
    assert_eq!(output.height, params.window.output_side(input.height), "output rows");
    assert_eq!(output.width, params.window.output_side(input.width), "output columns");
    let expected = if residual.is_some() { outputs } else { 0 };
    assert_eq!(params.residual_multiplier.len(), expected, "one residual multiplier a channel");
    if let Some(residual) = residual {
        let size = |layout: &Layout| (layout.height, layout.width, layout.pixel_stride);
        assert_eq!(size(residual), size(output), "the residual has the output's shape");
    }
}
