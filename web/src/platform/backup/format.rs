//! What a backup's bytes are.
//!
//! ```text
//! "tagsight backup\n"   16 bytes
//! version               4 bytes, little-endian
//! length of the index   8 bytes, little-endian
//! index                 JSON: the library, and the pictures' ids and lengths
//! pictures              one after the other, to the end of the file
//! ```

use std::ops::Range;

use tagsight_plain::{Plain, Reader, Writer};

use super::problem::BackupProblem;

const MAGIC: &[u8; 16] = b"tagsight backup\n";
const VERSION: u32 = 1;

/// What comes before the index.
pub(super) const HEADER_BYTES: usize = MAGIC.len() + 4 + 8;

/// A library of a million photos has less; what claims more would only be read to run out of memory.
const MAX_INDEX_BYTES: u64 = 1 << 30;

/// What is said in JSON.
pub(super) struct Index<T> {
    /// Everything but pictures.
    pub(super) library: T,
    /// Each picture's id and length in bytes, in order.
    pub(super) pictures: Vec<(String, u64)>,
}

impl<T: Plain> Plain for Index<T> {
    fn put(&self, to: &mut Writer) {
        to.record(2);
        to.key("library");
        self.library.put(to);
        to.key("pictures");
        self.pictures.put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let (mut library, mut pictures) = (None, None);
        from.keyed(&mut |key, value| {
            match key {
                "library" => library = Some(T::take(value)?),
                "pictures" => pictures = Some(Plain::take(value)?),
                _ => value.skip()?,
            }
            Some(())
        })?;
        Some(Self { library: library?, pictures: pictures? })
    }
}

/// The header before an index of `bytes`.
pub(super) fn header(bytes: u64) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..16].copy_from_slice(MAGIC);
    header[16..20].copy_from_slice(&VERSION.to_le_bytes());
    header[20..].copy_from_slice(&bytes.to_le_bytes());
    header
}

/// Where the index is in a file of `file_bytes` that begins like that.
pub(super) fn index_place(start: &[u8], file_bytes: u64) -> Result<Range<u64>, BackupProblem> {
    let Some((header, _)) = start.split_first_chunk::<HEADER_BYTES>() else {
        // A file that was cut this short cannot be told from one of another kind.
        return Err(BackupProblem::NotABackup);
    };
    let (magic, numbers) = header.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(BackupProblem::NotABackup);
    }
    let (version, bytes) = numbers.split_at(4);
    let version = u32::from_le_bytes(version.try_into().expect("four bytes"));
    let bytes = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    if version > VERSION {
        return Err(BackupProblem::NewerVersion);
    }
    if version == 0 || bytes > MAX_INDEX_BYTES {
        return Err(BackupProblem::Damaged);
    }
    let end = HEADER_BYTES as u64 + bytes;
    if end > file_bytes {
        return Err(BackupProblem::Cut);
    }
    Ok(HEADER_BYTES as u64..end)
}

/// Where the pictures are that begin at `start` and must fill the file.
pub(super) fn picture_places(
    start: u64,
    pictures: Vec<(String, u64)>,
    file_bytes: u64,
) -> Result<Vec<(String, Range<u64>)>, BackupProblem> {
    let mut end = start;
    let mut places = Vec::with_capacity(pictures.len());
    for (id, bytes) in pictures {
        let start = end;
        end = start.checked_add(bytes).ok_or(BackupProblem::Damaged)?;
        places.push((id, start..end));
    }
    match end.cmp(&file_bytes) {
        std::cmp::Ordering::Less => Err(BackupProblem::Damaged),
        std::cmp::Ordering::Equal => Ok(places),
        std::cmp::Ordering::Greater => Err(BackupProblem::Cut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_found_where_it_was_put() {
        assert_eq!(index_place(&header(100), 128 + 7), Ok(28..128));
        assert_eq!(index_place(&header(0), 28), Ok(28..28));
    }

    #[test]
    fn other_files_are_no_backups() {
        for start in [&b""[..], b"tagsight backup\n", &[0xff; 28]] {
            assert_eq!(index_place(start, 1000), Err(BackupProblem::NotABackup));
        }
    }

    #[test]
    fn cut_newer_and_hostile_headers_are_told_apart() {
        assert_eq!(index_place(&header(100), 127), Err(BackupProblem::Cut));
        assert_eq!(index_place(&header(u64::MAX), 1000), Err(BackupProblem::Damaged));
        let with_version = |version: u32| {
            let mut header = header(1);
            header[16..20].copy_from_slice(&version.to_le_bytes());
            index_place(&header, 1000)
        };
        assert_eq!(with_version(2), Err(BackupProblem::NewerVersion));
        assert_eq!(with_version(0), Err(BackupProblem::Damaged));
    }

    #[test]
    fn pictures_fill_the_file() {
        let pictures = || vec![("a".to_owned(), 10), ("b".to_owned(), 0), ("c".to_owned(), 5)];
        let places = picture_places(100, pictures(), 115).unwrap();
        let places: Vec<_> = places.into_iter().map(|(_, place)| place).collect();
        assert_eq!(places, [100..110, 110..110, 110..115]);
        assert_eq!(picture_places(100, pictures(), 114), Err(BackupProblem::Cut));
        assert_eq!(picture_places(100, pictures(), 116), Err(BackupProblem::Damaged));
        let hostile = vec![("a".to_owned(), u64::MAX)];
        assert_eq!(picture_places(100, hostile, 116), Err(BackupProblem::Damaged));
    }
}
