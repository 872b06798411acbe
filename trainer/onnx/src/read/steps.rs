//! What a file's nodes come to: few kinds of steps, each of which reads earlier ones.

use tagsight_core::graph::{Groups, Padding, Window};

use super::kernel::Kernel;

/// What a step reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Image,
    /// By its number.
    Step(usize),
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// The node in the file, for messages, and where the weights have no name.
    pub(super) node: String,
    pub(super) op: Op,
    pub(super) inputs: Vec<Source>,
    /// How its result is quantised, if it is.
    pub(super) codes: Option<Codes>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Op {
    Conv(Box<Conv>),
    /// Per channel, `factor · x + shift`: a batch norm.
    Affine {
        factor: Vec<f64>,
        shift: Vec<f64>,
    },
    Add,
    Clip {
        least: f32,
        most: f32,
    },
    MaxPool(Pane),
    /// Global average pool; of a window that has to cover everything, its side.
    Mean {
        side: Option<usize>,
    },
    Linear(Box<Linear>),
}

/// A convolution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conv {
    /// The weights' name in the file, if they have one.
    pub(super) name: Option<String>,
    pub(super) kernel: Kernel,
    pub(super) bias: Vec<f32>,
    pub(super) pane: Pane,
    pub(super) groups: Groups,
}

/// A linear layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    pub(super) name: Option<String>,
    pub(super) kernel: Kernel,
    pub(super) bias: Vec<f32>,
}

/// A window whose padding may depend on what it lies over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pane {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// None where it is TensorFlow's `same`.
    pub(super) padding: Option<Padding>,
}

impl Pane {
    /// The window over `side` inputs; none if there is no such window.
    pub(super) fn window(self, side: usize) -> Option<Window> {
        let window = Window::checked(self.kernel, self.stride, Padding::NONE)?;
        let window = match self.padding {
            Some(padding) => Window::checked(self.kernel, self.stride, padding)?,
            None => Window::same(window.kernel, window.stride, side),
        };
        window.fits(side).then_some(window)
    }
}

/// How activations are quantised: codes less the zero point, and what one is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Codes {
    pub(super) scale: f32,
    pub(super) least: i32,
    pub(super) most: i32,
}
