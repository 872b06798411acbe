//! The module: PNG and WebP decoded for the worker.
#![cfg(target_arch = "wasm32")]

use core::arch::wasm32;

use tagsight_core::PhotoError;
use tagsight_core::photo::{Format, Reduced, Squasher, sniff};
use tagsight_decoders::{Picture, wire};
use wasm_bindgen::prelude::wasm_bindgen;

/// What WebAssembly counts memory in.
const PAGE_BYTES: f64 = 65_536.0;

/// What comes of a PNG or a WebP, as [`wire`] has it: the input of `side`² pixels, and a thumbnail whose
/// sides are no longer than `longest`.
#[wasm_bindgen]
pub fn decode(photo: &[u8], side: usize, longest: usize) -> Vec<u8> {
    let outcome = reduced(photo)
        .map(|mut photo| Picture::of(&mut photo, side, longest, &mut Squasher::default()));
    wire::to_bytes(&outcome)
}

fn reduced(photo: &[u8]) -> Result<Reduced, PhotoError> {
    match sniff(photo)? {
        Format::WebP => Reduced::of_webp(photo),
        _ => Reduced::of_png(photo),
    }
}

/// What the module's memory has grown to; it never shrinks.
#[wasm_bindgen(js_name = wasmBytes)]
pub fn wasm_bytes() -> f64 {
    wasm32::memory_size(0) as f64 * PAGE_BYTES
}
