//! A network's input: squares of pixels, and the codes that they are.

use super::error::PhotoError;
use super::reduced::decode_reduced;
use super::squash::Squasher;
use crate::quant;

/// Reads a photo and squashes it to `side`² pixels.
pub fn load_squashed(
    photo: &[u8],
    side: usize,
    squasher: &mut Squasher,
) -> Result<Vec<u8>, PhotoError> {
    Ok(decode_reduced(photo, side)?.squash(side, squasher).rgb)
}

/// RGB bytes to the codes that the networks take.
pub fn quantise(rgb: &[u8]) -> Vec<i8> {
    rgb.iter().map(|&byte| quant::quantise_pixel(byte)).collect()
}
