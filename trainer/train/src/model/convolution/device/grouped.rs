//! A convolution of each channel by itself, as one operation of burn's.

use burn::prelude::*;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
#[cfg(any(feature = "cuda", test))]
use burn::tensor::{TensorPrimitive, ops::FloatTensor};
use tagsight_core::graph::Window;

/// Σ weight · input of `[n, c, h, w]`, whose `weight` is `[c, 1, k, k]`.
pub(super) fn grouped<B: Backend>(
    input: Tensor<B, 4>,
    weight: Tensor<B, 4>,
    window: Window,
) -> Tensor<B, 4> {
    let [channels, ..] = weight.dims();
    conv2d(input, weight, None, options(window, channels))
}

/// Of a window that is padded alike on both sides.
pub(super) fn options(window: Window, channels: usize) -> ConvOptions<2> {
    let Window { stride, padding, .. } = window;
    ConvOptions::new([stride; 2], [padding.before; 2], [1; 2], channels)
}

/// A tensor of the backend's own one.
#[cfg(any(feature = "cuda", test))]
pub(super) fn of<B: Backend>(primitive: FloatTensor<B>) -> Tensor<B, 4> {
    Tensor::from_primitive(TensorPrimitive::Float(primitive))
}
