//! Photos as a report shows them.

use std::path::Path;

use tagsight_core::photo::{Squasher, decode_reduced};
use tagsight_data::png_bytes;
use tagsight_report::{Media, Picture};

use crate::error::StudyError;

/// A small picture.
pub(crate) struct Thumbnail {
    pub(crate) picture: Picture,
    /// Its width over the photo's.
    pub(crate) scale: f32,
}

/// A picture of the photo of a file whose longer side has at most so many pixels, described in words.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn of_file(
    path: &Path,
    longest: usize,
    description: String,
) -> Result<Thumbnail, StudyError> {
    let bytes = std::fs::read(path).map_err(StudyError::io(path))?;
    let unreadable = |error| StudyError::io(path)(std::io::Error::other(error));
    let mut photo = decode_reduced(&bytes, longest).map_err(unreadable)?;
    let (full_width, _) = photo.full_size();
    let small = photo.shrink(longest, &mut Squasher::default());
    let size = [small.width, small.height].map(|side| side as u32);
    let picture = Picture::new(Media::Png, png_bytes(&small), size, description);
    Ok(Thumbnail { picture, scale: small.width as f32 / full_width as f32 })
}
