//! `jpeg_decode` on whatever libFuzzer makes up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_tests::foreign::jpeg_decode;

fuzz_target!(|bytes: &[u8]| {
    let _ = jpeg_decode(bytes);
});
