//! Photo bytes → upright RGB → squashed square → 7-bit codes.
//!
//! The trainer and the page both come through here, so there is one preprocessing.
//! Hostile bytes end in a [`PhotoError`] that tells a person what to do; nothing panics and no
//! more memory is taken than [`MAX_BYTES`] allows.

mod colour;
mod decode;
mod exif;
mod jpeg;
mod kind;
mod limits;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod orientation;
mod pixels;
mod png;
mod squash;
mod webp;

pub use decode::decode;
pub use kind::{Format, Kind, sniff};
pub use limits::{MAX_BYTES, MAX_SIDE};
pub use orientation::Orientation;
pub use squash::Squasher;

use crate::quant;
use decode::{Size, StoredPhoto, decode_stored};
use squash::Extent;

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
    /// Magic bytes of none of the known formats.
    #[error("This is not a JPEG, PNG or WebP photo. Convert it to one of these and try again.")]
    NotAPhoto,
    /// A known kind that is not decoded here; a browser may have a decoder for it.
    #[error("{} cannot be read here. {}", .0.name(), .0.way_out())]
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
    #[error("The {format} file is damaged or incomplete. Copy or export it again. ({detail})")]
    Damaged {
        /// The format that the magic bytes name.
        format: &'static str,
        /// The decoder's words.
        detail: String,
    },
}

/// Pictures of no more pixels are converted to sRGB before they are squashed, which is closer to the
/// same photo in sRGB (a third of a level instead of half of one, and not brighter) and takes a few
/// milliseconds.
const CONVERTED_WHOLE: usize = 1 << 20;

/// A photo as a network sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squashed {
    /// `side · side · 3` bytes, HWC, upright and in sRGB.
    pub rgb: Vec<u8>,
    /// How the stored picture was turned for that.
    pub orientation: Orientation,
}

/// A decoded photo, no larger than a network's input needs it: neither turned nor converted yet.
pub struct Reduced {
    stored: StoredPhoto,
    extent: Extent,
}

/// Decodes a photo for an input of `side`² pixels.
pub fn decode_reduced(photo: &[u8], side: usize) -> Result<Reduced, PhotoError> {
    let (stored, extent) = decode_stored(photo, Size::AtLeast(side))?;
    Ok(Reduced { stored, extent })
}

impl Reduced {
    /// The photo as `side`² pixels.
    pub fn squash(self, side: usize, squasher: &mut Squasher) -> Squashed {
        let Self { mut stored, extent } = self;
        let orientation = stored.orientation;
        if stored.image.width * stored.image.height <= CONVERTED_WHOLE {
            stored.convert();
        }
        let bytes = squasher.squash_extent(&stored.image, extent, side);
        // Of a large picture the small square is converted, and any is turned: it costs next to
        // nothing.
        stored.image = Rgb8 { width: side, height: side, bytes };
        Squashed { rgb: stored.finish().bytes, orientation }
    }
}

/// Reads a photo and squashes it to `side`² pixels.
pub fn load(photo: &[u8], side: usize, squasher: &mut Squasher) -> Result<Squashed, PhotoError> {
    Ok(decode_reduced(photo, side)?.squash(side, squasher))
}

/// [`load`]'s pixels alone.
pub fn load_squashed(
    photo: &[u8],
    side: usize,
    squasher: &mut Squasher,
) -> Result<Vec<u8>, PhotoError> {
    load(photo, side, squasher).map(|squashed| squashed.rgb)
}

/// RGB bytes to the codes that the networks take.
pub fn codes(rgb: &[u8]) -> Vec<i8> {
    rgb.iter().map(|&byte| quant::pixel_code(byte)).collect()
}
