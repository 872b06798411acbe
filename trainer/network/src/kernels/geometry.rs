//! Sizes of a convolution on a batch, and where a window's taps lie.

use rayon::prelude::*;
use tagsight_core::graph::Window;
use tagsight_core::quant::{Activation, RELU6_MAX};

/// Sizes of a convolution on a batch, whose input is `[count, inputs, height, width]`, row-major.
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    /// Photos.
    pub count: usize,
    /// Channels of the input.
    pub inputs: usize,
    /// Channels of the output.
    pub outputs: usize,
    /// Rows of the input.
    pub height: usize,
    /// Columns of the input.
    pub width: usize,
    /// Kernel, stride, padding.
    pub window: Window,
}

impl Geometry {
    /// Weights of a kernel over one channel.
    pub fn taps(&self) -> usize {
        self.window.kernel.pow(2)
    }

    /// Rows and columns of the output.
    pub fn output_sides(&self) -> [usize; 2] {
        [self.height, self.width].map(|side| self.window.output_side(side))
    }

    /// Values of one channel of one photo: of the input.
    pub fn input_plane(&self) -> usize {
        self.height * self.width
    }

    /// And of the output.
    pub fn output_plane(&self) -> usize {
        self.output_sides().into_iter().product()
    }

    /// Adds the bias to the sums `[count, outputs, ..]`, and rectifies.
    pub fn finish(&self, sums: &mut [f32], bias: &[f32], activation: Activation) {
        let (low, high) = range(activation);
        sums.par_chunks_mut(self.output_plane()).enumerate().for_each(|(plane, sums)| {
            let bias = bias[plane % self.outputs];
            sums.iter_mut().for_each(|sum| *sum = (*sum + bias).clamp(low, high));
        });
    }

    /// For each output row whose tap `tap` is not in the padding: `visit` gets the first output, the
    /// input value under it, and how many outputs of the row have one.
    pub fn for_each_tap_row(&self, tap: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let Window { kernel, stride, padding, .. } = self.window;
        let [rows, columns] = self.output_sides();
        let (tap_y, tap_x) = (tap / kernel, tap % kernel);
        let inside = |tap: usize, outputs: usize, inputs: usize| {
            let first = padding.before.saturating_sub(tap).div_ceil(stride);
            // The last output's input lies at output · stride + tap − before < inputs.
            let end = (inputs + padding.before).saturating_sub(tap).div_ceil(stride).min(outputs);
            first..end.max(first)
        };
        let across = inside(tap_x, columns, self.width);
        for row in inside(tap_y, rows, self.height) {
            let y = row * stride + tap_y - padding.before;
            if !across.is_empty() {
                let x = across.start * stride + tap_x - padding.before;
                visit(row * columns + across.start, y * self.width + x, across.len());
            }
        }
    }
}

/// The range outside of which an activation is flat.
pub fn range(activation: Activation) -> (f32, f32) {
    match activation {
        Activation::Relu => (0.0, f32::INFINITY),
        Activation::Relu6 => (0.0, RELU6_MAX),
        Activation::Linear | Activation::Asymmetric => (f32::NEG_INFINITY, f32::INFINITY),
    }
}
