//! Artifact → ONNX with QuantizeLinear/DequantizeLinear pairs: for other runtimes, and as a second
//! opinion on the integer engine.
//!
//! Input `pixels` is `[1, 3, side, side]`, RGB in `0..=1`; output `logits` is `[1, classes]`.
//! Codes and scales are the artifact's; weights of 4 bits are int8 here as well. Activations are
//! int8, whose upper end, 127, is that of the 7-bit codes, with zero point 0, or 64 where they are
//! asymmetric. Four things are said in ONNX's terms:
//! * the stem is padded with the mean pixel's code, so that is subtracted first: what pads is 0;
//! * a residual is worth `R` units of the sum, so its codes are dequantised by that, per channel;
//! * an asymmetric tensor is clipped from below, since int8 goes on past 0;
//! * logits are not quantised.

mod build;
#[cfg(test)]
mod listing;
mod proto;

use prost::Message;
use tagsight_core::Artifact;

/// The ONNX file of an artifact.
///
/// # Panics
/// If the artifact was changed after it was read, so that it no longer is valid.
pub fn write(artifact: &Artifact) -> Vec<u8> {
    build::model(artifact).encode_to_vec()
}
