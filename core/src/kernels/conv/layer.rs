//! What a convolution is given, and what it is once it is prepared.

use std::fmt;

use crate::graph::Window;
use crate::quant::Activation;
use crate::tensor::{Layout, Tensor};
use crate::threads::Threads;

/// One convolution, in the units that kernels compute in.
#[derive(Debug, Clone)]
pub struct ConvParams {
    /// Kernel, stride, padding.
    pub window: Window,
    /// Codes `[out, kh, kw, in]`; `[out, kh, kw]` of a depthwise convolution.
    pub weight: Vec<i8>,
    /// Where every sum starts, per output channel.
    pub bias: Vec<i32>,
    /// Sum to output code, per output channel; see [`crate::quant::requantise`].
    pub multiplier: Vec<f32>,
    /// What one residual code adds to the sum, per output channel; empty without a residual.
    pub residual_multiplier: Vec<i32>,
    /// What becomes of the sum.
    pub activation: Activation,
}

impl ConvParams {
    /// Output channels.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Input channels.
    pub fn inputs(&self) -> usize {
        self.weight.len() / (self.outputs() * self.window.kernel.pow(2))
    }
}

/// Where a convolution reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvLayouts {
    /// What is convolved; its halo is at least the padding.
    pub input: Layout,
    /// What is added.
    pub residual: Option<Layout>,
    /// What comes out; its channels are padded to [`crate::CHANNEL_ALIGN`].
    pub output: Layout,
}

/// A convolution prepared for one instruction set.
pub trait ConvLayer: Send + Sync {
    /// Computes the layer on tensors of the layouts that it was prepared for, each of `threads` a part.
    ///
    /// # Panics
    /// If a tensor has another layout.
    fn run(
        &self,
        input: &Tensor,
        residual: Option<&Tensor>,
        output: &mut Tensor,
        threads: &mut Threads,
    );
}

/// What a layer holds is packed for kernels, not for readers. If layers had to have this themselves, all of
/// them could be written in the page's worker too, which would be 3 KB larger.
impl fmt::Debug for dyn ConvLayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ConvLayer")
    }
}
