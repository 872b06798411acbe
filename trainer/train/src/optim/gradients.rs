//! Gradients of several batches as one, and their clipping.

use burn::module::{AutodiffModule, ModuleVisitor, Param};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::prelude::*;
use burn::tensor::backend::AutodiffBackend;

/// Keeps a vanishing norm from dividing by zero; PyTorch's.
const LEAST_NORM: f64 = 1e-6;

/// The gradients of a step's batches, on their way to their mean.
pub struct GradientSum<M> {
    sum: GradientsAccumulator<M>,
    batches: usize,
}

impl<M> Default for GradientSum<M> {
    fn default() -> Self {
        Self { sum: GradientsAccumulator::new(), batches: 0 }
    }
}

impl<M> GradientSum<M> {
    /// Adds a batch's gradients.
    pub fn add<B: AutodiffBackend>(&mut self, module: &M, gradients: GradientsParams)
    where
        M: AutodiffModule<B>,
    {
        self.sum.accumulate(module, gradients);
        self.batches += 1;
    }

    /// The mean of what was added, which starts anew. Its norm over all parameters is brought
    /// down to `clip_norm` where it is larger, unless that is 0.
    ///
    /// # Panics
    /// If nothing was added.
    pub fn take_mean<B: AutodiffBackend>(&mut self, module: &M, clip_norm: f64) -> GradientsParams
    where
        M: AutodiffModule<B>,
    {
        assert!(self.batches > 0, "a step has gradients");
        let mut gradients = self.sum.grads();
        let share = 1.0 / std::mem::take(&mut self.batches) as f64;
        let scale = match (clip_norm > 0.0, share == 1.0) {
            (false, true) => return gradients,
            (false, false) => None,
            (true, _) => {
                let mut norm = Norm { gradients: &gradients, squares: Vec::new() };
                module.visit(&mut norm);
                let norm = Tensor::cat(norm.squares, 0).sum().sqrt() * share;
                Some(((norm + LEAST_NORM).recip() * clip_norm).clamp_max(1.0) * share)
            }
        };
        module.visit(&mut Scale { gradients: &mut gradients, share, scale });
        gradients
    }
}

/// Gathers each gradient's squared norm.
struct Norm<'a, B: Backend> {
    gradients: &'a GradientsParams,
    squares: Vec<Tensor<B, 1>>,
}

impl<B: AutodiffBackend> ModuleVisitor<B> for Norm<'_, B::InnerBackend> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let Some(gradient) = self.gradients.get::<B::InnerBackend, D>(param.id) {
            self.squares.push(gradient.square().sum());
        }
    }
}

/// Multiplies each gradient, by a number that the device knows or one known here.
struct Scale<'a, B: Backend> {
    gradients: &'a mut GradientsParams,
    share: f64,
    scale: Option<Tensor<B, 1>>,
}

impl<B: AutodiffBackend> ModuleVisitor<B> for Scale<'_, B::InnerBackend> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        let Some(gradient) = self.gradients.remove::<B::InnerBackend, D>(param.id) else {
            return;
        };
        let scaled = match &self.scale {
            Some(scale) => gradient * scale.clone().reshape([1; D]),
            None => gradient * self.share,
        };
        self.gradients.register(param.id, scaled);
    }
}
