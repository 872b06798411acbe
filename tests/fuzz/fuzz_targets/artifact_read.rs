//! `artifact_read` on whatever libFuzzer makes up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_tests::foreign::artifact_read;

fuzz_target!(|bytes: &[u8]| {
    let _ = artifact_read(bytes);
});
