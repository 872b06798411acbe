//! Why a photo could not be read.

use super::kind::{Format, Kind};
use super::limits::{MAX_BYTES, MAX_SIDE};

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

impl PhotoError {
    /// Of a decoder that gave up, in its words.
    pub(super) fn damaged(format: Format, detail: impl ToString) -> Self {
        Self::Damaged { format, detail: detail.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_names_the_kind_and_a_way_out() {
        for kind in [Kind::Heic, Kind::Raw("DNG"), Kind::Film, Kind::AppPng] {
            let message = PhotoError::Unsupported(kind).to_string();
            assert!(message.contains(&kind.to_string()) && message.contains("JPEG"), "{message}");
        }
    }
}
