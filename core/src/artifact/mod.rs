//! The artifact: one quantised network in one `model.safetensors`.
//!
//! Tensors, by the names of the network's layers:
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
//! `__metadata__` has one key, `tagsight`, with [`Metadata`] as JSON, and the
//! [`Graph`](crate::graph::Graph) as its field `graph`. Up to version 3 the field `architecture` alone said
//! which layers there are, and every task was [`Task::MultiLabel`](crate::Task::MultiLabel), whose fields
//! were the metadata's own; up to version 2 there was one list of thresholds; version 1 had no `.weight4`.

mod bits;
mod container;
mod error;
mod graph;
mod json;
mod metadata;
mod network;
mod read;
mod synthetic;
mod validate;
mod version;
mod write;

pub use bits::WeightBits;
pub use error::ArtifactError;
pub use metadata::{MAX_SIDE, Metadata};
pub use network::{Artifact, QuantConv, QuantLinear};
pub use version::FORMAT_VERSION;

/// The file's name inside an artifact's folder.
pub const FILE_NAME: &str = "model.safetensors";
