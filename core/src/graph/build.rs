//! Writing a network down layer by layer.

use super::ir::{Conv, Graph, Groups, Head, IMAGE_CHANNELS, MaxPool, Node, Shape, TensorId};
use super::validate::GraphError;
use super::window::Window;
use crate::quant::Activation;

/// A network on its way. What is wrong with it is said by [`Builder::finish`].
#[derive(Debug, Clone)]
pub struct Builder {
    side: usize,
    nodes: Vec<Node>,
    shapes: Vec<Shape>,
    convs: usize,
}

impl Builder {
    /// Of no layers yet, on images of `side`² pixels.
    pub fn new(side: usize) -> Self {
        let image = Shape { height: side, width: side, channels: IMAGE_CHANNELS };
        Self { side, nodes: Vec::new(), shapes: vec![image], convs: 0 }
    }

    /// Shape of a tensor.
    ///
    /// # Panics
    /// If no layer so far makes it.
    pub fn shape(&self, tensor: TensorId) -> Shape {
        self.shapes[tensor]
    }

    /// Appends a convolution to `channels` outputs and returns the tensor it makes.
    ///
    /// # Panics
    /// If `input` is made by no layer so far, or is smaller than the window.
    pub fn conv(
        &mut self,
        name: impl Into<String>,
        input: TensorId,
        channels: usize,
        window: Window,
        residual: Option<TensorId>,
        activation: Activation,
    ) -> TensorId {
        let groups = Groups::One;
        self.push_conv(name.into(), groups, input, channels, window, residual, activation)
    }

    /// Appends a depthwise convolution and returns the tensor it makes.
    ///
    /// # Panics
    /// As [`Self::conv`].
    pub fn depthwise(
        &mut self,
        name: impl Into<String>,
        input: TensorId,
        window: Window,
        activation: Activation,
    ) -> TensorId {
        let (groups, channels) = (Groups::Depthwise, self.shapes[input].channels);
        self.push_conv(name.into(), groups, input, channels, window, None, activation)
    }

    /// Appends a max pool and returns the tensor it makes.
    ///
    /// # Panics
    /// As [`Self::conv`].
    pub fn max_pool(
        &mut self,
        name: impl Into<String>,
        input: TensorId,
        window: Window,
    ) -> TensorId {
        let output = self.push_shape(input, self.shapes[input].channels, window);
        self.nodes.push(Node::MaxPool(MaxPool { name: name.into(), window, input, output }));
        output
    }

    /// The network, which classifies `input`.
    ///
    /// # Errors
    /// If it is none; see [`Graph::new`].
    pub fn finish(
        self,
        name: impl Into<String>,
        input: TensorId,
        classes: usize,
    ) -> Result<Graph, GraphError> {
        Graph::new(self.side, self.nodes, Head { name: name.into(), input, classes })
    }

    #[expect(clippy::too_many_arguments, reason = "each is a field of the node")]
    fn push_conv(
        &mut self,
        name: String,
        groups: Groups,
        input: TensorId,
        channels: usize,
        window: Window,
        residual: Option<TensorId>,
        activation: Activation,
    ) -> TensorId {
        let output = self.push_shape(input, channels, window);
        let number = self.convs;
        self.convs += 1;
        self.nodes.push(Node::Conv(Conv {
            name,
            window,
            groups,
            channels,
            input,
            residual,
            activation,
            output,
            number,
        }));
        output
    }

    fn push_shape(&mut self, input: TensorId, channels: usize, window: Window) -> TensorId {
        let Shape { height, width, .. } = self.shapes[input];
        let (height, width) = (window.output_side(height), window.output_side(width));
        self.shapes.push(Shape { height, width, channels });
        self.shapes.len() - 1
    }
}
