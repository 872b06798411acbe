//! Model files: read or refused; what is read survives being written and read again.

use tagsight_core::Artifact;

use super::{Judgement, refused};

/// Reads a model, and gives it as it is written again.
///
/// # Panics
/// If what was read is another one once it was written.
pub fn artifact_read(bytes: &[u8]) -> Judgement {
    match Artifact::read(bytes) {
        Ok(artifact) => {
            let written = artifact.write().expect("what was read is valid");
            assert_eq!(Artifact::read(&written).expect("what was written is valid"), artifact);
            Ok(written)
        }
        Err(error) => refused(&error),
    }
}
