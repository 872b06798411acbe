//! JPEG decoding (ITU-T T.81) at 1/1, 1/2, 1/4 and 1/8 of a picture's size.
//!
//! Made for photos that are looked at small: a smaller picture is made in the inverse transform, of
//! no more coefficients than it needs, and takes memory for its own size only. At every size the
//! pixels are those of libjpeg-turbo's accurate integer decoding.
//!
//! Sequential and progressive Huffman coding with 8 bits are decoded, with any sampling, in any order
//! of scans, with or without restart markers, standard tables or end marker. A picture counts as
//! whole if all of its blocks are there, which is the only thing that a missing end says little
//! about. Hostile bytes end in an [`Error`], and no more memory is taken than [`Options`] allows.
//!
//! The crate does no IO. Header → scans ([`header`](Header), `scan`) → blocks (`walk`, `sequential`,
//! `progressive`) → samples (`idct`) → pixels (`upsample`, `colour`).

#![forbid(unsafe_code)]

mod bits;
mod coded;
mod coefficients;
mod colour;
mod decode;
mod error;
mod frame;
mod header;
mod huffman;
mod idct;
mod marker;
mod plane;
mod progress;
mod progressive;
mod scale;
mod scan;
mod sequential;
mod skip;
mod standard;
mod tables;
mod upsample;
mod walk;

pub use coded::coded;
pub use error::{Error, Kind};
pub use frame::Process;
pub use header::Header;
pub use scale::Scale;

/// How a picture is to be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The part of its size.
    pub scale: Scale,
    /// Bytes that may be taken beside the file, the pixels among them.
    pub max_bytes: u64,
}

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes of a pixel: 1 for grey, 3 for red, green and blue.
    pub channels: usize,
    /// `height · width · channels` bytes, rows top to bottom.
    pub bytes: Vec<u8>,
}
