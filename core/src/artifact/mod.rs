//! The artifact: one quantised network in one `model.safetensors`.
//!
//! Tensors, by torchvision's layer names:
//!
//! | tensor | type, shape | what |
//! |---|---|---|
//! | `<conv>.weight` | I8 `[out, kh, kw, in]` | codes, −127..=127; depthwise `[channels, kh, kw, 1]` |
//! | `<conv>.weight4` | U8 `[out, ⌈kh · kw · in / 2⌉]` | instead of `.weight`: codes −7..=7, two a byte |
//! | `<conv>.weight_scale` | F32 `[out]` | value of one weight code |
//! | `<conv>.bias` | I32 `[out]` | in units of the sum |
//! | `<conv>.output_scale` | F32 `[1]` | value of one output code |
//! | `<head>.weight` or `.weight4`, `.weight_scale`, `.bias` | I8 `[classes, in]`, F32, I32 | the classifier |
//!
//! A byte of `.weight4` has the earlier code in its low half, as a two's complement; a row of an odd
//! number of codes ends in a half of zero.
//!
//! `__metadata__` has one key, `tagsight`, with [`Metadata`] as JSON. Version 1 had no `.weight4`;
//! up to version 2 there was one list of thresholds, and up to version 3 every task was
//! [`Task::MultiLabel`](crate::Task::MultiLabel), whose fields were the metadata's own.

mod bits;
mod container;
mod json;
mod metadata;
mod read;
mod synthetic;
mod write;

use std::collections::BTreeMap;

pub use bits::WeightBits;
pub use metadata::{FORMAT_VERSION, MAX_SIDE, Metadata, Preprocessing};

use crate::graph::{Graph, Node};
use crate::quant;

/// The file's name inside an artifact's folder.
pub const FILE_NAME: &str = "model.safetensors";

/// One convolution's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantConv {
    /// Codes `[out, kh, kw, in]`.
    pub weight: Vec<i8>,
    /// What the codes take in the file.
    pub bits: WeightBits,
    /// Value of one weight code, per output channel.
    pub weight_scale: Vec<f32>,
    /// In units of the sum, per output channel.
    pub bias: Vec<i32>,
    /// Value of one output code.
    pub output_scale: f32,
}

/// The classifier's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantLinear {
    /// Codes `[classes, in]`.
    pub weight: Vec<i8>,
    /// What the codes take in the file.
    pub bits: WeightBits,
    /// Value of one weight code, per class.
    pub weight_scale: Vec<f32>,
    /// In units of the sum over all pooled pixels, per class.
    pub bias: Vec<i32>,
}

/// A quantised network with everything needed to tag a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// Labels, preprocessing, the task and so on.
    pub metadata: Metadata,
    /// Convolutions by name.
    pub convs: BTreeMap<String, QuantConv>,
    /// The classifier.
    pub head: QuantLinear,
}

impl Artifact {
    /// The layers that the parameters belong to.
    pub fn graph(&self) -> Graph {
        let side = self.metadata.preprocessing.side;
        self.metadata.architecture().graph(side, self.metadata.labels.len())
    }

    /// Value of one code of each of the graph's tensors.
    ///
    /// # Panics
    /// If a convolution of `graph` is absent from the artifact.
    pub fn scales(&self, graph: &Graph) -> Vec<f32> {
        let mut scales = vec![quant::PIXEL_SCALE; graph.tensors.len()];
        for node in &graph.nodes {
            match node {
                Node::Conv(conv) => scales[conv.output] = self.convs[&conv.name].output_scale,
                Node::MaxPool { input, output, .. } => scales[*output] = scales[*input],
                Node::Head { .. } => {}
            }
        }
        scales
    }

    /// Value of one unit of each class's sum over the pooled pixels, given those of tensors' codes.
    pub(crate) fn logit_scales(&self, graph: &Graph, scales: &[f32]) -> Vec<f32> {
        let (_, pooled) = graph.classifier();
        let features = graph.tensors[pooled];
        let pooled_scale = scales[pooled] / (features.height * features.width) as f32;
        self.head.weight_scale.iter().map(|scale| scale * pooled_scale).collect()
    }
}

/// Why an artifact was refused.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// Cut short, or not this format at all.
    #[error("the model file is damaged or not a model ({0}); download or export it again")]
    Container(String),
    /// A later or unknown version.
    #[error(
        "the model has format version {found}, this program reads up to {FORMAT_VERSION}; \
         update the program or export the model again"
    )]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// Metadata that contradicts itself.
    #[error("the model's metadata is not usable: {0}")]
    Metadata(String),
    /// A tensor is absent, or has a wrong type or shape.
    #[error("the model's tensor {name} is not usable: {reason}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl ArtifactError {
    fn tensor(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Tensor { name: name.into(), reason: reason.into() }
    }
}
