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

/// Pixels that a PNG's header promises; the other formats are limited by their bytes.
fn promised_pixels(bytes: &[u8]) -> usize {
    let word = |at: usize| match bytes.get(at..at + 4) {
        Some(word) => u32::from_be_bytes(word.try_into().expect("four bytes")) as usize,
        None => 0,
    };
    if bytes.starts_with(b"\x89PNG") { word(16).saturating_mul(word(20)) } else { 0 }
}
