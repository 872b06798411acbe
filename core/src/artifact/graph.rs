//! A network's layers in the file: as serde writes a [`Graph`](crate::graph::Graph), read by hand.

use super::json::{Json, Read, keep, need, unknown};
use crate::graph::{Conv, Graph, GraphError, Groups, Head, MaxPool, Node, Padding, Window};
use crate::quant::Activation;

/// Nodes and a head that may be no network.
pub(super) struct Layers {
    nodes: Vec<Node>,
    head: Head,
}

impl Layers {
    /// The network on images of `side`² pixels, with so many outputs.
    pub(super) fn graph(mut self, side: usize, classes: usize) -> Result<Graph, GraphError> {
        let mut convs = 0;
        for (place, node) in self.nodes.iter_mut().enumerate() {
            match node {
                Node::Conv(conv) => {
                    (conv.output, conv.number) = (place + 1, convs);
                    convs += 1;
                }
                Node::MaxPool(pool) => pool.output = place + 1,
            }
        }
        Graph::new(side, self.nodes, Head { classes, ..self.head })
    }
}

/// Reads what serde writes.
pub(super) fn read(json: &mut Json) -> Read<Layers> {
    let (mut nodes, mut head) = (None, None);
    json.object(&mut |name, json| match name {
        "nodes" => keep(&mut nodes, name, json.array(read_node)?),
        "head" => keep(&mut head, name, read_head(json)?),
        _ => unknown(name),
    })?;
    Ok(Layers { nodes: need(nodes, "nodes")?, head: need(head, "head")? })
}

fn read_node(json: &mut Json) -> Read<Node> {
    let mut node = None;
    json.object(&mut |name, json| match name {
        "conv" => keep(&mut node, name, Node::Conv(read_conv(json)?)),
        "max_pool" => keep(&mut node, name, Node::MaxPool(read_pool(json)?)),
        _ => unknown(name),
    })?;
    need(node, "conv")
}

fn read_head(json: &mut Json) -> Read<Head> {
    let (mut called, mut input) = (None, None);
    json.object(&mut |name, json| match name {
        "name" => keep(&mut called, name, json.string()?),
        "input" => keep(&mut input, name, json.integer()?),
        _ => unknown(name),
    })?;
    Ok(Head { name: need(called, "name")?, input: need(input, "input")?, classes: 0 })
}

fn read_conv(json: &mut Json) -> Read<Conv> {
    let (mut common, mut groups, mut channels) = (Common::default(), None, None);
    let (mut residual, mut activation) = (None, None);
    json.object(&mut |name, json| match name {
        "groups" => keep(&mut groups, name, read_groups(json)?),
        "channels" => keep(&mut channels, name, json.integer()?),
        "residual" => keep(&mut residual, name, json.integer()?),
        "activation" => keep(&mut activation, name, read_activation(json)?),
        _ => common.read(name, json),
    })?;
    let (name, window, input) = common.done()?;
    Ok(Conv {
        name,
        window,
        groups: need(groups, "groups")?,
        channels: need(channels, "channels")?,
        input,
        residual,
        activation: need(activation, "activation")?,
        output: 0,
        number: 0,
    })
}

fn read_pool(json: &mut Json) -> Read<MaxPool> {
    let mut common = Common::default();
    json.object(&mut |name, json| common.read(name, json))?;
    let (name, window, input) = common.done()?;
    Ok(MaxPool { name, window, input, output: 0 })
}

/// What every node has.
#[derive(Default)]
struct Common {
    name: Option<String>,
    kernel: Option<usize>,
    stride: Option<usize>,
    padding: Option<[usize; 2]>,
    input: Option<usize>,
}

impl Common {
    fn read(&mut self, name: &str, json: &mut Json) -> Read<()> {
        match name {
            "name" => keep(&mut self.name, name, json.string()?),
            "kernel" => keep(&mut self.kernel, name, json.integer()?),
            "stride" => keep(&mut self.stride, name, json.integer()?),
            "padding" => keep(&mut self.padding, name, json.array_of(Json::integer)?),
            "input" => keep(&mut self.input, name, json.integer()?),
            _ => unknown(name),
        }
    }

    fn done(self) -> Read<(String, Window, usize)> {
        let [before, after] = need(self.padding, "padding")?;
        let (kernel, stride) = (need(self.kernel, "kernel")?, need(self.stride, "stride")?);
        let window = Window::checked(kernel, stride, Padding { before, after });
        let window = window.ok_or_else(|| {
            format!("a window of {kernel} by {stride}, padded by {before} and {after}")
        })?;
        Ok((need(self.name, "name")?, window, need(self.input, "input")?))
    }
}

fn read_groups(json: &mut Json) -> Read<Groups> {
    match json.string()?.as_str() {
        "one" => Ok(Groups::One),
        "depthwise" => Ok(Groups::Depthwise),
        other => Err(format!("a convolution in groups of {other:?}")),
    }
}

fn read_activation(json: &mut Json) -> Read<Activation> {
    match json.string()?.as_str() {
        "relu" => Ok(Activation::Relu),
        "relu6" => Ok(Activation::Relu6),
        "linear" => Ok(Activation::Linear),
        "asymmetric" => Ok(Activation::Asymmetric),
        other => Err(format!("an activation {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::json;
    use crate::graph::Architecture;

    #[test]
    fn what_is_written_is_read() {
        for architecture in Architecture::ALL {
            let graph = architecture.graph(96, 7);
            let text = serde_json::to_string(&graph).unwrap();
            assert_eq!(json::read(&text, read).unwrap().graph(96, 7).unwrap(), graph);
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        let graph = Architecture::ResNet18.graph(32, 2);
        let text = serde_json::to_string(&graph).unwrap();
        let reads = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            let text = text.replacen(from, to, 1);
            let layers = json::read(&text, read).map_err(|_| ())?;
            layers.graph(32, 2).map_err(|_| ())
        };
        assert!(reads("conv1", "stem").is_ok());
        for (from, to) in [
            (r#""kernel":7"#, r#""kernel":0"#),
            (r#""kernel":7"#, r#""kernel":18446744073709551615"#),
            (r#""stride":2"#, r#""stride":0"#),
            (r#""padding":[3,3]"#, r#""padding":[7,3]"#),
            (r#""padding":[3,3]"#, r#""padding":[3]"#),
            (r#""channels":64"#, r#""channels":0"#),
            (r#""channels":64"#, r#""channels":99999999"#),
            (r#""channels":64,"#, ""),
            (r#""input":1"#, r#""input":21"#),
            (r#""groups":"one""#, r#""groups":"two""#),
            (r#""activation":"relu""#, r#""activation":"linear""#),
            (r#""activation":"relu""#, r#""activation":"gelu""#),
            (r#""name":"layer1.0.conv1""#, r#""name":"conv1""#),
            (r#""conv":"#, r#""deconv":"#),
        ] {
            assert!(reads(from, to).is_err(), "{to}");
        }
    }
}
