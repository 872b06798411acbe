//! Kinds that the page leaves to the browser, by the image crate.

use std::io::Cursor;

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, tiff::TiffDecoder};
use image::{DynamicImage, ImageDecoder, ImageError, ImageResult, Limits};

use super::error::PhotoError;
use super::exif::Exif;
use super::kind::Format;
use super::limits::MAX_BYTES;
use super::memory::check_size;
use super::orientation::Orientation;
use super::pixels::rgba_to_rgb8;
use super::rgb8::Rgb8;
use super::stored::StoredPhoto;

/// What becomes RGBA in the end, besides what the decoder gives.
const RGBA_BYTES: u64 = 4;

/// Reads a GIF's first frame as it is stored.
pub(super) fn decode_gif(photo: &[u8]) -> Result<StoredPhoto, PhotoError> {
    decode(GifDecoder::new(Cursor::new(photo)), Format::Gif)
}

/// Reads a BMP as it is stored.
pub(super) fn decode_bmp(photo: &[u8]) -> Result<StoredPhoto, PhotoError> {
    decode(BmpDecoder::new(Cursor::new(photo)), Format::Bmp)
}

/// Reads a TIFF's first page as it is stored.
pub(super) fn decode_tiff(photo: &[u8]) -> Result<StoredPhoto, PhotoError> {
    decode(TiffDecoder::new(Cursor::new(photo)), Format::Tiff)
}

fn decode(
    decoder: ImageResult<impl ImageDecoder>,
    format: Format,
) -> Result<StoredPhoto, PhotoError> {
    let damaged = |error: ImageError| PhotoError::damaged(format, error);
    let mut decoder = decoder.map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let bytes_each = u64::from(decoder.color_type().bytes_per_pixel());
    check_size(format, width, height, bytes_each + RGBA_BYTES)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_BYTES);
    decoder.set_limits(limits).map_err(damaged)?;
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let orientation = decoder.orientation().map_or(1, image::metadata::Orientation::to_exif);
    let orientation = Orientation::from_exif(orientation.into()).unwrap_or_default();
    let profile = decoder.icc_profile().ok().flatten();
    let rgba = DynamicImage::from_decoder(decoder).map_err(damaged)?.into_rgba8().into_raw();
    let (width, height) = (width as usize, height as usize);
    let image = Rgb8 { width, height, bytes: rgba_to_rgb8(rgba) };
    Ok(StoredPhoto::whole(image, Exif { orientation, taken: None }, profile))
}
