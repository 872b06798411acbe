//! Layers → a graph, which is that of an architecture of ours where it has the same layers.

use std::collections::HashSet;

use tagsight_core::Architecture;
use tagsight_core::graph::{Builder, Conv, Graph, Groups, IMAGE, Node};
use tagsight_core::quant::{Activation, RELU6_MAX};

use super::fuse::{Fused, FusedConv, Input, Layer, window};
use crate::error::OnnxError;

/// A graph whose nodes are the layers in their order.
pub(super) struct Network {
    pub(super) graph: Graph,
    /// Whose layers it has, if it is one of ours.
    pub(super) architecture: Option<Architecture>,
}

/// Longest name of a layer that is taken from a file, in bytes: with room for a number behind it.
const LONGEST_NAME: usize = 180;

/// The network of `fused` on images of `side`² pixels.
///
/// # Errors
/// If its layers do not fit one another.
pub(super) fn network(fused: &Fused, side: usize) -> Result<Network, OnnxError> {
    let graph = built(fused, side).map_err(|problem| OnnxError::Unsupported(vec![problem]))??;
    let same = Architecture::ALL.into_iter().find_map(|architecture| {
        let ours = architecture.graph(side, graph.head().classes);
        is_same(&graph, &ours, fused).then_some((architecture, ours))
    });
    Ok(match same {
        Some((architecture, graph)) => Network { graph, architecture: Some(architecture) },
        None => Network { graph, architecture: None },
    })
}

fn built(fused: &Fused, side: usize) -> Result<Result<Graph, OnnxError>, String> {
    let mut builder = Builder::new(side);
    let mut names = Names::default();
    for (place, layer) in fused.layers.iter().enumerate() {
        match layer {
            Layer::Conv(conv) => {
                let name = names.unique(conv.conv.name.as_ref().unwrap_or(&conv.node));
                add_conv(&mut builder, name, conv, activation(fused, place, conv)?)?;
            }
            Layer::MaxPool { name, input, pane } => {
                let input = tensor(Some(*input));
                let window = window(*pane, builder.shape(input).height, name)?;
                builder.max_pool(names.unique(name), input, window);
            }
        }
    }
    let (head, input) = (&fused.head, tensor(Some(fused.head.input)));
    let shape = builder.shape(input);
    if head.side.is_some_and(|side| side != shape.height) {
        return Err(format!("{:?}: its average pool does not cover everything", head.name));
    }
    if head.kernel.taps() != shape.channels {
        return Err(format!("{:?}: it takes another number of channels", head.name));
    }
    let name = names.unique(&head.name);
    Ok(builder.finish(name, input, head.kernel.outputs()).map_err(OnnxError::from))
}

/// The tensor that a layer gives.
fn tensor(input: Input) -> usize {
    input.map_or(IMAGE, |place| place + 1)
}

fn add_conv(
    builder: &mut Builder,
    name: String,
    fused: &FusedConv,
    activation: Activation,
) -> Result<(), String> {
    let (conv, input) = (&fused.conv, tensor(fused.input));
    let shape = builder.shape(input);
    let window = window(conv.pane, shape.height, &name)?;
    let (outputs, inputs) = (conv.kernel.outputs(), conv.kernel.sizes[1]);
    match conv.groups {
        Groups::One if inputs != shape.channels => {
            return Err(format!("{name:?}: it takes another number of channels"));
        }
        Groups::Depthwise if outputs != shape.channels => {
            return Err(format!("{name:?}: it has not one group a channel"));
        }
        Groups::Depthwise if fused.residual.is_some() => {
            return Err(format!(
                "{name:?}: it convolves each channel by itself and adds a residual"
            ));
        }
        Groups::Depthwise => builder.depthwise(name, input, window, activation),
        Groups::One => {
            let residual = fused.residual.map(|residual| residual + 1);
            builder.conv(name, input, outputs, window, residual, activation)
        }
    };
    Ok(())
}

/// What becomes of a convolution's sum. What is not rectified has a sign, and another code for each of those
/// that read it.
fn activation(fused: &Fused, place: usize, conv: &FusedConv) -> Result<Activation, String> {
    let rectifies = conv.codes.is_some_and(|codes| codes.least >= 0);
    let is_read = fused.layers.iter().any(|layer| match layer {
        Layer::Conv(reader) => reader.input == Some(place),
        Layer::MaxPool { input, .. } => *input == place,
    });
    if conv.least == 0.0 && conv.most == RELU6_MAX {
        Ok(Activation::Relu6)
    } else if (conv.least == 0.0 && conv.most == f32::INFINITY) || rectifies {
        Ok(Activation::Relu)
    } else if conv.codes.is_none() && (conv.least, conv.most) != (f32::NEG_INFINITY, f32::INFINITY)
    {
        Err(format!("{:?}: it is clipped to {} to {}", conv.node, conv.least, conv.most))
    } else if is_read || fused.head.input == place {
        Ok(Activation::Asymmetric)
    } else {
        Ok(Activation::Linear)
    }
}

/// Whether two networks have the same layers, whatever these are called.
fn is_same(theirs: &Graph, ours: &Graph, fused: &Fused) -> bool {
    let pairs = theirs.nodes().iter().zip(ours.nodes()).zip(&fused.layers);
    let mut pairs = pairs.map(|((theirs, ours), layer)| match (theirs, ours, layer) {
        (Node::Conv(theirs), Node::Conv(ours), Layer::Conv(fused)) => {
            // Codes that end at 6 rectify as ReLU6 does, and quantisers leave it out.
            let is_coded = fused.codes.is_some();
            let named = Conv {
                name: ours.name.clone(),
                activation: match theirs.activation {
                    Activation::Relu if is_coded && ours.activation == Activation::Relu6 => {
                        Activation::Relu6
                    }
                    activation => activation,
                },
                ..theirs.clone()
            };
            named == *ours
        }
        (Node::MaxPool(theirs), Node::MaxPool(ours), _) => {
            (theirs.window, theirs.input) == (ours.window, ours.input)
        }
        _ => false,
    });
    theirs.nodes().len() == ours.nodes().len()
        && theirs.head().input == ours.head().input
        && pairs.all(|is_same| is_same)
}

/// Names that are given away.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    /// `name`, or as much of it as can be shown, with a number behind it if it was given before.
    fn unique(&mut self, name: &str) -> String {
        let mut shown = String::new();
        for character in name.chars().filter(|character| !character.is_control()) {
            if shown.len() + character.len_utf8() > LONGEST_NAME {
                break;
            }
            shown.push(character);
        }
        let base = if shown.is_empty() { "layer".to_owned() } else { shown };
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut names = std::iter::once(base.clone()).chain(numbered);
        names.find(|name| self.0.insert(name.clone())).expect("there are numbers enough")
    }
}
