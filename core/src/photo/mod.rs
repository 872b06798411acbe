//! Photo bytes → upright RGB → squashed square → 7-bit quantise.
//!
//! The trainer and the page both come through here, so there is one preprocessing.
//! Hostile bytes end in a [`PhotoError`] that tells a person what to do; nothing panics and no
//! more memory is taken than [`MAX_BYTES`] allows.

mod colour;
mod decode;
mod dhash;
mod error;
mod exif;
mod identity;
mod input;
mod jpeg;
mod kind;
mod limits;
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod orientation;
mod pixels;
mod png;
mod reduced;
mod rgb8;
mod sniff;
mod squash;
mod stored;
mod webp;

pub use decode::decode;
pub use dhash::DHash;
pub use error::PhotoError;
pub use identity::coded_parts;
pub use input::{load_squashed, quantise};
pub use kind::{Format, JpegProcess, Kind};
pub use limits::{MAX_BYTES, MAX_SIDE};
pub use orientation::Orientation;
pub use reduced::{Reduced, Squashed, decode_reduced};
pub use rgb8::Rgb8;
pub use sniff::sniff;
pub use squash::Squasher;
pub use tagsight_metadata::Taken;
