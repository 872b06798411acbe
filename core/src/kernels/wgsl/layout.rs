//! How channels lie in words.

use crate::graph::Shape;

/// Channels of a vector of four words. A pixel is padded to whole vectors, where processors' kernels have
/// [`crate::CHANNEL_ALIGN`].
pub const VECTOR_CHANNELS: usize = 16;

/// Words of a pixel of `channels` channels.
pub fn words(channels: usize) -> usize {
    channels.next_multiple_of(VECTOR_CHANNELS) / 4
}

/// Words of a tensor that is not the image.
pub fn tensor_words(shape: Shape) -> usize {
    shape.height * shape.width * words(shape.channels)
}

/// Bytes of the same.
pub fn tensor_bytes(shape: Shape) -> usize {
    tensor_words(shape) * size_of::<u32>()
}
