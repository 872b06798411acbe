//! Photos: decoded and squashed, or refused with a message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_core::photo::{Squasher, load_squashed};

const SIDE: usize = 32;
/// A header of a few bytes may rightly promise many pixels; those only cost the fuzzer time.
const MAX_PIXELS: usize = 1 << 22;

fuzz_target!(|bytes: &[u8]| {
    if promised_pixels(bytes) > MAX_PIXELS {
        return;
    }
    match load_squashed(bytes, SIDE, &mut Squasher::default()) {
        Ok(square) => assert_eq!(square.len(), SIDE * SIDE * 3),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

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
