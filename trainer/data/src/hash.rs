//! Hashes that stay the same from version to version, which the standard library does not promise.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The 64-bit FNV-1a hash of `bytes`.
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// A number in `0..1` from seed and id.
pub(crate) fn unit_hash(seed: u64, id: u64) -> f64 {
    // FNV's high bits mix poorly over short keys; a final multiply-xor (MurmurHash3's) fixes it.
    let mut hash = fnv1a(seed.to_le_bytes().into_iter().chain(id.to_le_bytes()));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// The first bytes of the SHA-256 of `bytes`: what tells files of different content apart.
pub(crate) fn content(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    u64::from_be_bytes(*digest.first_chunk().expect("a digest has 32 bytes"))
}

/// The same of a file, or of all in a folder (the frames of a video).
pub(crate) fn content_of(path: &Path) -> io::Result<u64> {
    if !path.is_dir() {
        return Ok(content(&std::fs::read(path)?));
    }
    let files: io::Result<Vec<PathBuf>> =
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect();
    let mut files: Vec<PathBuf> = files?.into_iter().filter(|path| path.is_file()).collect();
    files.sort();
    let each: io::Result<Vec<[u8; 8]>> =
        files.iter().map(|file| Ok(content(&std::fs::read(file)?).to_be_bytes())).collect();
    Ok(content(each?.as_flattened()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        assert_eq!(fnv1a(*b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(*b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
