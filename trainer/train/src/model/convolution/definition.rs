//! What a convolution is, on whatever it runs.

use burn::prelude::*;
use burn::tensor::activation::relu;
use tagsight_core::graph::{Groups, Window};
use tagsight_core::quant::{Activation, RELU6_MAX};

/// What a convolution does, apart from its weights.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    /// Kernel, stride, padding.
    pub window: Window,
    /// Dense or depthwise.
    pub groups: Groups,
    /// What becomes of the sum.
    pub activation: Activation,
}

pub(super) fn sum<B: Backend>(value: Tensor<B, 4>, residual: Option<Tensor<B, 4>>) -> Tensor<B, 4> {
    match residual {
        Some(residual) => value + residual,
        None => value,
    }
}

/// `value` after its activation; the codes of [`Activation::Linear`] and [`Activation::Asymmetric`]
/// are signed, so nothing becomes of those.
pub(super) fn rectified<B: Backend>(value: Tensor<B, 4>, activation: Activation) -> Tensor<B, 4> {
    match activation {
        Activation::Relu => relu(value),
        Activation::Relu6 => value.clamp(0.0, RELU6_MAX),
        Activation::Linear | Activation::Asymmetric => value,
    }
}
