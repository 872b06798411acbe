//! A picture's own colours → sRGB, by its ICC profile.
//!
//! The library that Firefox uses, qcms, is 37 KB of the download, and moxcms 107 KB; and their
//! results differ between processors by a level here and there, as their tables come from the
//! system's powers in 32 bits. This is a few, and what is rounded here is the same everywhere:
//! powers are computed in 64 bits and rounded to 32 or 8 before they are used.

mod convert;
mod curve;
mod profile;
mod space;
mod table;

pub(super) use convert::to_srgb;

#[cfg(test)]
mod tests;
