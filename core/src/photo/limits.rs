//! How large a photo may be.
//!
//! What limits it is memory, not pixels: a page has a gigabyte for the file, the picture and the
//! model together.

/// What a picture may take in memory while it is decoded, beside the file, bytes.
pub const MAX_BYTES: u64 = 700_000_000;

/// The longest side, pixels: that of a JPEG. Resizing needs memory for each column.
pub const MAX_SIDE: u32 = 65_535;
