//! `keywords_write` on whatever libFuzzer makes up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_tests::foreign::keywords_write;

fuzz_target!(|bytes: &[u8]| {
    let _ = keywords_write(bytes);
});
