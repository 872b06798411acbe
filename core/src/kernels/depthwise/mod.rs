//! Depthwise convolution: each channel by itself, fused like [`conv`](super::conv).
//!
//! `scalar.rs` is the definition.

mod scalar;

use super::Isa;
use super::conv::{ConvLayer, ConvLayouts, ConvParams, supports};

/// Packs `params`, whose weights are `[channels, kh, kw]`, for `isa`; `None` where this machine
/// does not run it.
///
/// # Panics
/// If the layouts do not fit the parameters, or there is a residual.
pub fn prepare(isa: Isa, params: ConvParams, layouts: ConvLayouts) -> Option<Box<dyn ConvLayer>> {
    check(&params, &layouts);
    supports(isa).then(|| Box::new(scalar::Scalar { params, layouts }) as Box<dyn ConvLayer>)
}

fn check(params: &ConvParams, layouts: &ConvLayouts) {
    let ConvLayouts { input, residual, output } = layouts;
    let channels = params.outputs();
    assert!(residual.is_none() && params.residual_multiplier.is_empty(), "no residual");
    assert!(params.inputs() == 1 && params.multiplier.len() == channels, "depthwise weights");
    assert!(input.channels == channels && output.channels == channels, "channels");
    assert!(input.pixel_stride == output.pixel_stride, "pixel strides");
    assert!(input.halo >= params.window.padding.largest(), "the halo holds the padding");
    assert_eq!(output.height, params.window.output_side(input.height), "output rows");
    assert_eq!(output.width, params.window.output_side(input.width), "output columns");
}
