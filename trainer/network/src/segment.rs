//! A run of a graph's nodes.

use tagsight_core::graph::{Conv, Graph, Node, Shape, TensorId, Window};

/// Consecutive nodes that read one tensor from outside.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The nodes, in execution order.
    pub nodes: Vec<Node>,
    /// The tensor that comes in from outside.
    pub input: TensorId,
    /// Shapes of the whole graph's tensors.
    pub tensors: Vec<Shape>,
    /// Outputs of the classifier.
    pub classes: usize,
}

impl Segment {
    /// All of a graph.
    pub fn whole(graph: &Graph) -> Self {
        Self::of(graph, &graph.nodes)
    }

    /// The nodes before a stage (`"layer4"`), and those from it on; `None` if there is no such
    /// stage. A stage begins with a block, so one tensor crosses the cut.
    pub fn split(graph: &Graph, stage: &str) -> Option<(Self, Self)> {
        let prefix = format!("{stage}.");
        let is_of_stage =
            |node: &Node| matches!(node, Node::Conv(conv) if conv.name.starts_with(&prefix));
        let cut = graph.nodes.iter().position(is_of_stage)?;
        let (before, after) = graph.nodes.split_at(cut);
        (!before.is_empty()).then(|| (Self::of(graph, before), Self::of(graph, after)))
    }

    fn of(graph: &Graph, nodes: &[Node]) -> Self {
        Self {
            nodes: nodes.to_vec(),
            input: nodes[0].inputs().next().expect("every node reads something"),
            tensors: graph.tensors.clone(),
            classes: graph.classes,
        }
    }

    /// Shape of what comes in.
    pub fn input_shape(&self) -> Shape {
        self.tensors[self.input]
    }

    /// Runs the nodes up to the classifier and returns what the last one gives. `conv` makes an
    /// output of a convolution's input and residual, `pool` one of a pool's input.
    ///
    /// What no later node reads is let go.
    pub fn run<T: Clone>(
        &self,
        input: T,
        mut conv: impl FnMut(&Conv, T, Option<T>) -> T,
        pool: impl Fn(Window, T) -> T,
    ) -> T {
        let mut alive: Vec<Option<T>> = vec![None; self.tensors.len()];
        let mut last = self.input;
        alive[last] = Some(input);
        let read = |alive: &[Option<T>], tensor: TensorId| {
            alive[tensor].clone().expect("made by an earlier node")
        };
        for (index, node) in self.nodes.iter().enumerate() {
            let (value, output) = match node {
                Node::Conv(node) => {
                    let residual = node.residual.map(|residual| read(&alive, residual));
                    (conv(node, read(&alive, node.input), residual), node.output)
                }
                Node::MaxPool { window, input, output } => {
                    (pool(*window, read(&alive, *input)), *output)
                }
                Node::Head { .. } => break,
            };
            for (tensor, slot) in alive.iter_mut().enumerate() {
                if !self.is_read_after(index, tensor) {
                    *slot = None;
                }
            }
            alive[output] = Some(value);
            last = output;
        }
        read(&alive, last)
    }

    /// Whether a node after number `index` reads `tensor`.
    fn is_read_after(&self, index: usize, tensor: TensorId) -> bool {
        self.nodes[index + 1..].iter().any(|node| node.inputs().any(|input| input == tensor))
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
                assert_eq!(trunk.nodes.len() + tail.nodes.len(), graph.nodes.len());
                let made_before = |tensor: &TensorId| {
                    *tensor != tail.input
                        && trunk.nodes.iter().any(|node| node.output() == Some(*tensor))
                };
                let crossing = tail.nodes.iter().flat_map(Node::inputs).filter(made_before).count();
                assert_eq!(crossing, 0, "{architecture:?} {stage}");
            }
        }
        assert!(Segment::split(&Architecture::ResNet18.graph(224, 80), "layer9").is_none());
    }
}
