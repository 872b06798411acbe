//! ONNX → networks.

mod attributes;
mod codes;
mod constant;
mod floats;
#[cfg(test)]
mod foreign;
mod fuse;
mod integers;
mod kernel;
mod layers;
mod lower;
mod network;
mod operators;
mod steps;

use prost::Message;
use tagsight_core::artifact::MAX_SIDE;
use tagsight_core::{Architecture, Artifact, Goal, Preprocessing, labels};
use tagsight_network::Spec;
use tagsight_network::weights::Weights;

use self::fuse::{Fused, Layer};
use self::lower::Pixels;
use crate::error::OnnxError;
use crate::proto::{Graph, Model, ValueInfo};
use crate::write::LABELS;

/// Smallest side of an image.
const MIN_SIDE: usize = 32;
/// Longest name of a network, in bytes.
const LONGEST_NAME: usize = 100;
/// Most bytes of a file: a ResNet-152 has 232 million.
const MAX_BYTES: usize = 1 << 29;
/// Most outputs.
const MAX_CLASSES: usize = 10_000;

/// What a file does not say of its network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// What the network is asked.
    pub task: Goal,
    /// Side of the image, where the file takes any.
    pub side: Option<usize>,
    /// Mean and deviation of each channel, by which pixels in `0..=1` are normalised before they come in;
    /// ImageNet's by default. A file may do that itself.
    pub normalisation: Option<([f32; 3], [f32; 3])>,
    /// One label an output; those that the file has by default, or numbers.
    pub labels: Option<Vec<String>>,
}

/// A network from a file.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The network. Where it has the layers of one of ours, it has their names as well.
    pub spec: Spec,
    /// Which of ours it is, if it is one.
    pub architecture: Option<Architecture>,
    /// Its weights as floats, batch norms folded.
    pub weights: Weights,
    /// What of it is integers.
    pub form: Form,
}

/// What a file's numbers are.
#[derive(Debug, Clone)]
pub enum Form {
    /// Floats.
    Float,
    /// Floats where it says no codes: the nodes of these convolutions.
    Partly(Vec<String>),
    /// Integers throughout.
    Integers(Box<Artifact>),
}

/// Reads a file: a residual network or one of inverted residuals, of floats, or quantised with pairs of
/// QuantizeLinear and DequantizeLinear or by onnxruntime's operators.
///
/// # Errors
/// If it is damaged, has nodes that no network here has, which are all named, or does not fit what was
/// `asked`.
pub fn read(bytes: &[u8], asked: &Asked) -> Result<Imported, OnnxError> {
    if bytes.len() > MAX_BYTES {
        return Err(OnnxError::Damaged(format!("it has more than {} MiB", MAX_BYTES >> 20)));
    }
    let model = Model::decode(bytes).map_err(|error| OnnxError::Damaged(error.to_string()))?;
    let graph = model.graph.as_ref().ok_or_else(|| OnnxError::Damaged("no graph".into()))?;
    let (input, output) = (input(graph)?, single("output", &graph.outputs)?);
    let lowered = lower::lower(graph, &input.name, &output.name).map_err(OnnxError::Unsupported)?;
    let fused = fuse::fuse(&lowered.steps, lowered.output).map_err(OnnxError::Unsupported)?;
    let preprocessing = preprocessing(side(input, asked)?, lowered.pixels, asked)?;
    let classes = fused.head.kernel.outputs();
    if !(1..=MAX_CLASSES).contains(&classes) {
        return Err(OnnxError::Interface(format!(
            "it has {classes} outputs, not 1 to {MAX_CLASSES}"
        )));
    }
    let network = network::network(&fused, preprocessing.side)?;
    let name = match network.architecture {
        Some(architecture) => architecture.name().into_owned(),
        None => shown(&graph.name),
    };
    let labels = labels(&model, classes, asked)?;
    let spec = Spec { name, graph: network.graph, labels, task: asked.task.clone(), preprocessing };
    Ok(Imported {
        form: form(&fused, &spec)?,
        weights: floats::weights(&fused, &spec.graph),
        architecture: network.architecture,
        spec,
    })
}

/// What of the network is integers; an artifact can be run.
fn form(fused: &Fused, spec: &Spec) -> Result<Form, OnnxError> {
    let is_quantised = |layer: &Layer| match layer {
        Layer::Conv(conv) => conv.codes.is_some() || conv.conv.kernel.codes.is_some(),
        Layer::MaxPool { .. } => false,
    };
    if !fused.layers.iter().any(is_quantised) && fused.head.kernel.codes.is_none() {
        return Ok(Form::Float);
    }
    match integers::artifact(fused, spec) {
        Ok(artifact) => {
            artifact.write()?;
            Ok(Form::Integers(Box::new(artifact)))
        }
        Err(bare) => Ok(Form::Partly(bare)),
    }
}

/// The one input that is no constant: early versions list those as well.
fn input(graph: &Graph) -> Result<&ValueInfo, OnnxError> {
    let is_given =
        |value: &&ValueInfo| !graph.initializers.iter().any(|tensor| tensor.name == value.name);
    let inputs: Vec<&ValueInfo> = graph.inputs.iter().filter(is_given).collect();
    match inputs[..] {
        [input] => Ok(input),
        _ => Err(OnnxError::Interface(format!("it has {} inputs, not one image", inputs.len()))),
    }
}

fn single<'a>(what: &str, values: &'a [ValueInfo]) -> Result<&'a ValueInfo, OnnxError> {
    match values {
        [value] => Ok(value),
        _ => Err(OnnxError::Interface(format!("it has {} {what}s, not one", values.len()))),
    }
}

/// The side of the image, `[batch, 3, side, side]`.
fn side(input: &ValueInfo, asked: &Asked) -> Result<usize, OnnxError> {
    let fail = |reason: String| Err(OnnxError::Interface(reason));
    let kind = input.kind.as_ref().and_then(|kind| kind.tensor.as_ref());
    let shape = kind.and_then(|tensor| tensor.shape.as_ref());
    let sizes: Vec<Option<i64>> =
        shape.map_or_else(Vec::new, |shape| shape.dims.iter().map(|size| size.value).collect());
    let side = match sizes[..] {
        [_, Some(3) | None, height, width] => match (height, width, asked.side) {
            (Some(height), Some(width), _) if height != width => {
                return fail(format!("it takes images of {width} by {height} pixels, not squares"));
            }
            (Some(side), _, asked) | (None, Some(side), asked) => {
                let side = usize::try_from(side).unwrap_or(0);
                if asked.is_some_and(|asked| asked != side) {
                    return fail(format!("it takes images of {side} pixels a side and no others"));
                }
                side
            }
            (None, None, Some(side)) => side,
            (None, None, None) => {
                return fail("it takes images of any size; say of how many pixels a side".into());
            }
        },
        _ => return fail("its input is no [batch, 3, side, side] of channels first".into()),
    };
    if !(MIN_SIDE..=MAX_SIDE).contains(&side) {
        return fail(format!("its images have {side} pixels a side, not {MIN_SIDE} to {MAX_SIDE}"));
    }
    Ok(side)
}

fn preprocessing(side: usize, pixels: Pixels, asked: &Asked) -> Result<Preprocessing, OnnxError> {
    let imagenet = Preprocessing::imagenet(side);
    let (mean, std) = match asked.normalisation {
        Some(_) if pixels != Pixels::PLAIN => {
            let reason = "it normalises pixels itself, so nothing is to be said of that";
            return Err(OnnxError::Interface(reason.into()));
        }
        Some((mean, std)) => (mean, std),
        None if pixels == Pixels::PLAIN => (imagenet.mean, imagenet.std),
        None => (pixels.mean, pixels.std),
    };
    let are_means = mean.iter().all(|mean| (0.0..=1.0).contains(mean));
    if !are_means || !std.iter().all(|&std| std.is_normal() && std > 0.0) {
        let reason =
            format!("pixels in 0 to 1 cannot be normalised by mean {mean:?} and std {std:?}");
        return Err(OnnxError::Interface(reason));
    }
    Ok(Preprocessing { side, mean, std })
}

fn labels(model: &Model, classes: usize, asked: &Asked) -> Result<Vec<String>, OnnxError> {
    let fail = |reason: String| Err(OnnxError::Interface(reason));
    if let Some(labels) = &asked.labels {
        if labels.len() != classes {
            return fail(format!("there are {} labels for {classes} outputs", labels.len()));
        }
        return match labels::check(labels) {
            Ok(()) => Ok(labels.clone()),
            Err(reason) => fail(reason),
        };
    }
    let kept = model.metadata.iter().find(|entry| entry.key == LABELS);
    let kept: Option<Vec<String>> =
        kept.map(|entry| entry.value.lines().map(str::to_owned).collect());
    let kept = kept.filter(|kept| kept.len() == classes && labels::check(kept).is_ok());
    Ok(kept.unwrap_or_else(|| (0..classes).map(|class| class.to_string()).collect()))
}

/// A network's name as it can be shown.
fn shown(name: &str) -> String {
    let mut shown = String::new();
    for character in name.chars().filter(|character| !character.is_control()) {
        if shown.len() + character.len_utf8() > LONGEST_NAME {
            break;
        }
        shown.push(character);
    }
    if shown.is_empty() { "network".to_owned() } else { shown }
}
