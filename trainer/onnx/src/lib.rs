//! ONNX files: written of float networks and artifacts, and read as either.
//!
//! What is written has one input, `pixels` `[batch, 3, side, side]`, RGB in `0..=1`, whatever the network
//! makes of them, and one output, `logits` `[batch, classes]`; the labels are among the file's properties. It
//! has standard operators of version 13 alone, and types and shapes of all values.
//!
//! What is read may be another program's: a classifier of convolutions, residuals, one kind of pool at its
//! beginning and a mean at its end.

mod error;
mod proto;
mod read;
mod write;

pub use error::OnnxError;
pub use read::{Asked, Form, Imported, read};
pub use write::{Batch, Style, write_float, write_integers};
