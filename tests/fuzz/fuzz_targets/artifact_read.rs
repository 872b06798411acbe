//! Model files: read or refused; what is read survives being written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_core::Artifact;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(artifact) = Artifact::read(bytes) {
        let written = artifact.write().expect("what was read is valid");
        assert_eq!(Artifact::read(&written).expect("what was written is valid"), artifact);
    }
});
