//! WebP, by image-webp itself, which takes flags for promises: they are set right first.

use std::borrow::Cow;
use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};
use tagsight_metadata::webp::chunks;

use super::error::PhotoError;
use super::exif;
use super::kind::Format;
use super::memory::{allocate, check_size};
use super::pixels::rgba_to_rgb8;
use super::rgb8::Rgb8;
use super::stored::StoredPhoto;

/// Where the flags of the extended format are: behind `RIFF`, a size, `WEBP`, `VP8X` and a size.
const FLAGS_AT: usize = 20;
// WebP container specification (RFC 9649), 2.7.1.
const HAS_ALPHA: u8 = 0x10;
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// Reads a WebP as it is stored.
pub(super) fn decode_stored(photo: &[u8]) -> Result<StoredPhoto, PhotoError> {
    let damaged = |error: DecodingError| match error {
        DecodingError::IoError(_) => {
            PhotoError::damaged(Format::WebP, "it ends before the picture does")
        }
        error => PhotoError::damaged(Format::WebP, error),
    };
    let is_lossy = has(photo, b"VP8 ");
    let mut decoder = WebPDecoder::new(Cursor::new(with_true_flags(photo))).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let has_alpha = decoder.has_alpha();
    let bytes_each = bytes_per_pixel(decoder.is_animated(), is_lossy, has_alpha);
    check_size(Format::WebP, width, height, bytes_each)?;
    let mut bytes = allocate(width, height, if has_alpha { 4 } else { 3 })?;
    decoder.read_image(&mut bytes).map_err(damaged)?;
    let bytes = if has_alpha { rgba_to_rgb8(bytes) } else { bytes };
    // Broken metadata does not make a photo unreadable: it is then taken as stored.
    let exif = find(photo, b"EXIF").map(exif::read).unwrap_or_default();
    let profile = find(photo, b"ICCP").map(<[u8]>::to_vec);
    let image = Rgb8 { width: width as usize, height: height as usize, bytes };
    Ok(StoredPhoto::whole(image, exif, profile))
}

/// What codes the picture, frame by frame.
pub(super) fn coded(photo: &[u8]) -> impl Iterator<Item = &[u8]> {
    let coded =
        chunks(photo).filter(|(kind, _)| matches!(kind, b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF"));
    coded.map(|(_, data)| data)
}

/// What image-webp takes at once, its output included.
fn bytes_per_pixel(is_animated: bool, is_lossy: bool, has_alpha: bool) -> u64 {
    match (is_animated, is_lossy, has_alpha) {
        // A frame, the canvas and the output, besides a lossy frame's planes and transparency.
        (true, ..) => 14,
        // Planes at half size take one and a half bytes.
        (_, true, false) => 5,
        // The transparency is a picture of its own.
        (_, true, true) => 11,
        // Decoded with four channels, whatever it has.
        (_, false, false) => 7,
        (_, false, true) => 4,
    }
}

/// The file, its flags without those for which there is no chunk.
fn with_true_flags(photo: &[u8]) -> Cow<'_, [u8]> {
    let Some(flags) = extended_flags(photo) else { return photo.into() };
    let mut right = flags;
    for (flag, chunk) in [(HAS_EXIF, b"EXIF"), (HAS_XMP, b"XMP ")] {
        if !has(photo, chunk) {
            right &= !flag;
        }
    }
    // A lossless picture's transparency is no chunk of its own, nor are those of frames.
    if has(photo, b"VP8 ") && !has_plane(photo) {
        right &= !HAS_ALPHA;
    }
    if right == flags {
        return photo.into();
    }
    let mut photo = photo.to_vec();
    photo[FLAGS_AT] = right;
    photo.into()
}

/// The flags of the extended format, if the file has that.
fn extended_flags(photo: &[u8]) -> Option<u8> {
    let is_extended = photo.get(12..16) == Some(b"VP8X");
    photo.get(FLAGS_AT).copied().filter(|_| is_extended)
}

/// Whether a lossy picture has a plane of its transparency. Behind the picture it is none of it.
fn has_plane(photo: &[u8]) -> bool {
    chunks(photo).take_while(|(kind, _)| kind != b"VP8 ").any(|(kind, _)| kind == *b"ALPH")
}

fn has(photo: &[u8], kind: &[u8; 4]) -> bool {
    find(photo, kind).is_some()
}

/// What the first chunk of this kind holds.
fn find<'a>(photo: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    chunks(photo).find(|(found, _)| found == kind).map(|(_, data)| data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(flags: u8, chunks: &[&[u8; 4]]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
        bytes.extend([flags, 0, 0, 0, 7, 0, 0, 7, 0, 0]);
        for kind in chunks {
            bytes.extend(*kind);
            bytes.extend(b"\x03\0\0\0abc\0");
        }
        bytes
    }

    #[test]
    fn flags_without_chunks_are_taken_back() {
        let all = HAS_ALPHA | HAS_EXIF | HAS_XMP | 0x22;
        let cases: [(&[&[u8; 4]], u8); 5] = [
            (&[b"VP8 "], 0x22),
            (&[b"ALPH", b"VP8 ", b"EXIF"], 0x22 | HAS_ALPHA | HAS_EXIF),
            (&[b"VP8 ", b"ALPH"], 0x22),
            (&[b"VP8L", b"XMP "], 0x22 | HAS_ALPHA | HAS_XMP),
            (&[b"what", b"ALPH", b"VP8 ", b"XMP ", b"EXIF"], all),
        ];
        for (chunks, expected) in cases {
            let bytes = file(all, chunks);
            let right = with_true_flags(&bytes);
            assert_eq!(right[FLAGS_AT], expected, "{chunks:?}");
            assert_eq!((right.len(), &right[21..]), (bytes.len(), &bytes[21..]), "{chunks:?}");
        }
    }

    #[test]
    fn chunks_are_found_as_far_as_the_file_reaches() {
        let bytes = file(0, &[b"VP8 ", b"EXIF"]);
        assert_eq!(find(&bytes, b"EXIF"), Some(b"abc".as_slice()));
        assert_eq!(find(&bytes[..bytes.len() - 2], b"EXIF"), Some(b"ab".as_slice()));
        assert_eq!(find(&bytes, b"XMP "), None);
        assert_eq!(find(b"RIFF", b"XMP "), None);
    }
}
