//! Convolution on a graphics device, in burn's operations.
//!
//! burn's kernel for a dense convolution of a device is a plain loop unless many others are compiled
//! and measured first, which takes minutes; its matrix product is on the matrix units at once. So
//! dense convolutions are products of the weights and of columns of input values.
//!
//! Depthwise ones have burn's kernel, and so has the gradient of their input. burn's gradient of
//! their weights goes channel by channel, some ten thousand launches a step; here it is one grouped
//! convolution, of each photo's channel by its gradient.

// Where there is no such device, only the tests look at it.
#[cfg(any(feature = "cuda", test))]
mod gradients;

use std::ops::Range;

use burn::prelude::*;
use burn::tensor::Slice;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use tagsight_core::graph::{Mixing, Window};

use super::Convolution;

/// `weight * input + bias` of `[n, in, h, w]`.
pub(super) fn forward<B: Backend>(
    convolution: Convolution,
    input: Tensor<B, 4>,
    weight: Tensor<B, 4>,
    bias: Tensor<B, 1>,
) -> Tensor<B, 4> {
    let window = convolution.window;
    let input = padded(input, window);
    let sums = match convolution.mixing {
        Mixing::Dense => dense(input, weight, window),
        Mixing::Depthwise => depthwise(input, weight, window),
    };
    sums + bias.reshape([1, -1, 1, 1])
}

/// The input with its padding. (`Tensor::pad` would fill it on the host, and upload that.)
fn padded<B: Backend>(input: Tensor<B, 4>, Window { padding, .. }: Window) -> Tensor<B, 4> {
    let (before, zeros) = (padding.before, padding.before + padding.after);
    if zeros == 0 {
        return input;
    }
    let [count, channels, height, width] = input.dims();
    let sides = [height + zeros, width + zeros];
    let empty = Tensor::zeros([count, channels, sides[0], sides[1]], &input.device());
    let inside = [0..count, 0..channels, before..before + height, before..before + width];
    empty.slice_assign(inside, input)
}

/// The product of the weights `[out, in·k·k]` and the columns of a padded input's values.
fn dense<B: Backend>(input: Tensor<B, 4>, weight: Tensor<B, 4>, window: Window) -> Tensor<B, 4> {
    let ([count, _, height, width], [outputs, inputs, kernel, _]) = (input.dims(), weight.dims());
    let [rows, columns] = [height, width].map(|side| (side - kernel) / window.stride + 1);
    // Columns are ordered tap by tap, since that is how they are cut out.
    let weight = weight.permute([0, 2, 3, 1]).reshape([1, outputs, kernel * kernel * inputs]);
    let taps = (0..kernel * kernel).map(|tap| {
        let [y, x] = [tap / kernel, tap % kernel];
        let values = [slice(y, rows, window.stride), slice(x, columns, window.stride)];
        under_tap(input.clone(), values)
    });
    let taps: Vec<Tensor<B, 4>> = taps.collect();
    let under_windows = if kernel == 1 { taps[0].clone() } else { Tensor::cat(taps, 1) };
    let under_windows = under_windows.reshape([count, kernel * kernel * inputs, rows * columns]);
    weight.matmul(under_windows).reshape([count, outputs, rows, columns])
}

/// The values that the outputs have under one tap of their windows.
fn under_tap<B: Backend>(input: Tensor<B, 4>, [rows, columns]: [Slice; 2]) -> Tensor<B, 4> {
    let [count, channels, height, width] = input.dims();
    let whole = |range: Range<usize>, slice: &Slice| *slice == Slice::from(range);
    if whole(0..height, &rows) && whole(0..width, &columns) {
        return input;
    }
    input.slice([Slice::from(0..count), Slice::from(0..channels), rows, columns])
}

/// `outputs` values from `first`, `stride` apart.
fn slice(first: usize, outputs: usize, stride: usize) -> Slice {
    let end = first + (outputs - 1) * stride + 1;
    Slice::new(first as isize, Some(end as isize), stride as isize)
}

/// Each channel by itself, of a padded input.
fn depthwise<B: Backend>(
    padded: Tensor<B, 4>,
    weight: Tensor<B, 4>,
    window: Window,
) -> Tensor<B, 4> {
    #[cfg(feature = "cuda")]
    if let Some(sums) = gradients::noted::<B, burn::backend::Cuda>(&padded, &weight, window) {
        return sums;
    }
    #[cfg(test)]
    if let Some(sums) = gradients::noted::<B, burn::backend::Flex>(&padded, &weight, window) {
        return sums;
    }
    grouped(padded, weight, window)
}

/// The same as one operation of burn's.
fn grouped<B: Backend>(padded: Tensor<B, 4>, weight: Tensor<B, 4>, window: Window) -> Tensor<B, 4> {
    let [channels, ..] = weight.dims();
    conv2d(padded, weight, None, options(window, channels))
}

fn options(window: Window, channels: usize) -> ConvOptions<2> {
    ConvOptions::new([window.stride; 2], [0; 2], [1; 2], channels)
}
