//! Photo bytes → upright RGB → squashed square → 7-bit codes.
//!
//! The trainer and the page both come through here, so there is one preprocessing.
//! Hostile bytes end in a [`PhotoError`] that tells a person what to do; nothing panics and no
//! more memory is taken than [`MAX_PIXELS`] allows.

mod decode;
mod jpeg;
mod pixels;
mod squash;

pub use decode::{Format, MAX_PIXELS, decode, sniff};
pub use squash::Squasher;

use crate::quant;
use decode::Size;

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

/// Why a photo could not be read. The messages are shown to people as they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Nothing in it.
    #[error("The file is empty. Copy or download it again.")]
    Empty,
    /// Magic bytes of none of the readable formats.
    #[error("This is not a JPEG, PNG or WebP photo. Convert it to one of these and try again.")]
    NotAPhoto,
    /// A known format that is not decoded here.
    #[error("{0} photos cannot be read here. Save it as JPEG and try again.")]
    Unsupported(&'static str),
    /// A kind of JPEG that is not decoded here.
    #[error(
        "This kind of JPEG ({0}) cannot be read here. Save it again as an ordinary JPEG and try again."
    )]
    UnsupportedJpeg(tagsight_jpeg::Kind),
    /// More pixels than are taken into memory.
    #[error(
        "The photo is too large ({width} × {height} pixels). \
         Scale it down to at most {} megapixels and try again.", MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The decoder gave up.
    #[error("The {format} file is damaged or incomplete. Copy or export it again. ({detail})")]
    Damaged {
        /// The format that the magic bytes name.
        format: &'static str,
        /// The decoder's words.
        detail: String,
    },
}

/// Reads a photo and squashes it to `side`² pixels, upright: HWC bytes, `side · side · 3` long.
pub fn load_squashed(
    photo: &[u8],
    side: usize,
    squasher: &mut Squasher,
) -> Result<Vec<u8>, PhotoError> {
    let (image, orientation) = decode::decode_stored(photo, Size::AtLeast(side))?;
    // Turning the small square afterwards costs next to nothing, turning the photo would not.
    let square = squasher.squash(&image, side);
    Ok(decode::upright(Rgb8 { width: side, height: side, bytes: square }, orientation).bytes)
}

/// RGB bytes to the codes that the networks take.
pub fn codes(rgb: &[u8]) -> Vec<i8> {
    rgb.iter().map(|&byte| quant::pixel_code(byte)).collect()
}
