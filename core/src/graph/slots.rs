//! Which memory each tensor of a network uses: those that are never alive together share it.

use super::interpret::Interpreter;
use super::ir::{Conv, Graph, MaxPool, TensorId};

/// A network run on nothing but the numbers of slots.
#[derive(Default)]
struct Slots {
    free: Vec<bool>,
}

/// The slot of each tensor, numbered from 0: the first that is free while it is made.
pub(crate) fn slots(graph: &Graph) -> Vec<usize> {
    let mut slots = Slots::default();
    let mut found = vec![0; graph.tensors()];
    let image = slots.take();
    let mut recorder = Recorder { slots, found: &mut found };
    graph.interpret(image, &mut recorder);
    found
}

/// Notes which tensor got which slot.
struct Recorder<'a> {
    slots: Slots,
    found: &'a mut [usize],
}

impl Slots {
    fn take(&mut self) -> usize {
        let slot = self.free.iter().position(|&free| free).unwrap_or(self.free.len());
        if slot == self.free.len() {
            self.free.push(false);
        }
        self.free[slot] = false;
        slot
    }
}

impl Recorder<'_> {
    fn record(&mut self, tensor: TensorId) -> usize {
        self.found[tensor] = self.slots.take();
        self.found[tensor]
    }
}

impl Interpreter for Recorder<'_> {
    type Value = usize;

    fn conv(&mut self, conv: &Conv, _: &usize, _: Option<&usize>) -> usize {
        self.record(conv.output)
    }

    fn max_pool(&mut self, pool: &MaxPool, _: &usize) -> usize {
        self.record(pool.output)
    }

    fn release(&mut self, _: TensorId, slot: usize) {
        self.slots.free[slot] = true;
    }
}
