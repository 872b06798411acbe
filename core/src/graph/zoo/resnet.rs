//! ResNet-18, 34 and 50 with torchvision's layer names and wiring.

use crate::graph::build::Builder;
use crate::graph::ir::{Graph, IMAGE, TensorId};
use crate::graph::validate::GraphError;
use crate::graph::window::{Padding, Window};
use crate::quant::Activation::{Linear, Relu};

const STEM: Window = Window::new(7, 2, Padding::even(3));
const POOL: Window = Window::new(3, 2, Padding::even(1));
const STAGE_WIDTHS: [usize; 4] = [64, 128, 256, 512];
const BOTTLENECK_EXPANSION: usize = 4;

/// A network: blocks a stage, and which.
pub(super) struct ResNet {
    blocks: [usize; 4],
    block: Block,
}

/// What a stage is made of.
#[derive(Clone, Copy)]
enum Block {
    Basic,
    Bottleneck,
}

pub(super) const RESNET18: ResNet = ResNet { blocks: [2, 2, 2, 2], block: Block::Basic };
pub(super) const RESNET34: ResNet = ResNet { blocks: [3, 4, 6, 3], block: Block::Basic };
pub(super) const RESNET50: ResNet = ResNet { blocks: [3, 4, 6, 3], block: Block::Bottleneck };

impl ResNet {
    /// The network for `side`² images.
    pub(super) fn graph(&self, side: usize, classes: usize) -> Result<Graph, GraphError> {
        let mut graph = Builder::new(side);
        let stem = graph.conv("conv1", IMAGE, STAGE_WIDTHS[0], STEM, None, Relu);
        let mut features = graph.max_pool("maxpool", stem, POOL);
        for (stage, (&width, blocks)) in STAGE_WIDTHS.iter().zip(self.blocks).enumerate() {
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
