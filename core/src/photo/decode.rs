//! Photo bytes → the picture as it is stored, and what is to be done with it.

use super::exif::Exif;
use super::kind::{Format, sniff};
#[cfg(not(target_arch = "wasm32"))]
use super::native;
use super::orientation::{Orientation, upright};
use super::squash::Extent;
use super::{PhotoError, Rgb8, colour, jpeg, png, webp};

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

/// Reads a photo upright, in sRGB.
pub fn decode(photo: &[u8]) -> Result<Rgb8, PhotoError> {
    let StoredPhoto { image, exif, profile, .. } = decode_stored(photo, Size::Full)?;
    Ok(seen(image, exif.orientation, profile.as_deref()))
}

/// Reads a photo as it is stored.
pub(super) fn decode_stored(photo: &[u8], size: Size) -> Result<StoredPhoto, PhotoError> {
    match sniff(photo)? {
        Format::Jpeg => jpeg::decode_stored(photo, size),
        Format::Png => png::decode_stored(photo),
        Format::WebP => webp::decode_stored(photo),
        #[cfg(not(target_arch = "wasm32"))]
        Format::Gif => native::decode_gif(photo),
        #[cfg(not(target_arch = "wasm32"))]
        Format::Bmp => native::decode_bmp(photo),
        #[cfg(not(target_arch = "wasm32"))]
        Format::Tiff => native::decode_tiff(photo),
        #[cfg(target_arch = "wasm32")]
        Format::Gif | Format::Bmp | Format::Tiff => unreachable!("a browser's, as sniff says"),
    }
}
