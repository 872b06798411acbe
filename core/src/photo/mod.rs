//! Photo bytes → upright RGB → squashed square → 7-bit codes.
//!
//! The trainer and the page both come through here, so there is one preprocessing.
//! Hostile bytes end in a [`PhotoError`] that tells a person what to do; nothing panics and no
//! more memory is taken than [`MAX_BYTES`] allows.

mod colour;
mod decode;
mod exif;
mod identity;
mod jpeg;
mod kind;
mod limits;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod orientation;
mod pixels;
mod png;
mod reduced;
mod squash;
mod webp;

pub use decode::decode;
pub use identity::coded_parts;
pub use kind::{Format, JpegProcess, Kind, sniff};
pub use limits::{MAX_BYTES, MAX_SIDE};
pub use orientation::Orientation;
pub use reduced::{Reduced, Squashed, decode_reduced};
pub use squash::Squasher;
pub use tagsight_metadata::Taken;

use crate::quant;
use decode::StoredPhoto;

/// An RGB image, 8 bits a channel, rows top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgb8 {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `height · width · 3` bytes, HWC.
    pub bytes: Vec<u8>,
}

/// Why a photo could not be read. The messages are English ones for the command line; whoever speaks
/// other languages goes by the values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Nothing in it.
    #[error("The file is empty. Copy or download it again.")]
    Empty,
    /// Magic bytes of none of the known formats.
    #[error("This is not a JPEG, PNG or WebP photo. Convert it to one of these and try again.")]
    NotAPhoto,
    /// A known kind that is not decoded here; a browser may have a decoder for it.
    #[error("{} cannot be read here. {}", .0, .0.way_out())]
    Unsupported(Kind),
    /// More memory than there is.
    #[error(
        "The photo is too large ({width} × {height} pixels need {} MB of memory, and there are {}). \
         Scale it down and try again.", bytes / 1_000_000, MAX_BYTES / 1_000_000
    )]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// What decoding it takes.
        bytes: u64,
    },
    /// Sides that no camera has, and for each column of which resizing needs memory.
    #[error(
        "The picture is too long ({width} × {height} pixels; no side may have more than \
         {MAX_SIDE}). Crop it or scale it down and try again."
    )]
    TooLong {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The decoder gave up.
    #[error(
        "The {} file is damaged or incomplete. Copy or export it again. ({detail})", format.name()
    )]
    Damaged {
        /// The format that the magic bytes name.
        format: Format,
        /// The decoder's words.
        detail: String,
    },
}

/// Reads a photo and squashes it to `side`² pixels.
pub fn load_squashed(
    photo: &[u8],
    side: usize,
    squasher: &mut Squasher,
) -> Result<Vec<u8>, PhotoError> {
    Ok(decode_reduced(photo, side)?.squash(side, squasher).rgb)
}

/// RGB bytes to the codes that the networks take.
pub fn codes(rgb: &[u8]) -> Vec<i8> {
    rgb.iter().map(|&byte| quant::pixel_code(byte)).collect()
}
