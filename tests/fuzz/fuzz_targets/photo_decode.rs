//! `photo_decode` on whatever libFuzzer makes up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_tests::foreign::photo_decode;

fuzz_target!(|bytes: &[u8]| {
    let _ = photo_decode(bytes);
});
