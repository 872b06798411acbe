//! Versions of the format.

use super::error::ArtifactError;

/// The version that is written; all since the first are read.
pub const FORMAT_VERSION: u32 = 4;
/// The first version whose weights may take 4 bits.
pub(super) const FOUR_BIT_VERSION: u32 = 2;
/// The first version that holds its network's layers; those before name an architecture.
pub(super) const GRAPH_VERSION: u32 = 4;

/// Refuses versions that are not known.
pub(super) fn check_version(found: u32) -> Result<(), ArtifactError> {
    if (1..=FORMAT_VERSION).contains(&found) {
        Ok(())
    } else {
        Err(ArtifactError::Version { found })
    }
}
