//! MobileNetV2 with torchvision's layer names: inverted residuals, whose narrow ends are not
//! rectified.
//!
//! Layers of stride 2 pad at the bottom and on the right alone, as the TensorFlow original does,
//! whose weights are the ones in circulation; torchvision's own pad on every side.

use super::{Graph, IMAGE, Padding, TensorId, Window};
use crate::quant::Activation::{Centred, Relu6};

const STEM_WIDTH: usize = 32;
const LAST_WIDTH: usize = 1280;
/// Expansion, width, blocks and stride of the first block, as in the paper's table 2.
const STAGES: [(usize, usize, usize, usize); 7] = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
];
const POINTWISE: Window = Window { kernel: 1, stride: 1, padding: Padding::even(0) };

/// The network for `side`² images.
pub(super) fn graph(side: usize, classes: usize) -> Graph {
    let mut graph = Graph::new(side, classes);
    let mut features = graph.conv("features.0.0", IMAGE, STEM_WIDTH, square3(2), None, Relu6);
    let mut number = 1;
    for (expansion, width, blocks, first_stride) in STAGES {
        for block in 0..blocks {
            let stride = if block == 0 { first_stride } else { 1 };
            let prefix = format!("features.{number}.conv");
            features = inverted_residual(&mut graph, &prefix, features, expansion, width, stride);
            number += 1;
        }
    }
    let last =
        graph.conv(format!("features.{number}.0"), features, LAST_WIDTH, POINTWISE, None, Relu6);
    graph.head("classifier.1", last);
    graph
}

/// Widen, convolve each channel by itself, narrow.
fn inverted_residual(
    graph: &mut Graph,
    prefix: &str,
    input: TensorId,
    expansion: usize,
    width: usize,
    stride: usize,
) -> TensorId {
    let inputs = graph.tensors[input].channels;
    let (mut hidden, mut position) = (input, 0);
    if expansion > 1 {
        let name = format!("{prefix}.0.0");
        hidden = graph.conv(name, input, inputs * expansion, POINTWISE, None, Relu6);
        position = 1;
    }
    hidden = graph.depthwise(format!("{prefix}.{position}.0"), hidden, square3(stride), Relu6);
    let residual = (stride == 1 && inputs == width).then_some(input);
    graph.conv(format!("{prefix}.{}", position + 1), hidden, width, POINTWISE, residual, Centred)
}

fn square3(stride: usize) -> Window {
    let padding = if stride == 1 { Padding::even(1) } else { Padding { before: 0, after: 1 } };
    Window { kernel: 3, stride, padding }
}
