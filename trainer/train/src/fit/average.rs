//! The exponential moving average of a module's parameters and running statistics.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::prelude::*;

/// A module that follows another one.
pub struct Average<M> {
    module: M,
    decay: f64,
    updates: usize,
}

impl<M> Average<M> {
    /// Starts at `module`, after `updates` earlier updates.
    pub fn new(module: M, decay: f64, updates: usize) -> Self {
        Self { module, decay, updates }
    }

    /// The average.
    pub fn module(&self) -> &M {
        &self.module
    }

    /// Moves towards `current`. Early on it moves faster, so that the start is soon forgotten.
    pub fn update<B: Backend>(&mut self, current: &M)
    where
        M: Module<B>,
    {
        self.updates += 1;
        let warm = (1.0 + self.updates as f64) / (10.0 + self.updates as f64);
        let mut collect = Collect { tensors: HashMap::new() };
        current.visit(&mut collect);
        let mut towards = Towards { current: collect.tensors, keep: self.decay.min(warm) };
        self.module = self.module.clone().map(&mut towards);
    }
}

/// Gathers float tensors, flattened, by id.
struct Collect<B: Backend> {
    tensors: HashMap<ParamId, Tensor<B, 1>>,
}

impl<B: Backend> ModuleVisitor<B> for Collect<B> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        self.tensors.insert(param.id, param.val().reshape([-1]));
    }
}

/// `average · keep + current · (1 − keep)`.
struct Towards<B: Backend> {
    current: HashMap<ParamId, Tensor<B, 1>>,
    keep: f64,
}

impl<B: Backend> ModuleMapper<B> for Towards<B> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let current = self.current.remove(&param.id).expect("both modules have one structure");
        param.map(|average| {
            let shape = average.dims();
            average * self.keep + current.reshape(shape) * (1.0 - self.keep)
        })
    }
}
