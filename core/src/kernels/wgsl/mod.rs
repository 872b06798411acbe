//! Kernels for graphics devices: WGSL, put together from the files here, and weights in the order
//! that it reads them.
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
//! channels padded to [`CHANNEL_ALIGN`]; the image has one word a pixel.
//! See the [specification](https://www.w3.org/TR/WGSL/) for the language.

mod pack;
mod source;
mod tile;

use crate::graph::Shape;

pub use pack::{Channels, pack_conv, pack_depthwise, pack_image, pack_rows};
pub use source::{Dot, Kernel, fingerprint};
pub use tile::Tile;

/// Channels are padded to a multiple of this: a vector of four words.
pub const CHANNEL_ALIGN: usize = 16;

/// Words of a pixel of `channels` channels.
pub fn words(channels: usize) -> usize {
    channels.next_multiple_of(CHANNEL_ALIGN) / 4
}

/// Words of a tensor that is not the image.
pub fn tensor_words(shape: Shape) -> usize {
    shape.height * shape.width * words(shape.channels)
}

/// Bytes of the same.
pub fn tensor_bytes(shape: Shape) -> usize {
    tensor_words(shape) * size_of::<u32>()
}
