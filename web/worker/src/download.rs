//! A download that is trusted only once its size and SHA-256 are what the manifest says.

use sha2::{Digest, Sha256};
use tagsight_protocol::{LoadError, ModelFile, Progress};

use crate::digest;

/// Bytes that are still coming in.
pub(crate) struct Download<'a> {
    expected: &'a ModelFile,
    hasher: Sha256,
    bytes: Vec<u8>,
}

impl<'a> Download<'a> {
    /// Takes the memory for the whole file at once, so that growing never doubles it.
    pub(crate) fn new(expected: &'a ModelFile) -> Result<Self, LoadError> {
        let mut bytes = Vec::new();
        let length = usize::try_from(expected.bytes).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(length).map_err(|_| LoadError::Memory(expected.bytes))?;
        Ok(Self { expected, hasher: Sha256::new(), bytes })
    }

    /// Adds what came.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<Progress, LoadError> {
        let received = (self.bytes.len() + chunk.len()) as u64;
        if received > self.expected.bytes {
            return Err(LoadError::Altered(self.expected.name.clone()));
        }
        self.hasher.update(chunk);
        self.bytes.extend_from_slice(chunk);
        Ok(Progress { received, total: self.expected.bytes })
    }

    /// The file, if it is the one that was announced.
    pub(crate) fn finish(self) -> Result<Vec<u8>, LoadError> {
        let digest = digest::hex(self.hasher);
        if self.bytes.len() as u64 != self.expected.bytes || digest != self.expected.sha256 {
            return Err(LoadError::Altered(self.expected.name.clone()));
        }
        Ok(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "abc"; the digest is FIPS 180-2's example.
    fn abc() -> ModelFile {
        ModelFile {
            name: "abc".into(),
            file: "abc/model.safetensors".into(),
            bytes: 3,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
        }
    }

    fn fetch(expected: &ModelFile, chunks: &[&[u8]]) -> Result<Vec<u8>, LoadError> {
        let mut download = Download::new(expected)?;
        chunks.iter().try_for_each(|chunk| download.push(chunk).map(drop))?;
        download.finish()
    }

    #[test]
    fn the_announced_file_is_accepted_in_any_chunks() {
        assert_eq!(fetch(&abc(), &[b"abc"]).unwrap(), b"abc");
        assert_eq!(fetch(&abc(), &[b"a", b"", b"bc"]).unwrap(), b"abc");
    }

    #[test]
    fn altered_cut_and_longer_files_are_refused() {
        for chunks in [[b"abd".as_slice(), b""], [b"ab", b""], [b"", b""], [b"abc", b"d"]] {
            let error = fetch(&abc(), &chunks).unwrap_err();
            assert!(matches!(error, LoadError::Altered(_)), "{chunks:?}: {error:?}");
        }
    }

    #[test]
    fn a_size_beyond_memory_is_an_error() {
        let expected = ModelFile { bytes: u64::MAX, ..abc() };
        assert!(matches!(fetch(&expected, &[]), Err(LoadError::Memory(_))));
    }
}
