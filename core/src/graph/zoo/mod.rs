//! Architectures: each is a row of a family's table.

mod inverted;
mod resnet;

use std::borrow::Cow;

use super::ir::Graph;
use super::validate::GraphError;
use crate::preprocessing::Preprocessing;

pub use resnet::ResNet;

/// The networks that are trained here, by name.
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
    /// A ResNet of one's own settings, which are its name.
    ResNet(ResNet),
}

/// A row of a table.
enum Family {
    ResNet(ResNet),
    Inverted(&'static inverted::Inverted),
}

impl Architecture {
    /// Every architecture that has a name of its own.
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

    /// All that there is to know of one.
    fn row(self) -> (Cow<'static, str>, Family) {
        use Family::{Inverted, ResNet};
        let (name, family) = match self {
            Self::ResNet(settings) => return (settings.to_string().into(), ResNet(settings)),
            Self::ResNet18 => ("resnet18", ResNet(resnet::RESNET18)),
            Self::ResNet34 => ("resnet34", ResNet(resnet::RESNET34)),
            Self::ResNet50 => ("resnet50", ResNet(resnet::RESNET50)),
            Self::MobileNetV2 => ("mobilenet_v2", Inverted(&inverted::MOBILENET_V2)),
            Self::EfficientNetLite0 => {
                ("efficientnet_lite0", Inverted(&inverted::EFFICIENTNET_LITE0))
            }
            Self::EfficientNetLite1 => {
                ("efficientnet_lite1", Inverted(&inverted::EFFICIENTNET_LITE1))
            }
            Self::EfficientNetLite2 => {
                ("efficientnet_lite2", Inverted(&inverted::EFFICIENTNET_LITE2))
            }
            Self::EfficientNetLite3 => {
                ("efficientnet_lite3", Inverted(&inverted::EFFICIENTNET_LITE3))
            }
            Self::EfficientNetLite4 => {
                ("efficientnet_lite4", Inverted(&inverted::EFFICIENTNET_LITE4))
            }
        };
        (name.into(), family)
    }

    /// The name used in artifacts and on the command line.
    pub fn name(self) -> Cow<'static, str> {
        self.row().0
    }

    /// The architecture of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let known = Self::ALL.into_iter().find(|architecture| architecture.name() == name);
        known.or_else(|| ResNet::from_name(name).map(Self::ResNet))
    }

    /// The network for square images of `side` pixels and `classes` outputs.
    ///
    /// # Panics
    /// If there is none of that size: above 1024 pixels, or without outputs. One of one's own settings has
    /// other bounds; see [`Self::try_graph`].
    pub fn graph(self, side: usize, classes: usize) -> Graph {
        let graph = self.try_graph(side, classes);
        graph.unwrap_or_else(|error| panic!("{self:?} at {side}, {classes} outputs: {error}"))
    }

    /// [`Self::graph`] where size or settings are somebody's.
    ///
    /// # Errors
    /// If no engine could run such a network.
    pub fn try_graph(self, side: usize, classes: usize) -> Result<Graph, GraphError> {
        match self.row().1 {
            Family::ResNet(network) => network.graph(side, classes),
            Family::Inverted(network) => network.graph(side, classes),
        }
    }

    /// What the published weights expect for images of `side`² pixels.
    pub fn preprocessing(self, side: usize) -> Preprocessing {
        match self.row().1 {
            Family::ResNet(_) => Preprocessing::imagenet(side),
            Family::Inverted(network) => network.preprocessing(side),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::IMAGE;

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
            let last = graph.features();
            assert_eq!((last.height, last.width, last.channels), (7, 7, features));
        }
    }

    #[test]
    fn settings_are_a_name_and_a_name_its_settings() {
        let own = |name: &str| Architecture::from_name(name);
        let same = [
            ("resnet-2-2-2-2", Architecture::ResNet18),
            ("resnet-3-4-6-3", Architecture::ResNet34),
            ("resnet-3-4-6-3-bottleneck", Architecture::ResNet50),
        ];
        for (name, published) in same {
            let network = own(name).unwrap();
            assert_eq!(network.graph(96, 80), published.graph(96, 80), "{name}");
            assert_eq!(network.name(), name);
        }
        let refused = [
            "resnet-2-2-2",
            "resnet-2-2-2-0",
            "resnet-2-2-2-65",
            "resnet-2-2-2-2-2",
            "resnet-02-2-2-2",
            "resnet-2-2-2-2-w64",
            "resnet-2-2-2-2-w33",
            "resnet-2-2-2-2-w2",
            "resnet-2-2-2-2-deep-deep",
            "resnet-2-2-2-2-deep-bottleneck",
            "resnet-2-2-2-2-wide",
            "resnet",
        ];
        for name in refused {
            assert_eq!(own(name), None, "{name}");
        }
    }

    /// By hand for 64²: the stem at 32², its pool at 16².
    #[test]
    fn a_resnet_has_the_depth_width_and_stem_that_are_asked_for() {
        let network = Architecture::from_name("resnet-1-2-1-1-w16-bottleneck-deep").unwrap();
        let graph = network.graph(64, 5);
        let stem: Vec<_> = graph.convs().take(3).map(|conv| (&*conv.name, conv.channels)).collect();
        assert_eq!(stem, [("conv1.0", 8), ("conv1.3", 8), ("conv1.6", 16)]);
        // Three a block, and a projection where a stage begins.
        assert_eq!(graph.convs().count(), 3 + 3 * 5 + 4);
        let last = graph.features();
        assert_eq!((last.height, last.width, last.channels), (2, 2, 16 * 8 * 4));
        let taps = [3 * 9 * 8, 8 * 9 * 8, 8 * 9 * 16];
        let macs: u64 = taps.iter().map(|taps| taps * 32 * 32).sum();
        let stem_alone = graph.convs().take(3);
        let found = stem_alone.map(|conv| {
            let shape = graph.shape(conv.output);
            (graph.taps(conv) * conv.channels * shape.height * shape.width) as u64
        });
        assert_eq!(found.sum::<u64>(), macs);
        let large = Architecture::from_name("resnet-64-64-64-64-w512-bottleneck").unwrap();
        assert!(large.try_graph(224, 5).is_err());
    }

    #[test]
    fn mobilenet_v2_has_the_published_work_and_shapes() {
        // torchvision's 300.8 M of the convolutions at 224².
        let graph = Architecture::MobileNetV2.graph(224, 80);
        assert_eq!(graph.convs().count(), 52);
        assert_eq!(graph.macs(), 299_494_272);
        let last = graph.features();
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
            assert_eq!(graph.shape(last.input).channels, features, "{architecture:?}");
            let weights = graph.convs().map(|conv| conv.channels * (graph.taps(conv) + 1));
            let weights: usize = weights.sum();
            assert!(parameters.contains(&weights), "{architecture:?}: {weights}");
        }
    }

    #[test]
    fn the_image_needs_the_stems_halo() {
        let graph = Architecture::ResNet18.graph(224, 80);
        assert_eq!(graph.halo(IMAGE), 3);
    }
}
