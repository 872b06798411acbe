//! Whether nodes and head are a network that every engine can run: what the arithmetic of
//! [`quant`](crate::quant) rests on, and bounds of size, so that a file's network can be trusted.

use super::ir::{Conv, Graph, Groups, Head, IMAGE, IMAGE_CHANNELS, Node, Shape, TensorId};
use super::memory::{layout, slots};
use crate::quant::Activation;
use crate::tensor::Layout;

/// Most nodes of a network.
pub const MAX_NODES: usize = 1_000;
/// Most channels of a tensor.
pub const MAX_CHANNELS: usize = 1 << 13;
/// Most weights of one layer.
pub const MAX_WEIGHTS: u64 = 1 << 26;
/// Most bytes of all tensors, of which those that are never alive together share memory.
pub const MAX_MEMORY: u64 = 1 << 28;
/// Most multiply-accumulates of one photo.
pub const MAX_MACS: u64 = 1 << 38;
/// Longest name of a layer, in bytes.
const MAX_NAME: usize = 200;

/// Why nodes and head are no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// None, or more than [`MAX_NODES`].
    #[error("it has {0} layers, not 1 to {MAX_NODES}")]
    Layers(usize),
    /// More than [`MAX_MEMORY`].
    #[error("its tensors take more than {} MiB", MAX_MEMORY >> 20)]
    Memory,
    /// More than [`MAX_MACS`].
    #[error("a photo takes more than 2^38 multiply-accumulates")]
    Work,
    /// One layer is at fault.
    #[error("its layer {name:?} {fault}")]
    Layer {
        /// The layer's name.
        name: String,
        /// What is wrong.
        fault: Fault,
    },
}

/// What is wrong with a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Empty, long, or with characters that do not show.
    #[error("has a name that cannot be shown")]
    Name,
    /// Another layer's.
    #[error("is there twice")]
    Twice,
    /// It is not numbered as it stands in the list.
    #[error("writes a tensor out of turn")]
    Order,
    /// Nothing before it writes that.
    #[error("reads what no layer before it writes")]
    Input,
    /// The kernel is larger than all that there is.
    #[error("has a window that is larger than its input")]
    Window,
    /// None, or more than [`MAX_CHANNELS`].
    #[error("has a number of channels that is not in 1..={MAX_CHANNELS}")]
    Channels,
    /// More than [`MAX_WEIGHTS`].
    #[error("has more than {MAX_WEIGHTS} weights")]
    Weights,
    /// A channel of a depthwise convolution is one of its input's.
    #[error("convolves each channel by itself and has another number of channels than its input")]
    Groups,
    /// No engine does that.
    #[error("convolves each channel by itself and adds a residual")]
    DepthwiseResidual,
    /// Sums need as many codes.
    #[error("adds a residual of another shape")]
    Residual,
    /// The image's channels lie dense and its padding is no zero.
    #[error("does something else with the image than to convolve all of its channels")]
    Image,
    /// Its codes are outside of what products are exact for, or what a maximum or a sum means.
    #[error("convolves, pools or classifies values that only a residual may be")]
    Signed,
    /// Padding is of zeros, and these codes have another zero.
    #[error("pads values whose zero point is not 0")]
    Padded,
    /// Then it need not be there.
    #[error("makes what nothing reads")]
    Unread,
}

impl Graph {
    /// The network of these nodes and this head on images of `side`² pixels.
    ///
    /// # Errors
    /// If they are none: see [`GraphError`].
    pub fn new(side: usize, nodes: Vec<Node>, head: Head) -> Result<Self, GraphError> {
        if !(1..=MAX_NODES).contains(&nodes.len()) {
            return Err(GraphError::Layers(nodes.len()));
        }
        check_names(&nodes, &head)?;
        let image = Shape { height: side, width: side, channels: IMAGE_CHANNELS };
        let mut graph =
            Self { nodes: Vec::new(), head, shapes: vec![image], last_reads: Vec::new() };
        for node in nodes {
            let shape = graph.check(&node).map_err(|fault| at(node.name(), fault))?;
            graph.nodes.push(node);
            graph.shapes.push(shape);
        }
        graph.check_head().map_err(|fault| at(&graph.head.name, fault))?;
        graph.last_reads = graph.find_last_reads()?;
        graph.check_size()?;
        Ok(graph)
    }

    /// Checks the next node, and tells the shape of what it makes.
    fn check(&self, node: &Node) -> Result<Shape, Fault> {
        if node.output() != self.shapes.len() {
            return Err(Fault::Order);
        }
        if node.inputs().any(|input| input >= self.shapes.len()) {
            return Err(Fault::Input);
        }
        let channels = match node {
            Node::Conv(conv) => self.check_conv(conv)?,
            Node::MaxPool(pool) if pool.input == IMAGE => return Err(Fault::Image),
            Node::MaxPool(pool) => self.shapes[pool.input].channels,
        };
        self.check_codes(node)?;
        let (input, window) = (self.shapes[node.input()], node.window());
        if !(window.fits(input.height) && window.fits(input.width)) {
            return Err(Fault::Window);
        }
        let (height, width) = (window.output_side(input.height), window.output_side(input.width));
        let shape = Shape { height, width, channels };
        match node.residual() {
            Some(residual) if self.shapes[residual] != shape => Err(Fault::Residual),
            _ => Ok(shape),
        }
    }

    /// Checks what is only a convolution's, and tells its channels.
    fn check_conv(&self, conv: &Conv) -> Result<usize, Fault> {
        if conv.number != self.convs().count() {
            return Err(Fault::Order);
        }
        if !(1..=MAX_CHANNELS).contains(&conv.channels) {
            return Err(Fault::Channels);
        }
        if conv.residual == Some(IMAGE) {
            return Err(Fault::Image);
        }
        if conv.groups == Groups::Depthwise {
            if conv.input == IMAGE {
                return Err(Fault::Image);
            }
            if conv.channels != self.shapes[conv.input].channels {
                return Err(Fault::Groups);
            }
            if conv.residual.is_some() {
                return Err(Fault::DepthwiseResidual);
            }
        }
        if self.taps(conv) as u64 * conv.channels as u64 > MAX_WEIGHTS {
            return Err(Fault::Weights);
        }
        Ok(conv.channels)
    }

    /// Checks that what is convolved or pooled may be.
    fn check_codes(&self, node: &Node) -> Result<(), Fault> {
        let Some(writer) = self.activated_by(node.input()) else { return Ok(()) };
        match (writer.activation, node) {
            (Activation::Relu | Activation::Relu6, _) => Ok(()),
            (Activation::Linear, _) | (Activation::Asymmetric, Node::MaxPool(_)) => {
                Err(Fault::Signed)
            }
            (Activation::Asymmetric, Node::Conv(conv)) if conv.window.padding.largest() > 0 => {
                Err(Fault::Padded)
            }
            (Activation::Asymmetric, Node::Conv(_)) => Ok(()),
        }
    }

    fn check_head(&self) -> Result<(), Fault> {
        let Head { input, classes, .. } = self.head;
        if input >= self.shapes.len() {
            return Err(Fault::Input);
        }
        let Some(writer) = self.activated_by(input) else { return Err(Fault::Image) };
        if !matches!(writer.activation, Activation::Relu | Activation::Relu6) {
            return Err(Fault::Signed);
        }
        if classes == 0 {
            return Err(Fault::Channels);
        }
        if classes as u64 * self.features().channels as u64 > MAX_WEIGHTS {
            return Err(Fault::Weights);
        }
        Ok(())
    }

    /// For each node, the tensors of which it is the last reader; the head reads after all nodes.
    fn find_last_reads(&self) -> Result<Vec<Vec<TensorId>>, GraphError> {
        let mut last_reads = vec![Vec::new(); self.nodes.len()];
        for tensor in 0..self.shapes.len() {
            if tensor == self.head.input {
                continue;
            }
            let reads = |node: &Node| node.inputs().any(|input| input == tensor);
            match (self.nodes.iter().rposition(reads), self.writer(tensor)) {
                (Some(last), _) => last_reads[last].push(tensor),
                (None, Some(writer)) => return Err(at(writer.name(), Fault::Unread)),
                (None, None) => return Err(at(&self.head.name, Fault::Image)),
            }
        }
        Ok(last_reads)
    }

    fn check_size(&self) -> Result<(), GraphError> {
        let layouts = (0..self.tensors()).map(|tensor| layout(self, tensor));
        let layouts: Vec<Layout> = layouts.collect::<Option<_>>().ok_or(GraphError::Memory)?;
        let bytes = slots(self, |tensor| layouts[tensor].storage_len()).bytes;
        if bytes.into_iter().map(|bytes| bytes as u64).sum::<u64>() > MAX_MEMORY {
            return Err(GraphError::Memory);
        }
        if self.macs() > MAX_MACS { Err(GraphError::Work) } else { Ok(()) }
    }
}

fn at(name: &str, fault: Fault) -> GraphError {
    GraphError::Layer { name: name.to_owned(), fault }
}

fn check_names(nodes: &[Node], head: &Head) -> Result<(), GraphError> {
    // So few are not worth the code of a set in every page.
    let mut known: Vec<&str> = Vec::with_capacity(nodes.len());
    for name in nodes.iter().map(Node::name).chain([head.name.as_str()]) {
        let can_be_shown =
            !name.is_empty() && name.len() <= MAX_NAME && !name.contains(char::is_control);
        if !can_be_shown {
            return Err(at(&name.chars().take(MAX_NAME).collect::<String>(), Fault::Name));
        }
        if known.contains(&name) {
            return Err(at(name, Fault::Twice));
        }
        known.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Architecture, Builder, Padding, Window};
    use crate::quant::Activation::{Asymmetric, Linear, Relu};

    const THREE: Window = Window::new(3, 1, Padding::even(1));
    const ONE: Window = Window::pointwise(1);

    /// A stem, and what `more` does with what it makes; the last tensor is classified.
    fn network(more: impl FnOnce(&mut Builder, TensorId) -> TensorId) -> Result<Graph, GraphError> {
        let mut builder = Builder::new(32);
        let stem = builder.conv("stem", IMAGE, 8, THREE, None, Relu);
        let last = more(&mut builder, stem);
        builder.finish("head", last, 3)
    }

    fn fault(more: impl FnOnce(&mut Builder, TensorId) -> TensorId) -> (String, Fault) {
        match network(more) {
            Err(GraphError::Layer { name, fault }) => (name, fault),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_engines_cannot_compute_is_refused_by_name() {
        assert!(network(|_, stem| stem).is_ok());
        let signed = |b: &mut Builder, stem| b.conv("signed", stem, 8, ONE, None, Linear);
        let narrow = |b: &mut Builder, stem| b.conv("narrow", stem, 8, ONE, None, Asymmetric);
        let found = fault(|b, stem| {
            let signed = signed(b, stem);
            b.conv("next", signed, 8, ONE, None, Relu)
        });
        assert_eq!(found, ("next".into(), Fault::Signed));
        let found = fault(|b, stem| {
            let narrow = narrow(b, stem);
            b.conv("next", narrow, 8, THREE, None, Relu)
        });
        assert_eq!(found, ("next".into(), Fault::Padded));
        let found = fault(|b, stem| {
            let narrow = narrow(b, stem);
            b.max_pool("pool", narrow, Window::new(2, 2, Padding::NONE))
        });
        assert_eq!(found, ("pool".into(), Fault::Signed));
        assert_eq!(fault(narrow), ("head".into(), Fault::Signed), "classified");
        assert_eq!(fault(|_, _| IMAGE), ("head".into(), Fault::Image));
        let pooled = |b: &mut Builder, _| b.max_pool("pool", IMAGE, ONE);
        assert_eq!(fault(pooled), ("pool".into(), Fault::Image));
        let depthwise = |b: &mut Builder, _| b.depthwise("own", IMAGE, ONE, Relu);
        assert_eq!(fault(depthwise), ("own".into(), Fault::Image));
        let other = |b: &mut Builder, stem| b.conv("next", stem, 9, ONE, Some(stem), Relu);
        assert_eq!(fault(other), ("next".into(), Fault::Residual));
        let unread = |b: &mut Builder, stem| {
            b.conv("lost", stem, 8, ONE, None, Relu);
            stem
        };
        assert_eq!(fault(unread), ("lost".into(), Fault::Unread));
        let twice = |b: &mut Builder, stem| b.conv("stem", stem, 8, ONE, None, Relu);
        assert_eq!(fault(twice), ("stem".into(), Fault::Twice));
        let unnamed = |b: &mut Builder, stem| b.conv("", stem, 8, ONE, None, Relu);
        assert_eq!(fault(unnamed), (String::new(), Fault::Name));
        let none = |b: &mut Builder, stem| b.conv("none", stem, 0, ONE, None, Relu);
        assert_eq!(fault(none), ("none".into(), Fault::Channels));
    }

    #[test]
    fn nodes_that_lie_about_their_places_are_refused() {
        let sound = network(|b, stem| b.conv("next", stem, 8, ONE, Some(stem), Relu)).unwrap();
        let changed = |change: fn(&mut Conv)| {
            let mut nodes = sound.nodes().to_vec();
            let Node::Conv(conv) = &mut nodes[1] else { panic!("a convolution") };
            change(conv);
            match Graph::new(32, nodes, sound.head().clone()) {
                Err(GraphError::Layer { fault, .. }) => Some(fault),
                _ => None,
            }
        };
        assert_eq!(changed(|conv| conv.input = 2), Some(Fault::Input), "its own output");
        assert_eq!(changed(|conv| conv.input = usize::MAX), Some(Fault::Input));
        assert_eq!(changed(|conv| conv.residual = Some(7)), Some(Fault::Input));
        assert_eq!(changed(|conv| conv.output = 1), Some(Fault::Order));
        assert_eq!(changed(|conv| conv.number = 0), Some(Fault::Order));
        assert_eq!(changed(|conv| conv.groups = Groups::Depthwise), Some(Fault::DepthwiseResidual));
        assert_eq!(changed(|conv| conv.residual = Some(IMAGE)), Some(Fault::Image));
        assert_eq!(changed(|conv| conv.name = "a\nb".into()), Some(Fault::Name));
        let wide = |conv: &mut Conv| (conv.channels, conv.residual) = (9, None);
        assert_eq!(changed(wide), None);
        let own = |conv: &mut Conv| {
            (conv.channels, conv.residual, conv.groups) = (9, None, Groups::Depthwise);
        };
        assert_eq!(changed(own), Some(Fault::Groups));
    }

    #[test]
    fn networks_have_bounds() {
        let deep = network(|b, stem| {
            (0..MAX_NODES).fold(stem, |tensor, place| {
                b.conv(format!("conv{place}"), tensor, 8, ONE, None, Relu)
            })
        });
        assert_eq!(deep, Err(GraphError::Layers(MAX_NODES + 1)));
        let wide = |b: &mut Builder, stem| {
            let wide = b.conv("wide", stem, MAX_CHANNELS, ONE, None, Relu);
            b.conv("wider", wide, MAX_CHANNELS, THREE, None, Relu)
        };
        assert_eq!(fault(wide), ("wider".into(), Fault::Weights));
        let large = |side| {
            let mut builder = Builder::new(side);
            let stem = builder.conv("stem", IMAGE, 256, THREE, None, Relu);
            builder.finish("head", stem, 3)
        };
        assert!(large(1_000).is_ok());
        assert_eq!(large(1_024), Err(GraphError::Memory));
        let scattered = network(|b, stem| {
            let mut kept = vec![stem];
            for place in 0..100 {
                let name = |what| format!("{what}{place}");
                let last = kept[kept.len() - 1];
                // It lies in memory of its own, which a small one keeps from the next.
                let large = b.conv(name("large"), last, 4_096, ONE, None, Relu);
                kept.push(b.conv(name("after"), large, 8, ONE, None, Relu));
                kept.push(b.conv(name("there"), kept[kept.len() - 1], 8, ONE, None, Relu));
            }
            let last = kept[kept.len() - 1];
            kept.iter().fold(last, |sum, &kept| {
                b.conv(format!("with{kept}"), sum, 8, ONE, Some(kept), Relu)
            })
        });
        assert_eq!(scattered, Err(GraphError::Memory));
        let busy = network(|b, stem| {
            let window = Window::new(15, 1, Padding::even(7));
            (0..6).fold(stem, |tensor, place| {
                b.conv(format!("conv{place}"), tensor, 512, window, None, Relu)
            })
        });
        assert_eq!(busy, Err(GraphError::Work));
    }

    #[test]
    fn every_architecture_is_one_at_the_largest_side() {
        for architecture in Architecture::ALL {
            for side in [32, 1024] {
                architecture.graph(side, 80);
            }
        }
    }
}
