//! Memory for a network's tensors, planned once: tensors that are never alive together share it.

use crate::graph::{Graph, TensorId};
use crate::tensor::{Layout, Tensor};

/// Tensors of one photo in flight, and the memory of those that are not alive.
#[derive(Debug)]
pub(super) struct Arena {
    layouts: Vec<Layout>,
    /// Which memory each tensor uses.
    slots: Vec<usize>,
    storage: Vec<Vec<i8>>,
    tensors: Vec<Option<Tensor>>,
    /// For each node, the tensors that nothing reads after it.
    expiring: Vec<Vec<TensorId>>,
}

impl Arena {
    /// Plans and allocates for `graph`, whose tensors have `layouts`.
    pub(super) fn new(graph: &Graph, layouts: Vec<Layout>) -> Self {
        let expiring = expiring(graph);
        let slots = assign_slots(graph, &expiring);
        let mut sizes = vec![0; slots.iter().max().map_or(0, |&slot| slot + 1)];
        for (tensor, &slot) in slots.iter().enumerate() {
            sizes[slot] = layouts[tensor].storage_len().max(sizes[slot]);
        }
        let storage = sizes.into_iter().map(|size| vec![0; size]).collect();
        let tensors = layouts.iter().map(|_| None).collect();
        Self { layouts, slots, storage, tensors, expiring }
    }

    /// A tensor to write, its halo zero; [`Self::put`] makes it readable.
    pub(super) fn take(&mut self, tensor: TensorId) -> Tensor {
        let storage = std::mem::take(&mut self.storage[self.slots[tensor]]);
        Tensor::reuse(self.layouts[tensor], storage)
    }

    /// Makes a written tensor readable.
    pub(super) fn put(&mut self, tensor: TensorId, value: Tensor) {
        self.tensors[tensor] = Some(value);
    }

    /// A tensor that was put and has not expired.
    ///
    /// # Panics
    /// If it is not alive.
    pub(super) fn get(&self, tensor: TensorId) -> &Tensor {
        self.tensors[tensor].as_ref().expect("the plan keeps tensors alive until their last reader")
    }

    /// Frees the memory of the tensors that nothing reads after node `node`.
    pub(super) fn expire(&mut self, node: usize) {
        for &tensor in &self.expiring[node] {
            if let Some(value) = self.tensors[tensor].take() {
                self.storage[self.slots[tensor]] = value.into_storage();
            }
        }
    }

    /// Bytes of all memory.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.storage.iter().map(Vec::len).sum()
    }
}

/// For each node, the tensors of which it is the last reader.
pub(super) fn expiring(graph: &Graph) -> Vec<Vec<TensorId>> {
    let mut expiring = vec![Vec::new(); graph.nodes.len()];
    for tensor in 0..graph.tensors.len() {
        let last = graph.nodes.iter().rposition(|node| node.inputs().any(|input| input == tensor));
        if let Some(last) = last {
            expiring[last].push(tensor);
        }
    }
    expiring
}

/// Gives each tensor the first slot that is free while it lives.
pub(super) fn assign_slots(graph: &Graph, expiring: &[Vec<TensorId>]) -> Vec<usize> {
    // The image comes first and lives in slot 0.
    let mut slots = vec![0; graph.tensors.len()];
    let mut free: Vec<bool> = vec![false];
    for (node, expiring) in graph.nodes.iter().zip(expiring) {
        if let Some(tensor) = node.output() {
            let slot = free.iter().position(|&free| free).unwrap_or(free.len());
            if slot == free.len() {
                free.push(false);
            }
            free[slot] = false;
            slots[tensor] = slot;
        }
        for &tensor in expiring {
            free[slots[tensor]] = true;
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Architecture;

    #[test]
    fn a_resnet_needs_few_slots() {
        let graph = Architecture::ResNet50.graph(224, 80);
        let layouts = graph
            .tensors
            .iter()
            .enumerate()
            .map(|(id, shape)| {
                Layout::padded(shape.height, shape.width, shape.channels, graph.halo(id))
            })
            .collect();
        let arena = Arena::new(&graph, layouts);
        assert!(arena.storage.len() <= 4, "{} slots", arena.storage.len());
        assert!(arena.bytes() < 8 << 20, "{} bytes", arena.bytes());
    }
}
