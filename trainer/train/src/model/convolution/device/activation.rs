//! An activation whose gradient goes by what came out of it.
//!
//! burn's clamp compares and fills, once a bound, and keeps what it compared; here it is one
//! operation, and what is kept the next convolution keeps as well.

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::prelude::*;
use burn::tensor::ops::FloatTensor;
use tagsight_core::quant::Activation;
use tagsight_network::kernels::range;

use super::super::definition::rectified;
use super::super::processor::recognised;
use super::grouped::of;

/// `values` after the activation, with its backward pass here, if `B` notes the gradients of `I`.
pub(super) fn noted<B: Backend, I: Backend>(
    values: &Tensor<B, 4>,
    activation: Activation,
) -> Option<Tensor<B, 4>> {
    let values = recognised::<B, Autodiff<I>, 4>(values)?.into_primitive().tensor();
    let output = rectified(of::<I>(values.primitive), activation).into_primitive().tensor();
    let prepared =
        ActivationBackward.prepare::<NoCheckpointing>([values.node]).compute_bound().stateful();
    let output = match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((output.clone(), activation), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    recognised(&of::<Autodiff<I>>(output))
}

#[derive(Debug)]
struct ActivationBackward;

impl<I: Backend> Backward<I, 1> for ActivationBackward {
    /// What came out.
    type State = (FloatTensor<I>, Activation);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [node] = ops.parents;
        let (output, activation) = ops.state;
        let gradient = of::<I>(gradients.consume::<I>(&ops.node));
        if let Some(node) = node {
            let passed = passed(gradient, &of::<I>(output), range(activation));
            gradients.register::<I>(node.id, passed.into_primitive().tensor());
        }
    }
}

/// The gradient where the activation is not flat.
fn passed<I: Backend>(
    gradient: Tensor<I, 4>,
    output: &Tensor<I, 4>,
    (low, high): (f32, f32),
) -> Tensor<I, 4> {
    let flat = match (low.is_finite(), high.is_finite()) {
        (false, false) => return gradient,
        (true, false) => output.clone().lower_equal_elem(low),
        (false, true) => output.clone().greater_equal_elem(high),
        (true, true) => {
            let below = output.clone().lower_equal_elem(low);
            below.bool_or(output.clone().greater_equal_elem(high))
        }
    };
    gradient.mask_fill(flat, 0.0)
}
