//! Running a network's nodes on whatever stands for tensors.

use std::ops::Range;

use super::ir::{Conv, Graph, IMAGE, MaxPool, Node, TensorId};

/// What a network's nodes do to values of some kind: codes that kernels compute, buffers of a device,
/// floats with gradients, names in a file.
pub trait Interpreter {
    /// What stands for a tensor.
    type Value;

    /// What a convolution makes of its input and its residual.
    fn conv(
        &mut self,
        conv: &Conv,
        input: &Self::Value,
        residual: Option<&Self::Value>,
    ) -> Self::Value;

    /// What a pool makes of its input.
    fn max_pool(&mut self, pool: &MaxPool, input: &Self::Value) -> Self::Value;

    /// Takes a value that nothing reads any more.
    fn release(&mut self, _tensor: TensorId, value: Self::Value) {
        drop(value);
    }
}

/// The values of a network's tensors that are alive; kept from run to run by those who must not allocate.
#[derive(Debug, Clone)]
pub struct Values<V>(Vec<Option<V>>);

impl<V> Values<V> {
    /// Of no tensor of `graph` yet.
    pub fn new(graph: &Graph) -> Self {
        Self((0..graph.tensors()).map(|_| None).collect())
    }

    fn get(&self, tensor: TensorId) -> &V {
        self.0[tensor].as_ref().expect("alive until its last reader has run")
    }

    fn take(&mut self, tensor: TensorId) -> V {
        self.0[tensor].take().expect("alive until its last reader has run")
    }
}

impl Graph {
    /// Runs all nodes on an image and returns what the head classifies. Values are released when nothing
    /// reads them any more.
    pub fn interpret<I: Interpreter>(&self, image: I::Value, interpreter: &mut I) -> I::Value {
        self.interpret_part(0..self.nodes.len(), image, &mut Values::new(self), interpreter)
    }

    /// Runs the nodes at these places on what the first of them reads, and returns what the last one
    /// gives.
    ///
    /// # Panics
    /// If one reads a tensor that neither comes in nor is written by another.
    pub fn interpret_part<I: Interpreter>(
        &self,
        nodes: Range<usize>,
        input: I::Value,
        values: &mut Values<I::Value>,
        interpreter: &mut I,
    ) -> I::Value {
        let mut last = self.nodes.get(nodes.start).map_or(IMAGE, Node::input);
        values.0[last] = Some(input);
        for place in nodes {
            let node = &self.nodes[place];
            last = node.output();
            values.0[last] = Some(computed(node, values, interpreter));
            for &tensor in &self.last_reads[place] {
                let value = values.take(tensor);
                interpreter.release(tensor, value);
            }
        }
        values.take(last)
    }

    /// Runs all nodes on an image and returns every tensor's value.
    pub fn interpret_all<I: Interpreter>(
        &self,
        image: I::Value,
        interpreter: &mut I,
    ) -> Vec<I::Value> {
        let mut values = Values::new(self);
        values.0[IMAGE] = Some(image);
        for node in &self.nodes {
            values.0[node.output()] = Some(computed(node, &values, interpreter));
        }
        values.0.into_iter().flatten().collect()
    }
}

fn computed<I: Interpreter>(
    node: &Node,
    values: &Values<I::Value>,
    interpreter: &mut I,
) -> I::Value {
    match node {
        Node::Conv(conv) => {
            let residual = conv.residual.map(|residual| values.get(residual));
            interpreter.conv(conv, values.get(conv.input), residual)
        }
        Node::MaxPool(pool) => interpreter.max_pool(pool, values.get(pool.input)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Architecture;

    /// Writes down what happens.
    #[derive(Default)]
    struct Diary(Vec<String>);

    impl Interpreter for Diary {
        type Value = String;

        fn conv(&mut self, conv: &Conv, input: &String, residual: Option<&String>) -> String {
            let added = residual.map(|residual| format!(" + {residual}")).unwrap_or_default();
            self.0.push(format!("{} of {input}{added}", conv.name));
            conv.name.clone()
        }

        fn max_pool(&mut self, pool: &MaxPool, input: &String) -> String {
            self.0.push(format!("{} of {input}", pool.name));
            pool.name.clone()
        }

        fn release(&mut self, _: TensorId, value: String) {
            self.0.push(format!("no {value}"));
        }
    }

    #[test]
    fn values_live_until_their_last_reader_has_run() {
        let graph = Architecture::ResNet18.graph(64, 80);
        let mut diary = Diary::default();
        assert_eq!(graph.interpret("image".into(), &mut diary), "layer4.1.conv2");
        let first = [
            "conv1 of image",
            "no image",
            "maxpool of conv1",
            "no conv1",
            "layer1.0.conv1 of maxpool",
            "layer1.0.conv2 of layer1.0.conv1 + maxpool",
            "no maxpool",
            "no layer1.0.conv1",
        ];
        assert_eq!(diary.0[..first.len()], first);
        assert!(!diary.0.contains(&"no layer4.1.conv2".to_owned()), "the head reads it");
    }

    #[test]
    fn a_network_in_parts_does_the_same() {
        let graph = Architecture::MobileNetV2.graph(64, 80);
        let (mut whole, mut parts) = (Diary::default(), Diary::default());
        let all = graph.interpret("image".into(), &mut whole);
        // A block begins there.
        let cut = 9;
        let mut values = Values::new(&graph);
        let middle = graph.interpret_part(0..cut, "image".into(), &mut values, &mut parts);
        let rest = cut..graph.nodes().len();
        assert_eq!(graph.interpret_part(rest, middle, &mut values, &mut parts), all);
        assert_eq!(parts.0, whole.0);
        let every = graph.interpret_all("image".into(), &mut Diary::default());
        assert_eq!((every.len(), every.last()), (graph.tensors(), Some(&all)));
    }
}
