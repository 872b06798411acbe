//! Which layers a network has and how they are wired; the same description serves every engine,
//! the artifact's reader and the trainer's export.

mod inverted;
mod resnet;

use crate::quant::Activation;

/// The networks that an artifact can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// ResNet-18, basic blocks 2-2-2-2 (He et al. 2015, arXiv 1512.03385).
    ResNet18,
    /// ResNet-34, basic blocks 3-4-6-3.
    ResNet34,
    /// ResNet-50, bottleneck blocks 3-4-6-3, stride on the 3×3 convolution as torchvision has it.
    ResNet50,
    /// MobileNetV2 1.0 (Sandler et al. 2018, arXiv 1801.04381), padded as TensorFlow pads.
    MobileNetV2,
    /// EfficientNet-Lite0: EfficientNet (Tan and Le 2019, arXiv 1905.11946) without
    /// squeeze-and-excitation and with ReLU6.
    EfficientNetLite0,
    /// EfficientNet-Lite1, deeper by a tenth.
    EfficientNetLite1,
    /// EfficientNet-Lite2, wider by a tenth and deeper by two.
    EfficientNetLite2,
    /// EfficientNet-Lite3, wider by two tenths and deeper by four.
    EfficientNetLite3,
    /// EfficientNet-Lite4, wider by four tenths and deeper by eight.
    EfficientNetLite4,
}

impl Architecture {
    /// Every architecture.
    pub const ALL: [Self; 9] = [
        Self::MobileNetV2,
        Self::EfficientNetLite0,
        Self::EfficientNetLite1,
        Self::EfficientNetLite2,
        Self::EfficientNetLite3,
        Self::EfficientNetLite4,
        Self::ResNet18,
        Self::ResNet34,
        Self::ResNet50,
    ];

    /// The name used in artifacts and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResNet18 => "resnet18",
            Self::ResNet34 => "resnet34",
            Self::ResNet50 => "resnet50",
            Self::MobileNetV2 => "mobilenet_v2",
            Self::EfficientNetLite0 => "efficientnet_lite0",
            Self::EfficientNetLite1 => "efficientnet_lite1",
            Self::EfficientNetLite2 => "efficientnet_lite2",
            Self::EfficientNetLite3 => "efficientnet_lite3",
            Self::EfficientNetLite4 => "efficientnet_lite4",
        }
    }

    /// The architecture of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|architecture| architecture.name() == name)
    }

    /// The network for square images of `side` pixels and `classes` outputs.
    pub fn graph(self, side: usize, classes: usize) -> Graph {
        match self {
            Self::ResNet18 => resnet::RESNET18.graph(side, classes),
            Self::ResNet34 => resnet::RESNET34.graph(side, classes),
            Self::ResNet50 => resnet::RESNET50.graph(side, classes),
            Self::MobileNetV2 => inverted::MOBILENET_V2.graph(side, classes),
            Self::EfficientNetLite0 => inverted::EFFICIENTNET_LITE0.graph(side, classes),
            Self::EfficientNetLite1 => inverted::EFFICIENTNET_LITE1.graph(side, classes),
            Self::EfficientNetLite2 => inverted::EFFICIENTNET_LITE2.graph(side, classes),
            Self::EfficientNetLite3 => inverted::EFFICIENTNET_LITE3.graph(side, classes),
            Self::EfficientNetLite4 => inverted::EFFICIENTNET_LITE4.graph(side, classes),
        }
    }
}

/// Index of a tensor in [`Graph::tensors`].
pub type TensorId = usize;

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

/// A square convolution's or pool's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Side of the kernel.
    pub kernel: usize,
    /// Step between outputs.
    pub stride: usize,
    /// Zeros around the input.
    pub padding: Padding,
}

/// Rows and columns of padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    /// At the top and on the left.
    pub before: usize,
    /// At the bottom and on the right.
    pub after: usize,
}

impl Padding {
    /// The same on every side.
    pub const fn even(size: usize) -> Self {
        Self { before: size, after: size }
    }

    /// The larger side's.
    pub fn largest(self) -> usize {
        self.before.max(self.after)
    }
}

/// Which input channels an output channel sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mixing {
    /// All of them.
    Dense,
    /// Its own alone: a depthwise convolution, whose weights are `[channels, kh, kw, 1]`.
    Depthwise,
}

impl Window {
    /// Outputs along a side of `input` elements.
    pub fn output_side(&self, input: usize) -> usize {
        (input + self.padding.before + self.padding.after - self.kernel) / self.stride + 1
    }
}

/// A convolution with bias, optional residual and activation, fused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conv {
    /// torchvision's name of the layer, e.g. `layer1.0.conv1`.
    pub name: String,
    /// Kernel, stride, padding.
    pub window: Window,
    /// Dense or depthwise.
    pub mixing: Mixing,
    /// What is convolved.
    pub input: TensorId,
    /// What is added before the activation.
    pub residual: Option<TensorId>,
    /// What comes out.
    pub output: TensorId,
    /// What becomes of the sum.
    pub activation: Activation,
}

/// One step of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Convolution.
    Conv(Conv),
    /// Max pool; the input is rectified, so zero padding is the neutral element.
    MaxPool {
        /// Kernel, stride, padding.
        window: Window,
        /// What is pooled.
        input: TensorId,
        /// What comes out.
        output: TensorId,
    },
    /// Global average pool and linear classifier: the logits.
    Head {
        /// torchvision's name of the linear layer.
        name: String,
        /// What is pooled and classified.
        input: TensorId,
    },
}

impl Node {
    /// Tensors that it reads; what it convolves, pools or classifies comes first.
    pub fn inputs(&self) -> impl Iterator<Item = TensorId> + use<> {
        let (input, residual) = match self {
            Self::Conv(conv) => (conv.input, conv.residual),
            Self::MaxPool { input, .. } | Self::Head { input, .. } => (*input, None),
        };
        std::iter::once(input).chain(residual)
    }

    /// The tensor that it writes; the head writes logits instead.
    pub fn output(&self) -> Option<TensorId> {
        match self {
            Self::Conv(conv) => Some(conv.output),
            Self::MaxPool { output, .. } => Some(*output),
            Self::Head { .. } => None,
        }
    }
}

/// A network: nodes in the order they run.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Nodes in execution order; the last one is the head.
    pub nodes: Vec<Node>,
    /// Shape of every tensor; number 0 is the image.
    pub tensors: Vec<Shape>,
    /// Outputs of the head.
    pub classes: usize,
}

/// The image's tensor.
pub const IMAGE: TensorId = 0;

impl Graph {
    /// An empty network on images of `side`² pixels; see [`Self::conv`] and the others to fill it.
    pub fn new(side: usize, classes: usize) -> Self {
        let image = Shape { height: side, width: side, channels: 3 };
        Self { nodes: Vec::new(), tensors: vec![image], classes }
    }

    /// Appends a convolution to `channels` outputs and returns the tensor it makes.
    pub fn conv(
        &mut self,
        name: impl Into<String>,
        input: TensorId,
        channels: usize,
        window: Window,
        residual: Option<TensorId>,
        activation: Activation,
    ) -> TensorId {
        let output = self.push_windowed(input, channels, window);
        let (name, mixing) = (name.into(), Mixing::Dense);
        let conv = Conv { name, window, mixing, input, residual, output, activation };
        self.nodes.push(Node::Conv(conv));
        output
    }

    /// Appends a depthwise convolution and returns the tensor it makes.
    pub fn depthwise(
        &mut self,
        name: impl Into<String>,
        input: TensorId,
        window: Window,
        activation: Activation,
    ) -> TensorId {
        let output = self.push_windowed(input, self.tensors[input].channels, window);
        let (name, mixing, residual) = (name.into(), Mixing::Depthwise, None);
        let conv = Conv { name, window, mixing, input, residual, output, activation };
        self.nodes.push(Node::Conv(conv));
        output
    }

    /// Input channels that one output channel of `conv` sees.
    pub fn inputs_per_output(&self, conv: &Conv) -> usize {
        match conv.mixing {
            Mixing::Dense => self.tensors[conv.input].channels,
            Mixing::Depthwise => 1,
        }
    }

    /// Appends a max pool and returns the tensor it makes.
    pub fn max_pool(&mut self, input: TensorId, window: Window) -> TensorId {
        let output = self.push_windowed(input, self.tensors[input].channels, window);
        self.nodes.push(Node::MaxPool { window, input, output });
        output
    }

    /// Appends the classifier.
    pub fn head(&mut self, name: impl Into<String>, input: TensorId) {
        self.nodes.push(Node::Head { name: name.into(), input });
    }

    /// The classifier: its layer's name and what it pools.
    ///
    /// # Panics
    /// If the network has none yet.
    pub fn classifier(&self) -> (&str, TensorId) {
        match self.nodes.last() {
            Some(Node::Head { name, input }) => (name, *input),
            _ => panic!("a network ends with its classifier"),
        }
    }

    /// The code that stands for the value 0 in `tensor`.
    pub fn zero_point(&self, tensor: TensorId) -> i32 {
        let writer = self.convs().find(|conv| conv.output == tensor);
        writer.map_or(0, |conv| conv.activation.zero_point())
    }

    /// The convolutions, in execution order.
    pub fn convs(&self) -> impl Iterator<Item = &Conv> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Conv(conv) => Some(conv),
            _ => None,
        })
    }

    /// The classifier's name.
    ///
    /// # Panics
    /// If the network has none.
    pub fn head_name(&self) -> &str {
        match self.nodes.last() {
            Some(Node::Head { name, .. }) => name,
            _ => panic!("a network ends with its classifier"),
        }
    }

    /// Rows and columns of padding that the readers of `tensor` need.
    pub fn halo(&self, tensor: TensorId) -> usize {
        let paddings = self.nodes.iter().filter_map(|node| match node {
            Node::Conv(conv) if conv.input == tensor => Some(conv.window.padding),
            Node::MaxPool { window, input, .. } if *input == tensor => Some(window.padding),
            _ => None,
        });
        paddings.map(Padding::largest).max().unwrap_or(0)
    }

    /// Multiply-accumulates of one photo.
    pub fn macs(&self) -> u64 {
        let convs = self.convs().map(|conv| {
            let output = self.tensors[conv.output];
            let taps = conv.window.kernel.pow(2) * self.inputs_per_output(conv);
            (taps * output.height * output.width * output.channels) as u64
        });
        convs.sum()
    }

    fn push_windowed(&mut self, input: TensorId, channels: usize, window: Window) -> TensorId {
        let Shape { height, width, .. } = self.tensors[input];
        let (height, width) = (window.output_side(height), window.output_side(width));
        self.tensors.push(Shape { height, width, channels });
        self.tensors.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resnets_have_the_published_work_and_shapes() {
        // GMACs of the convolutions at 224²: torchvision's 1.814, 3.664 and 4.089 less the head.
        let cases = [
            (Architecture::ResNet18, 20, 1_813_561_344, 512),
            (Architecture::ResNet34, 36, 3_663_249_408, 512),
            (Architecture::ResNet50, 53, 4_087_136_256, 2048),
        ];
        for (architecture, convs, macs, features) in cases {
            let graph = architecture.graph(224, 80);
            assert_eq!(graph.convs().count(), convs, "{architecture:?}");
            assert_eq!(graph.macs(), macs, "{architecture:?}");
            let last = graph.tensors.last().unwrap();
            assert_eq!((last.height, last.width, last.channels), (7, 7, features));
        }
    }

    #[test]
    fn mobilenet_v2_has_the_published_work_and_shapes() {
        // torchvision's 300.8 M of the convolutions at 224².
        let graph = Architecture::MobileNetV2.graph(224, 80);
        assert_eq!(graph.convs().count(), 52);
        assert_eq!(graph.macs(), 299_494_272);
        let last = graph.tensors.last().unwrap();
        assert_eq!((last.height, last.width, last.channels), (7, 7, 1280));
    }

    #[test]
    fn efficientnet_lites_have_the_published_shapes() {
        // Blocks, features of the last block and parameters without the classifier, which is
        // 1280·1000 + 1000 of the published 4.7, 5.4, 6.1, 8.2 and 13.0 million.
        let cases = [
            (Architecture::EfficientNetLite0, 224, 16, 320, 3_330_000..3_400_000),
            (Architecture::EfficientNetLite1, 240, 21, 320, 4_080_000..4_160_000),
            (Architecture::EfficientNetLite2, 260, 21, 352, 4_760_000..4_840_000),
            (Architecture::EfficientNetLite3, 280, 24, 384, 6_850_000..6_940_000),
            (Architecture::EfficientNetLite4, 300, 30, 448, 11_650_000..11_760_000),
        ];
        for (architecture, side, blocks, features, parameters) in cases {
            let graph = architecture.graph(side, 80);
            let convs = graph.convs().count();
            assert_eq!(convs, 3 * blocks + 1, "{architecture:?}: a stem, a last one, one less");
            let last = graph.convs().last().unwrap();
            assert_eq!(graph.tensors[last.input].channels, features, "{architecture:?}");
            let weights = graph.convs().map(|conv| {
                let outputs = graph.tensors[conv.output].channels;
                outputs * (conv.window.kernel.pow(2) * graph.inputs_per_output(conv) + 1)
            });
            let weights: usize = weights.sum();
            assert!(parameters.contains(&weights), "{architecture:?}: {weights}");
        }
    }

    /// What the arithmetic of `quant` rests on.
    #[test]
    fn codes_with_a_sign_or_a_zero_point_are_read_only_where_they_may_be() {
        for architecture in Architecture::ALL {
            let graph = architecture.graph(224, 80);
            for writer in graph.convs() {
                for reader in
                    graph.nodes.iter().filter(|node| node.inputs().any(|i| i == writer.output))
                {
                    let convolves = match reader {
                        Node::Conv(conv) => conv.input == writer.output,
                        _ => true,
                    };
                    let allowed = match (writer.activation, reader) {
                        (Activation::Relu | Activation::Relu6, _) => true,
                        (Activation::Linear, _) => !convolves,
                        (Activation::Centred, Node::Conv(conv)) => {
                            !convolves || conv.window.padding == Padding::even(0)
                        }
                        (Activation::Centred, _) => false,
                    };
                    assert!(allowed, "{architecture:?}: {reader:?} of {}", writer.name);
                }
            }
        }
    }

    #[test]
    fn the_image_needs_the_stems_halo() {
        let graph = Architecture::ResNet18.graph(224, 80);
        assert_eq!(graph.halo(IMAGE), 3);
    }
}
