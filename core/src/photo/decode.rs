//! Format by magic bytes, then decoding within bounds.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ImageDecoder, ImageError, ImageResult, RgbImage};

use super::{PhotoError, Rgb8, jpeg, pixels};

/// Photos with more pixels than this are refused: decoded, 100 megapixels take 300 MB.
pub const MAX_PIXELS: u64 = 100_000_000;
/// What a decoder may allocate beside the image itself.
const DECODER_BYTES: u64 = 1 << 30;

/// The formats that are decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG: baseline or progressive; grey, YCbCr, RGB, CMYK or YCCK.
    Jpeg,
    /// PNG, 1 to 16 bits; of an APNG, its default image.
    Png,
    /// WebP, lossy or lossless; of an animation, its first frame.
    WebP,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
        }
    }

    /// The error of a decoder that gave up, in its words.
    pub(super) fn damaged(self, detail: String) -> PhotoError {
        PhotoError::Damaged { format: self.name(), detail }
    }
}

/// The format by its first bytes; a file's name and MIME type are not asked, as they often lie.
pub fn sniff(photo: &[u8]) -> Result<Format, PhotoError> {
    match photo {
        [] => Err(PhotoError::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
        _ => Err(known_elsewhere(photo).map_or(PhotoError::NotAPhoto, PhotoError::Unsupported)),
    }
}

/// Names of formats that people do drop here and that are not decoded.
fn known_elsewhere(photo: &[u8]) -> Option<&'static str> {
    match photo {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1" => Some("HEIC"),
            b"avif" | b"avis" => Some("AVIF"),
            _ => None,
        },
        [b'G', b'I', b'F', b'8', ..] => Some("GIF"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some("TIFF and raw camera"),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some("BMP"),
        [0xFF, 0x0A, ..] | [0, 0, 0, 0x0C, b'J', b'X', b'L', ..] => Some("JPEG XL"),
        _ => None,
    }
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

/// Reads a photo upright.
pub fn decode(photo: &[u8]) -> Result<Rgb8, PhotoError> {
    let (image, orientation) = decode_stored(photo, Size::Full)?;
    Ok(upright(image, orientation))
}

/// Turns an image as its EXIF orientation says.
pub(super) fn upright(image: Rgb8, orientation: Orientation) -> Rgb8 {
    use image::imageops::{
        flip_horizontal, flip_horizontal_in_place, flip_vertical, rotate90, rotate180, rotate270,
    };

    if orientation == Orientation::NoTransforms {
        return image;
    }
    let (width, height) = (image.width as u32, image.height as u32);
    let stored = RgbImage::from_raw(width, height, image.bytes)
        .expect("an Rgb8 holds width · height · 3 bytes");
    // `DynamicImage` would do this too, but brings code for every kind of pixel into the page.
    let mut turned = match orientation {
        Orientation::NoTransforms => stored,
        Orientation::FlipHorizontal => flip_horizontal(&stored),
        Orientation::FlipVertical => flip_vertical(&stored),
        Orientation::Rotate180 => rotate180(&stored),
        Orientation::Rotate90 | Orientation::Rotate90FlipH => rotate90(&stored),
        Orientation::Rotate270 | Orientation::Rotate270FlipH => rotate270(&stored),
    };
    if matches!(orientation, Orientation::Rotate90FlipH | Orientation::Rotate270FlipH) {
        flip_horizontal_in_place(&mut turned);
    }
    rgb8_of(turned)
}

fn rgb8_of(image: RgbImage) -> Rgb8 {
    let (width, height) = (image.width() as usize, image.height() as usize);
    Rgb8 { width, height, bytes: image.into_raw() }
}

/// Reads a photo as it is stored, and how it is to be turned.
pub(super) fn decode_stored(photo: &[u8], size: Size) -> Result<(Rgb8, Orientation), PhotoError> {
    let reader = Cursor::new(photo);
    match sniff(photo)? {
        Format::Jpeg => jpeg::decode_stored(photo, size),
        Format::Png => decode_with(PngDecoder::new(reader), Format::Png),
        Format::WebP => decode_with(WebPDecoder::new(reader), Format::WebP),
    }
}

fn decode_with(
    decoder: ImageResult<impl ImageDecoder>,
    format: Format,
) -> Result<(Rgb8, Orientation), PhotoError> {
    let damaged = |error: ImageError| format.damaged(error.to_string());
    let mut decoder = decoder.map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(format, width, height)?;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(DECODER_BYTES);
    decoder.set_limits(limits).map_err(damaged)?;
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let color = decoder.color_type();
    let mut bytes = vec![0; decoder.total_bytes() as usize];
    decoder.read_image(&mut bytes).map_err(damaged)?;
    let unknown = || format.damaged(format!("pixels of kind {color:?}"));
    let bytes = pixels::to_rgb8(bytes, color).ok_or_else(unknown)?;
    Ok((Rgb8 { width: width as usize, height: height as usize, bytes }, orientation))
}

/// Refuses what has no pixels or too many.
fn check_size(format: Format, width: u32, height: u32) -> Result<(), PhotoError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(format.damaged("no pixels".into())),
        1..=MAX_PIXELS => Ok(()),
        _ => Err(PhotoError::TooLarge { width, height }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 2×3 image whose red values number the pixels, turned by each EXIF orientation as the
    /// specification's table says ("the 0th row is the visual …", EXIF 2.32, 4.6.4.A).
    #[test]
    fn all_eight_orientations() {
        let stored = (0..6).flat_map(|value| [value, 0, 0]).collect();
        let stored = Rgb8 { width: 2, height: 3, bytes: stored };
        let cases: [(u8, usize, [u8; 6]); 8] = [
            (1, 2, [0, 1, 2, 3, 4, 5]),
            (2, 2, [1, 0, 3, 2, 5, 4]),
            (3, 2, [5, 4, 3, 2, 1, 0]),
            (4, 2, [4, 5, 2, 3, 0, 1]),
            (5, 3, [0, 2, 4, 1, 3, 5]),
            (6, 3, [4, 2, 0, 5, 3, 1]),
            (7, 3, [5, 3, 1, 4, 2, 0]),
            (8, 3, [1, 3, 5, 0, 2, 4]),
        ];
        for (number, width, expected) in cases {
            let turned = upright(stored.clone(), Orientation::from_exif(number).unwrap());
            let red: Vec<u8> = turned.bytes.chunks(3).map(|pixel| pixel[0]).collect();
            assert_eq!((turned.width, red.as_slice()), (width, &expected[..]), "EXIF {number}");
        }
    }

    #[test]
    fn formats_are_told_by_their_bytes() {
        assert_eq!(sniff(b""), Err(PhotoError::Empty));
        assert_eq!(sniff(b"hello"), Err(PhotoError::NotAPhoto));
        assert_eq!(sniff(b"GIF89a......"), Err(PhotoError::Unsupported("GIF")));
        assert_eq!(sniff(b"\0\0\0\x18ftypheic...."), Err(PhotoError::Unsupported("HEIC")));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Ok(Format::WebP));
    }
}
