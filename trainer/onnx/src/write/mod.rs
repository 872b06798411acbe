//! Networks → ONNX.

mod file;
mod float;
mod integers;
#[cfg(test)]
mod listing;
mod qdq;
mod qoperator;

use prost::Message;
use tagsight_core::Artifact;
use tagsight_network::Spec;
use tagsight_network::weights::Weights;

pub use file::Batch;
pub(crate) use file::LABELS;

/// How integers are said in ONNX.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Floats between pairs of QuantizeLinear and DequantizeLinear, of the operators that every runtime
    /// has; all zero points are 0.
    Qdq,
    /// The same as TensorRT's parser takes it: activations are dequantised with one scale a tensor, so that a
    /// residual's share is the exact ratio instead of the integer nearest to it, and biases are floats.
    TensorRt,
    /// Operators of integers, QLinearConv and ConvInteger.
    QOperator,
}

/// The ONNX file of a float network; batch norms are folded.
///
/// # Panics
/// If a weight is absent.
pub fn write_float(spec: &Spec, weights: &Weights, batch: Batch) -> Vec<u8> {
    float::model(spec, weights, batch).encode_to_vec()
}

/// The ONNX file of an artifact. Codes and scales are the artifact's; weights of 4 bits are int8 here as well.
///
/// # Panics
/// If the artifact was changed after it was read, so that it no longer is valid.
pub fn write_integers(artifact: &Artifact, style: Style, batch: Batch) -> Vec<u8> {
    let model = match style {
        Style::Qdq => qdq::model(artifact, batch, qdq::Reader::Any),
        Style::TensorRt => qdq::model(artifact, batch, qdq::Reader::TensorRt),
        Style::QOperator => qoperator::model(artifact, batch),
    };
    model.encode_to_vec()
}
