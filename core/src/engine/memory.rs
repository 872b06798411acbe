//! Memory for a network's tensors, planned and allocated once.

use crate::graph::{Graph, Slots, TensorId, slots};
use crate::tensor::{Layout, Tensor};

/// The memory of one photo's tensors: of those that are not alive, as those that are hold their own.
#[derive(Debug)]
pub(super) struct Memory {
    layouts: Vec<Layout>,
    /// Which storage each tensor uses.
    slots: Vec<usize>,
    storage: Vec<Vec<i8>>,
}

impl Memory {
    /// Plans and allocates for `graph`, whose tensors have `layouts`.
    pub(super) fn new(graph: &Graph, layouts: Vec<Layout>) -> Self {
        let Slots { of, bytes } = slots(graph, |tensor| layouts[tensor].storage_len());
        let storage = bytes.into_iter().map(|bytes| vec![0; bytes]).collect();
        Self { layouts, slots: of, storage }
    }

    /// A tensor to write, its halo zero.
    pub(super) fn take(&mut self, tensor: TensorId) -> Tensor {
        let storage = std::mem::take(&mut self.storage[self.slots[tensor]]);
        Tensor::reuse(self.layouts[tensor], storage)
    }

    /// Takes a tensor's memory back.
    pub(super) fn give_back(&mut self, tensor: TensorId, value: Tensor) {
        self.storage[self.slots[tensor]] = value.into_storage();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Architecture, layout};

    #[test]
    fn a_resnet_needs_few_slots() {
        let graph = Architecture::ResNet50.graph(224, 80);
        let layouts = (0..graph.tensors()).map(|tensor| layout(&graph, tensor).unwrap());
        let memory = Memory::new(&graph, layouts.collect());
        assert!(memory.storage.len() <= 4, "{} slots", memory.storage.len());
        let bytes: usize = memory.storage.iter().map(Vec::len).sum();
        assert!(bytes < 8 << 20, "{bytes} bytes");
    }
}
