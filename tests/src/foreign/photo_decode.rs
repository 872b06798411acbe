//! Photos: decoded, squashed and shrunk, or refused with a message; and what they are known by.

use tagsight_core::photo::{Squasher, coded_parts, decode_reduced};

use super::{Judgement, refused};

const SIDE: usize = 32;
const LONGEST: usize = 48;
/// A header of a few bytes may rightly promise many pixels; those only cost time.
const MAX_PIXELS: usize = 1 << 22;

/// Decodes a photo, and gives its square and its thumbnail.
///
/// # Panics
/// If these are not of the size that was asked for.
pub fn photo_decode(bytes: &[u8]) -> Judgement {
    let coded: usize = coded_parts(bytes).iter().map(|part| part.len()).sum();
    assert!(coded <= bytes.len(), "{coded} of {} bytes code the picture", bytes.len());
    if promised_pixels(bytes) > MAX_PIXELS {
        return Err("more pixels than are tried here".into());
    }
    match decode_reduced(bytes, SIDE) {
        Ok(mut photo) => {
            let mut squasher = Squasher::default();
            let square = photo.squash(SIDE, &mut squasher).rgb;
            assert_eq!(square.len(), SIDE * SIDE * 3);
            let thumbnail = photo.shrink(LONGEST, &mut squasher);
            assert!(thumbnail.width.max(thumbnail.height) <= LONGEST);
            assert_eq!(thumbnail.bytes.len(), thumbnail.width * thumbnail.height * 3);
            Ok([square, thumbnail.bytes].concat())
        }
        Err(error) => refused(&error),
    }
}

/// Pixels that the header of a PNG, GIF or BMP promises; the other formats are limited by their bytes.
fn promised_pixels(bytes: &[u8]) -> usize {
    let word = |at: usize| match bytes.get(at..at + 4) {
        Some(word) => u32::from_be_bytes(word.try_into().expect("four bytes")),
        None => 0,
    };
    let (width, height) = match bytes {
        [0x89, b'P', b'N', b'G', ..] => (word(16), word(20)),
        [b'G', b'I', b'F', ..] => (word(6).swap_bytes() & 0xFFFF, word(6).swap_bytes() >> 16),
        [b'B', b'M', ..] => (word(18).swap_bytes(), word(22).swap_bytes()),
        _ => (0, 0),
    };
    (width as usize).saturating_mul(height as usize)
}
