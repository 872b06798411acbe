//! `network_run` on networks that libFuzzer's bytes are, and on changes to their files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_tests::foreign::network_run;
use tagsight_tests::graphs;

fuzz_target!(|input: (Vec<u8>, Vec<(u16, u64)>)| {
    let (bytes, changes) = input;
    let _ = network_run(&graphs::changed(&bytes, &changes));
});
