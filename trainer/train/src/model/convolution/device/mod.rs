//! Convolution on a graphics device, in burn's operations, over values whose channels lie together.
//!
//! burn's convolutions of a device take and give channels last, and turn what lies otherwise around
//! before and after; every other operation gives the order that its tensor's dimensions have. So here
//! the dimensions are `[n, h, w, c]` from the first operation to the last, and what comes in and goes
//! out is a view of that as `[n, c, h, w]`.
//!
//! burn's kernel for a dense convolution of a device is a plain loop unless many others are compiled
//! and measured first, which takes minutes; its matrix product is on the matrix units at once. So
//! dense convolutions are products of columns of input values and of the weights.
//!
//! Depthwise ones have burn's kernel, and so has the gradient of their input. burn's gradient of
//! their weights goes channel by channel, some ten thousand launches a step; here it is one grouped
//! convolution, of each photo's channel by its gradient.

// Where there is no such device, only the tests look at these.
#[cfg(any(feature = "cuda", test))]
mod activation;
#[cfg(any(feature = "cuda", test))]
mod depthwise;
mod grouped;

use std::ops::Range;

use burn::prelude::*;
use burn::tensor::Slice;
use tagsight_core::graph::{Groups, Padding, Window};
use tagsight_core::quant::Activation;

use self::grouped::grouped;
use super::definition::{self, Convolution, sum};

/// The backend whose gradients are noted here. The tests have no graphics device.
#[cfg(test)]
type Noted = burn::backend::Flex;
#[cfg(all(feature = "cuda", not(test)))]
type Noted = burn::backend::Cuda;

/// `activation(weight * input + bias)` of `[n, in, h, w]`.
pub(super) fn forward<B: Backend>(
    convolution: Convolution,
    input: Tensor<B, 4>,
    weight: Tensor<B, 4>,
    bias: Tensor<B, 1>,
) -> Tensor<B, 4> {
    let Convolution { window, groups, activation } = convolution;
    let input = channels_last(input);
    let sums = match groups {
        Groups::One => dense(input, weight, window),
        Groups::Depthwise => depthwise(input, weight, window),
    };
    let sums = sums + bias.reshape([1, 1, 1, -1]);
    channels_first(rectified(sums, activation))
}

/// `activation(value + residual)`.
pub(super) fn joined<B: Backend>(
    value: Tensor<B, 4>,
    residual: Option<Tensor<B, 4>>,
    activation: Activation,
) -> Tensor<B, 4> {
    let value = sum(channels_last(value), residual.map(channels_last));
    channels_first(rectified(value, activation))
}

/// `values` after the activation.
fn rectified<B: Backend>(values: Tensor<B, 4>, activation: Activation) -> Tensor<B, 4> {
    #[cfg(any(feature = "cuda", test))]
    if let Some(values) = activation::noted::<B, Noted>(&values, activation) {
        return values;
    }
    definition::rectified(values, activation)
}

/// `[n, c, h, w]` as `[n, h, w, c]`.
fn channels_last<B: Backend>(values: Tensor<B, 4>) -> Tensor<B, 4> {
    values.permute([0, 2, 3, 1])
}

/// `[n, h, w, c]` as `[n, c, h, w]`.
fn channels_first<B: Backend>(values: Tensor<B, 4>) -> Tensor<B, 4> {
    values.permute([0, 3, 1, 2])
}

/// The input with its padding. (`Tensor::pad` would fill it on the host, and upload that.)
fn padded<B: Backend>(input: Tensor<B, 4>, padding: Padding) -> Tensor<B, 4> {
    let (before, zeros) = (padding.before, padding.before + padding.after);
    if zeros == 0 {
        return input;
    }
    let [count, height, width, channels] = input.dims();
    let sides = [height + zeros, width + zeros];
    let sizes = [count, sides[0], sides[1], channels];
    // Of the input's type: a device would take the bytes of one for those of another.
    let empty = Tensor::zeros(sizes, (&input.device(), input.dtype()));
    let inside = [0..count, before..before + height, before..before + width, 0..channels];
    empty.slice_assign(inside, input)
}

/// The product of the columns of the input's values and the weights `[k·k·in, out]`.
fn dense<B: Backend>(input: Tensor<B, 4>, weight: Tensor<B, 4>, window: Window) -> Tensor<B, 4> {
    let input = padded(input, window.padding);
    let ([count, height, width, _], [outputs, inputs, kernel, _]) = (input.dims(), weight.dims());
    let [rows, columns] = [height, width].map(|side| (side - kernel) / window.stride + 1);
    // Columns are ordered tap by tap, since that is how they are cut out.
    let weight = weight.permute([2, 3, 1, 0]).reshape([1, kernel * kernel * inputs, outputs]);
    let taps = (0..kernel * kernel).map(|tap| {
        let [y, x] = [tap / kernel, tap % kernel];
        let values = [slice(y, rows, window.stride), slice(x, columns, window.stride)];
        under_tap(input.clone(), values)
    });
    let taps: Vec<Tensor<B, 4>> = taps.collect();
    let under_windows = if kernel == 1 { taps[0].clone() } else { Tensor::cat(taps, 3) };
    let under_windows = under_windows.reshape([count, rows * columns, kernel * kernel * inputs]);
    under_windows.matmul(weight).reshape([count, rows, columns, outputs])
}

/// The values that the outputs have under one tap of their windows.
fn under_tap<B: Backend>(input: Tensor<B, 4>, [rows, columns]: [Slice; 2]) -> Tensor<B, 4> {
    let [count, height, width, channels] = input.dims();
    let whole = |range: Range<usize>, slice: &Slice| *slice == Slice::from(range);
    if whole(0..height, &rows) && whole(0..width, &columns) {
        return input;
    }
    input.slice([Slice::from(0..count), rows, columns, Slice::from(0..channels)])
}

/// `outputs` values from `first`, `stride` apart.
fn slice(first: usize, outputs: usize, stride: usize) -> Slice {
    let end = first + (outputs - 1) * stride + 1;
    Slice::new(first as isize, Some(end as isize), stride as isize)
}

/// Each channel by itself.
fn depthwise<B: Backend>(
    input: Tensor<B, 4>,
    weight: Tensor<B, 4>,
    window: Window,
) -> Tensor<B, 4> {
    // burn's kernel pads by itself, though only alike on both sides.
    let is_even = window.padding.before == window.padding.after;
    let (input, padding) = match is_even {
        true => (input, window.padding),
        false => (padded(input, window.padding), Padding::even(0)),
    };
    let window = Window::new(window.kernel, window.stride, padding);
    let input = channels_first(input);
    #[cfg(any(feature = "cuda", test))]
    if let Some(sums) = depthwise::noted::<B, Noted>(&input, &weight, window) {
        return channels_last(sums);
    }
    channels_last(grouped(input, weight, window))
}

#[cfg(test)]
mod tests {
    use burn::backend::Flex;
    use burn::tensor::{DType, FloatDType};

    use super::*;

    /// A device writes the bytes of one type among those of another without a word.
    #[test]
    fn padding_has_the_type_of_what_it_pads() {
        let input = Tensor::<Flex, 4>::ones([1, 2, 2, 1], &Default::default());
        let padded = padded(input.cast(FloatDType::BF16), Padding { before: 1, after: 0 });
        assert_eq!(padded.dtype(), DType::BF16);
        let values: Vec<f32> = padded.into_data().iter().collect();
        assert_eq!(values, [0., 0., 0., 0., 1., 1., 0., 1., 1.]);
    }
}
