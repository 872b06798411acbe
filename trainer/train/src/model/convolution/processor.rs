//! The processor's backend, and how its tensors are told from others.

use std::any::Any;

use burn::backend::{Autodiff, Flex};
use burn::prelude::*;
use burn::tensor::ops::FloatTensor;

/// The processor's backend with gradients, which alone takes the passes of this folder.
pub(super) type Cpu = Autodiff<Flex>;
/// Its tensors without gradients.
pub(super) type Primitive = FloatTensor<Flex>;

pub(super) fn as_cpu<B: Backend, const D: usize>(tensor: &Tensor<B, D>) -> Option<Tensor<Cpu, D>> {
    recognised(tensor)
}

/// Whether the tensor is the processor's, with gradients or without.
pub(super) fn is_processor<B: Backend, const D: usize>(tensor: &Tensor<B, D>) -> bool {
    let tensor: &dyn Any = tensor;
    tensor.is::<Tensor<Flex, D>>() || tensor.is::<Tensor<Cpu, D>>()
}

/// The same tensor, if `B` is `To`.
pub(super) fn recognised<B: Backend, To: Backend, const D: usize>(
    tensor: &Tensor<B, D>,
) -> Option<Tensor<To, D>> {
    (tensor as &dyn Any).downcast_ref::<Tensor<To, D>>().cloned()
}

pub(super) fn floats(tensor: &Primitive) -> &[f32] {
    tensor.storage()
}
