//! Model files of any layers: refused, or run, on all engines alike.

use tagsight_core::Artifact;

use super::{Judgement, refused};
use crate::parity::assert_engines_agree;

/// More work than this is allowed, but takes too long here.
const MAX_MACS: u64 = 1 << 27;

/// Reads a model and runs its network; gives the model as it is written again.
///
/// # Panics
/// If engines differ.
pub fn network_run(file: &[u8]) -> Judgement {
    let artifact = match Artifact::read(file) {
        Ok(artifact) => artifact,
        Err(error) => return refused(&error),
    };
    if artifact.graph.macs() < MAX_MACS {
        let codes = artifact.metadata.preprocessing.side.pow(2) * 3;
        let image: Vec<i8> = (0..codes).map(|place| (place * 37 % 128) as i8).collect();
        assert_engines_agree(&artifact, &image);
    }
    Ok(artifact.write().expect("what was read is valid"))
}
