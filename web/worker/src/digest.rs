//! SHA-256, by which files and photos are known.

use sha2::{Digest, Sha256};
use tagsight_core::photo;

/// The digest of what was put into `hasher`, in lower-case hexadecimal.
pub(crate) fn hex(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a photo is known by, whatever is written into its metadata.
pub(crate) fn identity(photo: &[u8]) -> String {
    let mut hasher = Sha256::new();
    for part in photo::coded_parts(photo) {
        hasher.update(part);
    }
    hex(hasher)
}
