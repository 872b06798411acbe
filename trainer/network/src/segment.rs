//! A run of a network's nodes.

use std::ops::Range;

use tagsight_core::graph::{Conv, Graph, Head, Interpreter, Node, Shape, TensorId, Values};

/// Consecutive nodes that read one tensor from outside.
#[derive(Debug, Clone)]
pub struct Segment {
    graph: Graph,
    /// Places of the nodes.
    places: Range<usize>,
}

impl Segment {
    /// All of a network.
    pub fn whole(graph: &Graph) -> Self {
        Self { places: 0..graph.nodes().len(), graph: graph.clone() }
    }

    /// The nodes before a stage (`"layer4"`), and those from it on; `None` if there is no such
    /// stage. A stage begins with a block, so one tensor crosses the cut.
    pub fn split(graph: &Graph, stage: &str) -> Option<(Self, Self)> {
        let prefix = format!("{stage}.");
        let cut = graph.nodes().iter().position(|node| node.name().starts_with(&prefix))?;
        let of = |places| Self { graph: graph.clone(), places };
        (cut > 0).then(|| (of(0..cut), of(cut..graph.nodes().len())))
    }

    /// The nodes, in execution order.
    pub fn nodes(&self) -> &[Node] {
        &self.graph.nodes()[self.places.clone()]
    }

    /// The convolutions among them.
    pub fn convs(&self) -> impl Iterator<Item = &Conv> {
        self.graph.convs().filter(|conv| self.places.contains(&(conv.output - 1)))
    }

    /// Which of [`Self::convs`] a convolution is.
    pub fn position(&self, conv: &Conv) -> usize {
        conv.number - self.convs().next().map_or(0, |first| first.number)
    }

    /// The network's head, if the nodes go up to it.
    pub fn head(&self) -> Option<&Head> {
        (self.places.end == self.graph.nodes().len()).then(|| self.graph.head())
    }

    /// The tensor that comes in from outside.
    pub fn input(&self) -> TensorId {
        self.nodes()[0].input()
    }

    /// Shape of what comes in.
    pub fn input_shape(&self) -> Shape {
        self.graph.shape(self.input())
    }

    /// Runs the nodes on what comes in, and returns what the last one gives.
    pub fn run<I: Interpreter>(&self, input: I::Value, interpreter: &mut I) -> I::Value {
        let mut values = Values::new(&self.graph);
        self.graph.interpret_part(self.places.clone(), input, &mut values, interpreter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::Architecture;

    #[test]
    fn a_split_covers_the_graph_and_crosses_one_tensor() {
        for architecture in Architecture::ALL {
            let graph = architecture.graph(224, 80);
            let stages = match architecture {
                Architecture::MobileNetV2 => {
                    ["features.2", "features.7", "features.11", "features.18"]
                }
                Architecture::ResNet18 | Architecture::ResNet34 | Architecture::ResNet50 => {
                    ["layer1", "layer2", "layer3", "layer4"]
                }
                _ => ["_blocks.1", "_blocks.3", "_blocks.9", "_blocks.15"],
            };
            for stage in stages {
                let (trunk, tail) = Segment::split(&graph, stage).unwrap();
                assert_eq!([trunk.nodes(), tail.nodes()].concat(), graph.nodes());
                let convs = trunk.convs().chain(tail.convs()).map(|conv| &conv.name);
                assert!(convs.eq(graph.convs().map(|conv| &conv.name)), "{architecture:?} {stage}");
                assert!(trunk.head().is_none() && tail.head().is_some());
                let first = tail.convs().next().unwrap();
                assert_eq!((tail.position(first), first.number), (0, trunk.convs().count()));
                let made_before = |&tensor: &TensorId| {
                    tensor != tail.input()
                        && trunk.nodes().iter().any(|node| node.output() == tensor)
                };
                let inputs = tail.nodes().iter().flat_map(Node::inputs);
                assert_eq!(inputs.filter(made_before).count(), 0, "{architecture:?} {stage}");
            }
        }
        assert!(Segment::split(&Architecture::ResNet18.graph(224, 80), "layer9").is_none());
    }
}
