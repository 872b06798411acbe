//! Kernels for graphics devices: what those of all operations share. Each operation's own WGSL, and its
//! weights in the order that it reads them, lie in a folder `wgsl` beside its other kernels.
//!
//! Every kernel is one entry point, `main`, over the bindings
//!
//! | binding | what |
//! |---|---|
//! | 0 | how many photos there are |
//! | 1 | the layer's shapes |
//! | 2 | weights |
//! | 3 | what is done to sums, per output channel |
//! | 4 | input |
//! | 5 | residual |
//! | 6 | output |
//!
//! of which each has those that it needs. Activations are NHWC without a halo, four codes a word,
//! channels padded to [`VECTOR_CHANNELS`]; the image has one word a pixel.
//! See the [specification](https://www.w3.org/TR/WGSL/) for the language.

mod kernel;
mod layout;
mod rows;
mod text;

pub use super::conv::wgsl::{Channels, Tile, pack_conv};
pub use super::depthwise::wgsl::pack_depthwise;
pub use kernel::{Kernel, fingerprint};
pub use layout::{VECTOR_CHANNELS, tensor_bytes, tensor_words, words};
pub use rows::{pack_image, pack_rows};
pub(in crate::kernels) use text::COMMON;
pub use text::Dot;
