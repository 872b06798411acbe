//! A depthwise convolution whose gradients are noted.

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::prelude::*;
use burn::tensor::module::conv2d;
use burn::tensor::ops::{ConvOptions, FloatTensor};
use tagsight_core::graph::Window;

use super::super::processor::recognised;
use super::grouped::{grouped, of, options};

/// [`grouped`] with its backward pass here, if `B` notes the gradients of `I`.
pub(super) fn noted<B: Backend, I: Backend>(
    input: &Tensor<B, 4>,
    weight: &Tensor<B, 4>,
    window: Window,
) -> Option<Tensor<B, 4>> {
    let input = recognised::<B, Autodiff<I>, 4>(input)?.into_primitive().tensor();
    let weight = recognised::<B, Autodiff<I>, 4>(weight)?.into_primitive().tensor();
    let parents = [input.node.clone(), weight.node.clone()];
    let (input, weight) = (input.primitive, weight.primitive);
    let output = grouped::<I>(of(input.clone()), of(weight.clone()), window);
    let output = output.into_primitive().tensor();
    let prepared = DepthwiseBackward.prepare::<NoCheckpointing>(parents).compute_bound().stateful();
    let output = match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((input, weight, window), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    recognised(&of::<Autodiff<I>>(output))
}

#[derive(Debug)]
struct DepthwiseBackward;

impl<I: Backend> Backward<I, 2> for DepthwiseBackward {
    /// Input and weight.
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

/// Where windows are one apart, the convolution of the padded gradient by the mirrored weights, which
/// burn's kernel for that does several times as fast as its own for this.
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
    let padding = [window.kernel - 1 - window.padding.before; 2];
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
    Window { kernel, stride, padding, .. }: Window,
) -> Tensor<I, 4> {
    let [count, channels, ..] = input.dims();
    let planes = count * channels;
    let options = ConvOptions::new([1; 2], [padding.before; 2], [stride; 2], planes);
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
