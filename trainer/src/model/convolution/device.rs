//! Convolution on a graphics device, in burn's operations.
//!
//! burn's kernel for a dense convolution of a device is a plain loop unless many others are compiled
//! and measured first, which takes minutes; its matrix product is on the matrix units at once. So
//! dense convolutions are products of the weights and of columns of input values.
//!
//! Depthwise ones have burn's kernel, and so has the gradient of their input. burn's gradient of
//! their weights goes channel by channel, some ten thousand launches a step; here it is one grouped
//! convolution, of each photo's channel by its gradient.

use std::ops::Range;

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::prelude::*;
use burn::tensor::module::conv2d;
use burn::tensor::ops::{ConvOptions, FloatTensor};
use burn::tensor::{Slice, TensorPrimitive};
use tagsight_core::graph::{Mixing, Window};

use super::Convolution;

/// `weight * input + bias` of `[n, in, h, w]`.
pub(super) fn forward<B: Backend>(
    convolution: Convolution,
    input: Tensor<B, 4>,
    weight: Tensor<B, 4>,
    bias: Tensor<B, 1>,
) -> Tensor<B, 4> {
    #[cfg(feature = "cuda")]
    {
        use super::recognised;
        type Cuda = burn::backend::Cuda;
        let tensors = (recognised(&input), recognised(&weight), recognised(&bias));
        if let (Some(input), Some(weight), Some(bias)) = tensors {
            let output = tracked::<Cuda>(convolution, input, weight, bias);
            return recognised(&output).expect("B is the backend that was just recognised");
        }
    }
    let sums = match convolution.mixing {
        Mixing::Dense => dense(input, weight, convolution.window),
        Mixing::Depthwise => {
            depthwise(padded(input, convolution.window), weight, convolution.window)
        }
    };
    sums + bias.reshape([1, -1, 1, 1])
}

/// [`forward`] where gradients are noted.
pub(super) fn tracked<I: Backend>(
    convolution: Convolution,
    input: Tensor<Autodiff<I>, 4>,
    weight: Tensor<Autodiff<I>, 4>,
    bias: Tensor<Autodiff<I>, 1>,
) -> Tensor<Autodiff<I>, 4> {
    let window = convolution.window;
    let sums = match convolution.mixing {
        Mixing::Dense => dense(input, weight, window),
        Mixing::Depthwise => tracked_depthwise(padded(input, window), weight, window),
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

/// The product of the weights `[out, in·k·k]` and the columns of input values.
fn dense<B: Backend>(input: Tensor<B, 4>, weight: Tensor<B, 4>, window: Window) -> Tensor<B, 4> {
    let ([count, _, height, width], [outputs, inputs, kernel, _]) = (input.dims(), weight.dims());
    let [rows, columns] = [height, width].map(|side| window.output_side(side));
    // Columns are ordered tap by tap, since that is how they are cut out.
    let weight = weight.permute([0, 2, 3, 1]).reshape([1, outputs, kernel * kernel * inputs]);
    let input = padded(input, window);
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
    let [channels, ..] = weight.dims();
    conv2d(padded, weight, None, options(window, channels))
}

fn options(window: Window, channels: usize) -> ConvOptions<2> {
    ConvOptions::new([window.stride; 2], [0; 2], [1; 2], channels)
}

/// [`depthwise`], with its backward pass here.
fn tracked_depthwise<I: Backend>(
    padded: Tensor<Autodiff<I>, 4>,
    weight: Tensor<Autodiff<I>, 4>,
    window: Window,
) -> Tensor<Autodiff<I>, 4> {
    let (padded, weight) = (padded.into_primitive().tensor(), weight.into_primitive().tensor());
    let parents = [padded.node.clone(), weight.node.clone()];
    let (padded, weight) = (padded.primitive, weight.primitive);
    let output = depthwise::<I>(of(padded.clone()), of(weight.clone()), window);
    let output = output.into_primitive().tensor();
    let prepared = DepthwiseBackward.prepare::<NoCheckpointing>(parents).compute_bound().stateful();
    let output = match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((padded, weight, window), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    Tensor::from_primitive(TensorPrimitive::Float(output))
}

fn of<B: Backend>(primitive: FloatTensor<B>) -> Tensor<B, 4> {
    Tensor::from_primitive(TensorPrimitive::Float(primitive))
}

#[derive(Debug)]
struct DepthwiseBackward;

impl<I: Backend> Backward<I, 2> for DepthwiseBackward {
    /// The padded input and the weight.
    type State = (FloatTensor<I>, FloatTensor<I>, Window);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [input_node, weight_node] = ops.parents;
        let (input, weight, window) = ops.state;
        let gradient = gradients.consume::<I>(&ops.node);
        if let Some(node) = weight_node {
            let of_weight = weight_gradient::<I>(of(input.clone()), of(gradient.clone()), window);
            gradients.register::<I>(node.id, of_weight.into_primitive().tensor());
        }
        if let Some(node) = input_node {
            let of_input = input_gradient::<I>(input, weight, gradient, window);
            gradients.register::<I>(node.id, of_input);
        }
    }
}

/// Of the padded input: where windows are one apart, the convolution of the padded gradient by the
/// mirrored weights, which burn's kernel for that does several times as fast as its own for this.
fn input_gradient<I: Backend>(
    input: FloatTensor<I>,
    weight: FloatTensor<I>,
    gradient: FloatTensor<I>,
    window: Window,
) -> FloatTensor<I> {
    let [channels, ..] = of::<I>(weight.clone()).dims();
    if window.stride > 1 {
        return I::conv2d_x_backward(input, weight, gradient, options(window, channels));
    }
    let padding = [window.kernel - 1; 2];
    let options = ConvOptions::new([1; 2], padding, [1; 2], channels);
    let mirrored = of::<I>(weight).flip([2, 3]);
    conv2d(of::<I>(gradient), mirrored, None, options).into_primitive().tensor()
}

/// `[channels, 1, k, k]`: each tap's is the sum of products of the input under it and the gradient,
/// so of every photo's every channel it is a convolution of the one by the other, whose taps are as
/// far apart as the windows were.
fn weight_gradient<I: Backend>(
    input: Tensor<I, 4>,
    gradient: Tensor<I, 4>,
    Window { kernel, stride, .. }: Window,
) -> Tensor<I, 4> {
    let [count, channels, ..] = input.dims();
    let planes = count * channels;
    let options = ConvOptions::new([1; 2], [0; 2], [stride; 2], planes);
    let (input, gradient) = (planes_last(input), planes_last(gradient));
    let input = input.permute([3, 2, 0, 1]);
    let products = conv2d(input, gradient.permute([2, 3, 0, 1]), None, options);
    // A stride that does not divide leaves values that no window has seen.
    let products = products.slice([0..1, 0..planes, 0..kernel, 0..kernel]);
    let products = products.reshape([count, channels, kernel, kernel]);
    products.sum_dim(0).reshape([channels, 1, kernel, kernel])
}

/// `[n, c, h, w]` as `[h, w, n·c, 1]`: neighbouring threads have neighbouring planes, so what they
/// read together should lie together.
fn planes_last<I: Backend>(values: Tensor<I, 4>) -> Tensor<I, 4> {
    let [count, channels, height, width] = values.dims();
    values.permute([2, 3, 0, 1]).reshape([height, width, count * channels, 1])
}
