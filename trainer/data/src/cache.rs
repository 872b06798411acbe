//! What was computed of photos and is kept on disk, so that it is computed once: features of frozen
//! layers, teachers' scores.
//!
//! A file is one line of JSON ([`Header`]) and then its values as little-endian f16, photo by photo.
//! It is written beside its place and renamed, so it is there as a whole or not at all, and processes
//! that keep the same do not disturb each other. What cannot be used (of a later format, cut, of other
//! photos or settings) counts as absent.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use half::f16;
use serde::{Deserialize, Serialize};

use crate::files::replace;

/// The format that is written. Files of 0, teachers' scores of before there was a number, have the
/// same form, and say nothing of their shape.
const FORMAT: u32 = 1;
/// No header is longer.
const LONGEST_HEADER: u64 = 1 << 16;

/// The first line of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    #[serde(default)]
    format: u32,
    key: String,
    photos: usize,
    #[serde(default)]
    shape: Vec<usize>,
    #[serde(default)]
    values: String,
}

/// Values of a number of photos.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Sizes of one photo's, outermost first.
    pub shape: Vec<usize>,
    /// Photo by photo.
    pub values: Vec<f16>,
}

/// Where something is kept, and what it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    path: PathBuf,
    key: String,
}

impl Entry {
    /// The entry of `folder` for what the digest `key` stands for; `kind` ends the file's name.
    pub fn new(folder: &Path, key: &[u8], kind: &str) -> Self {
        let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path: folder.join(format!("{}.{kind}", &key[..16])), key }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is kept of `photos` photos, if that is there. `shape` is one photo's where the file says
    /// nothing of it.
    pub fn read(&self, photos: usize, shape: &[usize]) -> Option<Kept> {
        let file = File::open(&self.path).ok()?;
        let size = file.metadata().ok()?.len();
        let mut file = BufReader::new(file);
        let mut line = Vec::new();
        file.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line).ok()?;
        let header: Header = serde_json::from_slice(&line).ok()?;
        if header.format > FORMAT || header.key != self.key || header.photos != photos {
            return None;
        }
        let shape = if header.format == 0 { shape.to_vec() } else { header.shape };
        let count = shape.iter().try_fold(photos, |count, &size| count.checked_mul(size))?;
        if size != line.len() as u64 + 2 * count as u64 {
            return None;
        }
        let mut values = vec![f16::ZERO; count];
        file.read_exact(bytemuck::cast_slice_mut(&mut values)).ok()?;
        values.iter_mut().for_each(|value| *value = f16::from_bits(u16::from_le(value.to_bits())));
        Some(Kept { shape, values })
    }

    /// Keeps `kept` of `photos` photos; `what` says in words what the values are.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, photos: usize, kept: &Kept, what: &str) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let partial = self.path.with_extension(format!("{}.partial", std::process::id()));
        replace(&self.path, &partial, |file| self.write_to(file, photos, kept, what))
    }

    fn write_to(
        &self,
        file: &mut File,
        photos: usize,
        kept: &Kept,
        what: &str,
    ) -> std::io::Result<()> {
        let header = Header {
            format: FORMAT,
            key: self.key.clone(),
            photos,
            shape: kept.shape.clone(),
            values: what.to_owned(),
        };
        let mut file = BufWriter::new(file);
        serde_json::to_writer(&mut file, &header)?;
        file.write_all(b"\n")?;
        for value in &kept.values {
            file.write_all(&value.to_le_bytes())?;
        }
        file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHOTOS: usize = 2;

    fn kept() -> Kept {
        Kept {
            shape: vec![3, 1],
            values: [1.0, -2.0, 0.5, 4.0, 0.0, 8.0].map(f16::from_f32).into(),
        }
    }

    /// An entry in a new folder, written.
    fn written() -> (tempfile::TempDir, Entry) {
        let folder = tempfile::tempdir().unwrap();
        let entry = Entry::new(&folder.path().join("cache"), &[7; 32], "features");
        entry.write(PHOTOS, &kept(), "numbers").unwrap();
        (folder, entry)
    }

    #[test]
    fn what_is_kept_is_read_and_nothing_is_left_beside_it() {
        let (_folder, entry) = written();
        assert_eq!(entry.read(PHOTOS, &[]), Some(kept()));
        let name = |file: std::io::Result<std::fs::DirEntry>| file.unwrap().file_name();
        let names: Vec<_> =
            std::fs::read_dir(entry.path().parent().unwrap()).unwrap().map(name).collect();
        assert_eq!(names, ["0707070707070707.features"]);
    }

    #[test]
    fn what_is_of_something_else_cut_or_of_a_later_format_is_absent() {
        let (folder, entry) = written();
        assert_eq!(entry.read(PHOTOS + 1, &[]), None);
        let mut other = entry.clone();
        other.key = "08".repeat(32);
        assert_eq!(other.read(PHOTOS, &[]), None);
        let bytes = std::fs::read(entry.path()).unwrap();
        for length in [0, 1, 40, bytes.len() - 1] {
            std::fs::write(entry.path(), &bytes[..length]).unwrap();
            assert_eq!(entry.read(PHOTOS, &[]), None, "{length} bytes");
        }
        std::fs::write(entry.path(), [&bytes[..], b"x"].concat()).unwrap();
        assert_eq!(entry.read(PHOTOS, &[]), None, "a byte more");
        let line = bytes.iter().position(|&byte| byte == b'\n').unwrap();
        let later = String::from_utf8_lossy(&bytes[..line]).replace("\"format\":1", "\"format\":2");
        std::fs::write(entry.path(), [later.as_bytes(), &bytes[line..]].concat()).unwrap();
        assert_eq!(entry.read(PHOTOS, &[]), None, "a later format");
        assert!(!folder.path().join("elsewhere").exists());
    }

    /// Teachers were asked for hours before files had a format.
    #[test]
    fn scores_of_before_formats_are_read() {
        let (_folder, entry) = written();
        let header = format!(
            "{{\"key\":\"{}\",\"teacher\":\"yolox\",\"view\":1,\"photos\":2,\"values\":\"logits\"}}\n",
            entry.key
        );
        let values: Vec<u8> = kept().values.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(entry.path(), [header.as_bytes(), &values].concat()).unwrap();
        assert_eq!(entry.read(PHOTOS, &[3, 1]), Some(kept()));
        assert_eq!(entry.read(PHOTOS, &[4]), None);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let entry = Entry::new(&file, &[7; 32], "features");
        assert!(entry.write(PHOTOS, &kept(), "numbers").is_err());
        assert_eq!(entry.read(PHOTOS, &[]), None);
    }
}
