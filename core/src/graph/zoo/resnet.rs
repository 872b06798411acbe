//! ResNets with torchvision's layer names and wiring: those of the paper, and others by their settings.

use std::fmt;

use crate::graph::build::Builder;
use crate::graph::ir::{Graph, IMAGE, TensorId};
use crate::graph::validate::GraphError;
use crate::graph::window::{Padding, Window};
use crate::quant::Activation::{Linear, Relu};

const STEM: Window = Window::new(7, 2, Padding::even(3));
const POOL: Window = Window::new(3, 2, Padding::even(1));
/// What the names of settings begin with.
const PREFIX: &str = "resnet";
const BOTTLENECK_EXPANSION: usize = 4;
/// Channels of the paper's first stage; each later one has twice as many.
const WIDTH: u16 = 64;
/// Most blocks of a stage.
const MAX_BLOCKS: u8 = 64;
/// Channels that a first stage may have: even, as those of a deep stem are half as many.
const WIDTHS: std::ops::RangeInclusive<u16> = 4..=512;

/// The settings of a ResNet. As text they are its name: `resnet-2-2-2-2`, which is ResNet-18, by the blocks
/// of its stages, and after them what differs from that, as in `resnet-3-4-6-3-w32-bottleneck-deep`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResNet {
    blocks: [u8; 4],
    width: u16,
    block: Block,
    stem: Stem,
}

/// What a stage is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Block {
    /// Two 3×3 convolutions.
    Basic,
    /// A 3×3 convolution between two of 1×1, of which the last has four times the channels.
    Bottleneck,
}

/// What comes before the first max pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stem {
    /// A 7×7 convolution.
    Seven,
    /// Three 3×3 convolutions (ResNet-C: He et al. 2018, arXiv 1812.01187).
    Deep,
}

pub(super) const RESNET18: ResNet = ResNet::new([2, 2, 2, 2], Block::Basic);
pub(super) const RESNET34: ResNet = ResNet::new([3, 4, 6, 3], Block::Basic);
pub(super) const RESNET50: ResNet = ResNet::new([3, 4, 6, 3], Block::Bottleneck);

impl ResNet {
    const fn new(blocks: [u8; 4], block: Block) -> Self {
        Self { blocks, width: WIDTH, block, stem: Stem::Seven }
    }

    /// The network of that name, if it is one of a ResNet's settings.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let mut parts = name.split('-');
        if parts.next() != Some(PREFIX) {
            return None;
        }
        let mut network = Self::new([0; 4], Block::Basic);
        for blocks in &mut network.blocks {
            *blocks =
                parts.next()?.parse().ok().filter(|count| (1..=MAX_BLOCKS).contains(count))?;
        }
        for part in parts {
            match part {
                "bottleneck" => network.block = Block::Bottleneck,
                "deep" => network.stem = Stem::Deep,
                _ => {
                    let width = part.strip_prefix('w')?.parse().ok()?;
                    network.width = Some(width).filter(|w| WIDTHS.contains(w) && w % 2 == 0)?;
                }
            }
        }
        // One network has one name.
        (network.to_string() == name).then_some(network)
    }

    /// The network for `side`² images.
    pub(super) fn graph(&self, side: usize, classes: usize) -> Result<Graph, GraphError> {
        let mut graph = Builder::new(side);
        let width = usize::from(self.width);
        let stem = match self.stem {
            Stem::Seven => graph.conv("conv1", IMAGE, width, STEM, None, Relu),
            Stem::Deep => deep_stem(&mut graph, width),
        };
        let mut features = graph.max_pool("maxpool", stem, POOL);
        for (stage, blocks) in self.blocks.into_iter().enumerate() {
            let width = width << stage;
            for block in 0..blocks {
                let prefix = format!("layer{}.{block}", stage + 1);
                let stride = if stage > 0 && block == 0 { 2 } else { 1 };
                let append = match self.block {
                    Block::Basic => basic_block,
                    Block::Bottleneck => bottleneck_block,
                };
                features = append(&mut graph, &prefix, features, width, stride);
            }
        }
        graph.finish("fc", features, classes)
    }
}

impl fmt::Display for ResNet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(PREFIX)?;
        for blocks in self.blocks {
            write!(out, "-{blocks}")?;
        }
        if self.width != WIDTH {
            write!(out, "-w{}", self.width)?;
        }
        if self.block == Block::Bottleneck {
            out.write_str("-bottleneck")?;
        }
        if self.stem == Stem::Deep {
            out.write_str("-deep")?;
        }
        Ok(())
    }
}

/// Named as members of a sequence, between which are norms and activations.
fn deep_stem(graph: &mut Builder, width: usize) -> TensorId {
    let first = graph.conv("conv1.0", IMAGE, width / 2, square3(2), None, Relu);
    let second = graph.conv("conv1.3", first, width / 2, square3(1), None, Relu);
    graph.conv("conv1.6", second, width, square3(1), None, Relu)
}

fn basic_block(
    graph: &mut Builder,
    prefix: &str,
    input: TensorId,
    width: usize,
    stride: usize,
) -> TensorId {
    let shortcut = shortcut(graph, prefix, input, width, stride);
    let hidden = graph.conv(format!("{prefix}.conv1"), input, width, square3(stride), None, Relu);
    graph.conv(format!("{prefix}.conv2"), hidden, width, square3(1), Some(shortcut), Relu)
}

fn bottleneck_block(
    graph: &mut Builder,
    prefix: &str,
    input: TensorId,
    width: usize,
    stride: usize,
) -> TensorId {
    let outputs = width * BOTTLENECK_EXPANSION;
    let shortcut = shortcut(graph, prefix, input, outputs, stride);
    let narrow =
        graph.conv(format!("{prefix}.conv1"), input, width, Window::pointwise(1), None, Relu);
    let middle = graph.conv(format!("{prefix}.conv2"), narrow, width, square3(stride), None, Relu);
    graph.conv(
        format!("{prefix}.conv3"),
        middle,
        outputs,
        Window::pointwise(1),
        Some(shortcut),
        Relu,
    )
}

/// The block's input, projected where its size changes.
fn shortcut(
    graph: &mut Builder,
    prefix: &str,
    input: TensorId,
    outputs: usize,
    stride: usize,
) -> TensorId {
    if stride == 1 && graph.shape(input).channels == outputs {
        return input;
    }
    graph.conv(
        format!("{prefix}.downsample.0"),
        input,
        outputs,
        Window::pointwise(stride),
        None,
        Linear,
    )
}

fn square3(stride: usize) -> Window {
    Window::new(3, stride, Padding::even(1))
}
