//! The dense convolution for graphics devices: its text, its tiles, and its weights as it reads them.

mod channels;
mod pack;
mod source;
mod tile;

pub use channels::Channels;
pub use pack::pack_conv;
pub(in crate::kernels) use source::source;
pub use tile::Tile;
