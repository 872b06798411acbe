//! Networks of inverted residuals, whose narrow ends are not rectified: MobileNetV2 (Sandler et al.
//! 2018, arXiv 1801.04381) and EfficientNet-Lite0 to 4 (EfficientNet, Tan and Le 2019, arXiv
//! 1905.11946, without squeeze-and-excitation and with ReLU6).
//!
//! Layers are named as in the ports whose weights are in circulation: torchvision's MobileNetV2,
//! and the PyTorch ports of EfficientNet. All of them pad as the TensorFlow originals do (`same`),
//! whose weights those are; torchvision's own MobileNetV2 pads on every side.

use crate::graph::build::Builder;
use crate::graph::ir::{Graph, IMAGE, TensorId};
use crate::graph::validate::GraphError;
use crate::graph::window::Window;
use crate::preprocessing::Preprocessing;
use crate::quant::Activation::{Asymmetric, Relu6};

/// A network: stages, and how they are scaled.
pub(super) struct Inverted {
    stages: [Stage; 7],
    scaling: Scaling,
    names: Names,
}

/// Blocks of one width; the first of them may halve the sides.
struct Stage {
    expansion: usize,
    width: usize,
    blocks: usize,
    stride: usize,
    kernel: usize,
}

/// What a network's widths and depths are multiplied by, in tenths.
struct Scaling {
    width: usize,
    depth: usize,
}

/// Whose names the layers have.
#[derive(Clone, Copy)]
enum Names {
    Torchvision,
    EfficientNetPorts,
}

/// The steps of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Expand,
    Depthwise,
    Project,
}

pub(super) const MOBILENET_V2: Inverted = Inverted {
    // The paper's table 2.
    stages: [
        stage(1, 16, 1, 1, 3),
        stage(6, 24, 2, 2, 3),
        stage(6, 32, 3, 2, 3),
        stage(6, 64, 4, 2, 3),
        stage(6, 96, 3, 1, 3),
        stage(6, 160, 3, 2, 3),
        stage(6, 320, 1, 1, 3),
    ],
    scaling: Scaling { width: 10, depth: 10 },
    names: Names::Torchvision,
};
pub(super) const EFFICIENTNET_LITE0: Inverted = efficientnet_lite(10, 10);
pub(super) const EFFICIENTNET_LITE1: Inverted = efficientnet_lite(10, 11);
pub(super) const EFFICIENTNET_LITE2: Inverted = efficientnet_lite(11, 12);
pub(super) const EFFICIENTNET_LITE3: Inverted = efficientnet_lite(12, 14);
pub(super) const EFFICIENTNET_LITE4: Inverted = efficientnet_lite(14, 18);

/// Widths that no network here scales.
const STEM_WIDTH: usize = 32;
const LAST_WIDTH: usize = 1280;
/// Scaled widths are multiples of this.
const WIDTH_STEP: usize = 8;
const POINTWISE: Window = Window::pointwise(1);

const fn stage(
    expansion: usize,
    width: usize,
    blocks: usize,
    stride: usize,
    kernel: usize,
) -> Stage {
    Stage { expansion, width, blocks, stride, kernel }
}

/// EfficientNet-B0's stages (the paper's table 1), scaled.
const fn efficientnet_lite(width: usize, depth: usize) -> Inverted {
    Inverted {
        stages: [
            stage(1, 16, 1, 1, 3),
            stage(6, 24, 2, 2, 3),
            stage(6, 40, 2, 2, 5),
            stage(6, 80, 3, 2, 3),
            stage(6, 112, 3, 1, 5),
            stage(6, 192, 4, 2, 5),
            stage(6, 320, 1, 1, 3),
        ],
        scaling: Scaling { width, depth },
        names: Names::EfficientNetPorts,
    }
}

impl Inverted {
    /// The network for `side`² images.
    pub(super) fn graph(&self, side: usize, classes: usize) -> Result<Graph, GraphError> {
        let mut graph = Builder::new(side);
        let stem = Window::same(3, 2, side);
        let mut features = graph.conv(self.names.stem(), IMAGE, STEM_WIDTH, stem, None, Relu6);
        let mut number = 0;
        for (index, stage) in self.stages.iter().enumerate() {
            let width = self.scaling.width(stage.width);
            for block in 0..self.blocks(index) {
                let stride = if block == 0 { stage.stride } else { 1 };
                features = self.block(&mut graph, number, stage, features, width, stride);
                number += 1;
            }
        }
        let last = self.names.last(number);
        let last = graph.conv(last, features, LAST_WIDTH, POINTWISE, None, Relu6);
        graph.finish(self.names.classifier(), last, classes)
    }

    /// Pixels as `-1..=1` of MobileNetV2, `(pixel − 127) / 128` of EfficientNet-Lite.
    pub(super) fn preprocessing(&self, side: usize) -> Preprocessing {
        match self.names {
            Names::Torchvision => Preprocessing { side, mean: [0.5; 3], std: [0.5; 3] },
            Names::EfficientNetPorts => {
                Preprocessing { side, mean: [127.0 / 255.0; 3], std: [128.0 / 255.0; 3] }
            }
        }
    }

    /// Blocks of stage `index`; the first and the last stage are not scaled.
    fn blocks(&self, index: usize) -> usize {
        let blocks = self.stages[index].blocks;
        if index == 0 || index + 1 == self.stages.len() {
            return blocks;
        }
        (blocks * self.scaling.depth).div_ceil(10)
    }

    /// Widen, convolve each channel by itself, narrow.
    fn block(
        &self,
        graph: &mut Builder,
        number: usize,
        stage: &Stage,
        input: TensorId,
        width: usize,
        stride: usize,
    ) -> TensorId {
        let inputs = graph.shape(input).channels;
        let expands = stage.expansion > 1;
        let name = |step| self.names.step(number, step, expands);
        let mut hidden = input;
        if expands {
            let channels = inputs * stage.expansion;
            hidden = graph.conv(name(Part::Expand), input, channels, POINTWISE, None, Relu6);
        }
        let window = Window::same(stage.kernel, stride, graph.shape(hidden).height);
        hidden = graph.depthwise(name(Part::Depthwise), hidden, window, Relu6);
        let residual = (stride == 1 && inputs == width).then_some(input);
        graph.conv(name(Part::Project), hidden, width, POINTWISE, residual, Asymmetric)
    }
}

impl Scaling {
    /// A scaled width: the nearest multiple of [`WIDTH_STEP`], but never less than nine tenths.
    fn width(&self, width: usize) -> usize {
        let tenths = width * self.width;
        let nearest = (tenths + 10 * WIDTH_STEP / 2) / (10 * WIDTH_STEP) * WIDTH_STEP;
        let nearest = nearest.max(WIDTH_STEP);
        if nearest * 100 < tenths * 9 { nearest + WIDTH_STEP } else { nearest }
    }
}

impl Names {
    fn stem(self) -> &'static str {
        match self {
            Self::Torchvision => "features.0.0",
            Self::EfficientNetPorts => "_conv_stem",
        }
    }

    /// Of a step of block `number`; torchvision counts the steps that there are.
    fn step(self, number: usize, step: Part, expands: bool) -> String {
        match self {
            Self::Torchvision => {
                let position = step as usize - usize::from(!expands);
                let place = if step == Part::Project { "" } else { ".0" };
                format!("features.{}.conv.{position}{place}", number + 1)
            }
            Self::EfficientNetPorts => {
                let step = match step {
                    Part::Expand => "expand",
                    Part::Depthwise => "depthwise",
                    Part::Project => "project",
                };
                format!("_blocks.{number}._{step}_conv")
            }
        }
    }

    /// Of the last convolution, after so many blocks.
    fn last(self, blocks: usize) -> String {
        match self {
            Self::Torchvision => format!("features.{}.0", blocks + 1),
            Self::EfficientNetPorts => "_conv_head".to_owned(),
        }
    }

    fn classifier(self) -> &'static str {
        match self {
            Self::Torchvision => "classifier.1",
            Self::EfficientNetPorts => "_fc",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_called_as_in_the_ports() {
        let names = |network: &Inverted| {
            network.graph(64, 80).unwrap().convs().map(|conv| conv.name.clone()).collect::<Vec<_>>()
        };
        let mobilenet = names(&MOBILENET_V2);
        let first = ["features.0.0", "features.1.conv.0.0", "features.1.conv.1"];
        assert_eq!(mobilenet[..3], first);
        let second = ["features.2.conv.0.0", "features.2.conv.1.0", "features.2.conv.2"];
        assert_eq!(mobilenet[3..6], second);
        assert_eq!(mobilenet.last().unwrap(), "features.18.0");
        let lite = names(&EFFICIENTNET_LITE0);
        let first = ["_conv_stem", "_blocks.0._depthwise_conv", "_blocks.0._project_conv"];
        assert_eq!(lite[..3], first);
        assert_eq!(lite[3], "_blocks.1._expand_conv");
        assert_eq!(lite.last().unwrap(), "_conv_head");
    }
}
