//! Photo bytes → the picture as it is stored, and what is to be done with it.

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
    /// How it is to be turned.
    pub(super) orientation: Orientation,
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
    /// Converts the colours to sRGB, if they are others.
    pub(super) fn convert(&mut self) {
        if let Some(profile) = self.profile.take() {
            colour::to_srgb(&mut self.image.bytes, &profile);
        }
    }

    /// The picture as it is seen.
    pub(super) fn finish(mut self) -> Rgb8 {
        self.convert();
        upright(self.image, self.orientation)
    }
}

/// Reads a photo upright, in sRGB.
pub fn decode(photo: &[u8]) -> Result<Rgb8, PhotoError> {
    decode_stored(photo, Size::Full).map(|(stored, _)| stored.finish())
}

/// Reads a photo as it is stored. The extent is the picture's in the pixels that were decoded.
pub(super) fn decode_stored(photo: &[u8], size: Size) -> Result<(StoredPhoto, Extent), PhotoError> {
    let stored = match sniff(photo)? {
        Format::Jpeg => return jpeg::decode_stored(photo, size),
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
    }?;
    let extent = Extent::whole(&stored.image);
    Ok((stored, extent))
}
