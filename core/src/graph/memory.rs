//! Memory for a network's tensors: where each lies, and which share it, since they are never alive together.

use super::interpret::Interpreter;
use super::ir::{Conv, Graph, IMAGE, MaxPool, Shape, TensorId};
use crate::tensor::Layout;

/// How a processor has a tensor; none if that is too large for any.
pub(crate) fn layout(graph: &Graph, tensor: TensorId) -> Option<Layout> {
    let Shape { height, width, channels } = graph.shape(tensor);
    let make = if tensor == IMAGE { Layout::checked_dense } else { Layout::checked_padded };
    make(height, width, channels, graph.halo(tensor))
}

/// Memory that tensors share.
pub(crate) struct Slots {
    /// The slot of each tensor: the first that is free while it is made.
    pub(crate) of: Vec<usize>,
    /// Bytes of each slot: those of the largest tensor that ever lies there.
    pub(crate) bytes: Vec<usize>,
}

/// Shares memory out between a network's tensors, which take so many `bytes`.
pub(crate) fn slots(graph: &Graph, bytes: impl Fn(TensorId) -> usize) -> Slots {
    let slots = Slots { of: vec![0; graph.tensors()], bytes: Vec::new() };
    let mut sharing = Sharing { bytes, free: Vec::new(), slots };
    let image = sharing.take(IMAGE);
    graph.interpret(image, &mut sharing);
    sharing.slots
}

/// A network run on nothing but the numbers of slots.
struct Sharing<F> {
    bytes: F,
    /// Of each slot.
    free: Vec<bool>,
    slots: Slots,
}

impl<F: Fn(TensorId) -> usize> Sharing<F> {
    fn take(&mut self, tensor: TensorId) -> usize {
        let slot = self.free.iter().position(|&free| free).unwrap_or(self.free.len());
        if slot == self.free.len() {
            self.free.push(true);
            self.slots.bytes.push(0);
        }
        self.free[slot] = false;
        self.slots.of[tensor] = slot;
        self.slots.bytes[slot] = (self.bytes)(tensor).max(self.slots.bytes[slot]);
        slot
    }
}

impl<F: Fn(TensorId) -> usize> Interpreter for Sharing<F> {
    type Value = usize;

    fn conv(&mut self, conv: &Conv, _: &usize, _: Option<&usize>) -> usize {
        self.take(conv.output)
    }

    fn max_pool(&mut self, pool: &MaxPool, _: &usize) -> usize {
        self.take(pool.output)
    }

    fn release(&mut self, _: TensorId, slot: usize) {
        self.free[slot] = true;
    }
}
