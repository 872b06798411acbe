//! A network's layers as data: nodes that read and write tensors, and the head that classifies.

use std::ops::Index;

use serde::{Serialize, Serializer};

use super::window::Window;
use crate::quant::Activation;

/// Index of a tensor. Number 0 is the image, and the node at place `i` writes number `i + 1`.
pub type TensorId = usize;

/// The image's tensor.
pub const IMAGE: TensorId = 0;
/// Channels of the image.
pub const IMAGE_CHANNELS: usize = 3;

/// Size of a tensor, batch excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels.
    pub channels: usize,
}

/// In how many groups a convolution's channels fall, each of which sees its own inputs alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Groups {
    /// One: every output channel sees all input channels.
    One,
    /// As many as channels: a depthwise convolution, whose weights are `[channels, kh, kw, 1]`.
    Depthwise,
}

/// A convolution with bias, optional residual and activation, fused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conv {
    /// The layer's name, as its weights have it, e.g. `layer1.0.conv1`.
    pub name: String,
    /// Kernel, stride, padding.
    #[serde(flatten)]
    pub window: Window,
    /// Which input channels an output channel sees.
    pub groups: Groups,
    /// Output channels.
    pub channels: usize,
    /// What is convolved.
    pub input: TensorId,
    /// What is added before the activation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residual: Option<TensorId>,
    /// What becomes of the sum.
    pub activation: Activation,
    /// What comes out.
    #[serde(skip)]
    pub output: TensorId,
    /// Which of the network's convolutions it is, from 0.
    #[serde(skip)]
    pub number: usize,
}

/// A max pool of rectified values, of which zero padding is the neutral element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaxPool {
    /// Its name.
    pub name: String,
    /// Kernel, stride, padding.
    #[serde(flatten)]
    pub window: Window,
    /// What is pooled.
    pub input: TensorId,
    /// What comes out.
    #[serde(skip)]
    pub output: TensorId,
}

/// One step of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Convolution.
    Conv(Conv),
    /// Max pool.
    MaxPool(MaxPool),
}

/// Global average pool and linear classifier, which come after all nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The linear layer's name, as its weights have it.
    pub name: String,
    /// What is pooled and classified.
    pub input: TensorId,
    /// Outputs: the logits.
    #[serde(skip)]
    pub classes: usize,
}

impl Node {
    /// The layer's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Conv(conv) => &conv.name,
            Self::MaxPool(pool) => &pool.name,
        }
    }

    /// Its window.
    pub fn window(&self) -> Window {
        match self {
            Self::Conv(conv) => conv.window,
            Self::MaxPool(pool) => pool.window,
        }
    }

    /// The tensor that it convolves or pools.
    pub fn input(&self) -> TensorId {
        match self {
            Self::Conv(conv) => conv.input,
            Self::MaxPool(pool) => pool.input,
        }
    }

    /// The tensor that it adds.
    pub fn residual(&self) -> Option<TensorId> {
        match self {
            Self::Conv(conv) => conv.residual,
            Self::MaxPool(_) => None,
        }
    }

    /// Tensors that it reads; what it convolves or pools comes first.
    pub fn inputs(&self) -> impl Iterator<Item = TensorId> + use<> {
        std::iter::once(self.input()).chain(self.residual())
    }

    /// The tensor that it writes.
    pub fn output(&self) -> TensorId {
        match self {
            Self::Conv(conv) => conv.output,
            Self::MaxPool(pool) => pool.output,
        }
    }
}

/// A network: nodes in the order they run, and its head.
///
/// There is none that does not hold together: [`Graph::new`] checks what it is given (`validate.rs`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) head: Head,
    /// Shape of every tensor.
    pub(super) shapes: Vec<Shape>,
    /// For each node, the tensors that nothing reads after it.
    pub(super) last_reads: Vec<Vec<TensorId>>,
}

/// As its nodes and its head: sizes follow from the image's.
impl Serialize for Graph {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            nodes: &'a [Node],
            head: &'a Head,
        }
        Written { nodes: &self.nodes, head: &self.head }.serialize(serializer)
    }
}

impl Graph {
    /// Nodes in execution order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What classifies.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How many tensors there are, the image among them.
    pub fn tensors(&self) -> usize {
        self.shapes.len()
    }

    /// Shape of every tensor.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Shape of a tensor.
    pub fn shape(&self, tensor: TensorId) -> Shape {
        self.shapes[tensor]
    }

    /// Shape of what is pooled and classified.
    pub fn features(&self) -> Shape {
        self.shapes[self.head.input]
    }

    /// The convolutions, in execution order.
    pub fn convs(&self) -> impl Iterator<Item = &Conv> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Conv(conv) => Some(conv),
            Node::MaxPool(_) => None,
        })
    }

    /// The node that writes `tensor`; none writes the image.
    pub fn writer(&self, tensor: TensorId) -> Option<&Node> {
        tensor.checked_sub(1).map(|place| &self.nodes[place])
    }

    /// The nodes that read `tensor`, in execution order; the head may read it, too.
    pub fn readers(&self, tensor: TensorId) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.inputs().any(|input| input == tensor))
    }

    /// The convolution whose activation gave `tensor` its codes, pooled or not; none for the image.
    pub fn activated_by(&self, tensor: TensorId) -> Option<&Conv> {
        match self.writer(tensor)? {
            Node::Conv(conv) => Some(conv),
            Node::MaxPool(pool) => self.activated_by(pool.input),
        }
    }

    /// Input channels that one output channel of `conv` sees.
    pub fn inputs_per_output(&self, conv: &Conv) -> usize {
        match conv.groups {
            Groups::One => self.shapes[conv.input].channels,
            Groups::Depthwise => 1,
        }
    }

    /// Weights of one output channel of `conv`.
    pub fn taps(&self, conv: &Conv) -> usize {
        conv.window.kernel.pow(2) * self.inputs_per_output(conv)
    }

    /// The code that stands for the value 0 in `tensor`.
    pub fn zero_point(&self, tensor: TensorId) -> i32 {
        self.activated_by(tensor).map_or(0, |conv| conv.activation.zero_point())
    }

    /// Rows and columns of padding that the readers of `tensor` need.
    pub fn halo(&self, tensor: TensorId) -> usize {
        let readers = self.nodes.iter().filter(|node| node.input() == tensor);
        readers.map(|node| node.window().padding.largest()).max().unwrap_or(0)
    }

    /// Multiply-accumulates of one photo.
    pub fn macs(&self) -> u64 {
        let macs = |conv: &Conv| {
            let Shape { height, width, channels } = self.shapes[conv.output];
            self.taps(conv) as u64 * (height * width * channels) as u64
        };
        self.convs().map(macs).sum()
    }
}

/// One of something for each convolution of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct PerConv<T>(Vec<T>);

impl<T> PerConv<T> {
    /// These, in execution order.
    ///
    /// # Panics
    /// If they are not as many as convolutions.
    pub fn new(graph: &Graph, items: Vec<T>) -> Self {
        assert_eq!(items.len(), graph.convs().count(), "one a convolution");
        Self(items)
    }

    /// What `make` makes of each, up to the first of which it cannot.
    ///
    /// # Errors
    /// `make`'s.
    pub fn try_new<E>(graph: &Graph, make: impl FnMut(&Conv) -> Result<T, E>) -> Result<Self, E> {
        graph.convs().map(make).collect::<Result<_, _>>().map(Self)
    }

    /// Whether they are those of a network with the convolutions of `graph`.
    pub fn fits(&self, graph: &Graph) -> bool {
        self.0.len() == graph.convs().count()
    }

    /// The one of `conv`, to be changed.
    ///
    /// # Panics
    /// If there is none.
    pub fn get_mut(&mut self, conv: &Conv) -> &mut T {
        &mut self.0[conv.number]
    }
}

impl<T> Index<&Conv> for PerConv<T> {
    type Output = T;

    fn index(&self, conv: &Conv) -> &T {
        &self.0[conv.number]
    }
}
