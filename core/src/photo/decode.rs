//! Photo bytes → the picture, by the decoder for what they are.

use super::error::PhotoError;
use super::kind::Format;
#[cfg(not(target_arch = "wasm32"))]
use super::native;
use super::rgb8::Rgb8;
use super::sniff::sniff;
use super::stored::{Size, StoredPhoto, seen};
use super::{jpeg, png, webp};

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
