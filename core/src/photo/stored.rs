//! The picture as it is stored, and what is to be done with it.

use super::colour;
use super::exif::Exif;
use super::orientation::{Orientation, upright};
use super::rgb8::Rgb8;
use super::squash::Extent;

/// A picture as a file holds it.
pub(super) struct StoredPhoto {
    /// Its pixels: not turned yet, in the file's own colours.
    pub(super) image: Rgb8,
    /// How much of them is picture.
    pub(super) extent: Extent,
    /// Columns and rows of the picture if it is decoded in full.
    pub(super) full_size: (usize, usize),
    /// How it is to be turned, and when it was taken.
    pub(super) exif: Exif,
    /// The ICC profile of its colours, as it was found; sRGB without one.
    pub(super) profile: Option<Vec<u8>>,
}

/// How large a photo is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// As large as it is.
    Full,
    /// With sides of so many pixels or more, if it has them; a smaller picture has the means of the
    /// full one's pixels.
    AtLeast(usize),
}

impl StoredPhoto {
    /// A picture that was decoded in full.
    pub(super) fn whole(image: Rgb8, exif: Exif, profile: Option<Vec<u8>>) -> Self {
        let full_size = (image.width, image.height);
        Self { extent: Extent::whole(&image), image, full_size, exif, profile }
    }

    /// Converts the colours to sRGB, if they are others.
    pub(super) fn convert(&mut self) {
        if let Some(profile) = self.profile.take() {
            colour::to_srgb(&mut self.image.bytes, &profile);
        }
    }
}

/// The picture as it is seen, of one that is stored with this orientation and this profile.
pub(super) fn seen(mut image: Rgb8, orientation: Orientation, profile: Option<&[u8]>) -> Rgb8 {
    if let Some(profile) = profile {
        colour::to_srgb(&mut image.bytes, profile);
    }
    upright(image, orientation)
}
