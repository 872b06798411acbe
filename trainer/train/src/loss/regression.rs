//! Losses of values: squared errors, and Huber's (1964), in which large errors count no more than
//! linearly.

use burn::prelude::*;
use burn::tensor::activation::relu;

use super::reduce::reduce;

/// Squared errors (PyTorch's `MSELoss`, which has no factor of a half).
pub fn squared_error<B: Backend>(outputs: Tensor<B, 2>, targets: Tensor<B, 2>) -> Tensor<B, 1> {
    reduce((outputs - targets).powi_scalar(2))
}

/// Half the squared error up to `delta`, from there on a line of slope `delta` (PyTorch's `HuberLoss`).
pub fn huber<B: Backend>(outputs: Tensor<B, 2>, targets: Tensor<B, 2>, delta: f64) -> Tensor<B, 1> {
    let error = (outputs - targets).abs();
    // ½e² − ½(e − δ)² is the line beyond δ, and its slope is δ there.
    let beyond = relu(error.clone() - delta);
    reduce((error.powi_scalar(2) - beyond.powi_scalar(2)) * 0.5)
}
