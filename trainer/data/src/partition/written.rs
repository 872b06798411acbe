//! The file that says which part photos are in: `path,class,part`, a row a photo.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::write_atomically;
use crate::part::Part;

/// Why there is no written split.
#[derive(Debug, thiserror::Error)]
pub enum SplitFileError {
    /// It cannot be read.
    #[error("cannot read the split {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// It is not of this form. A row that is left out would move its photo, perhaps from test to train.
    #[error(
        "{path} is no split: {detail}; it has the columns path, class and part (train, val or test). \
         Mend it, or remove it to draw another one"
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        detail: String,
    },
    /// It cannot be written.
    #[error("cannot write the split {path}: {source}; give --split a file that can be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
}

#[derive(Serialize, Deserialize)]
struct Row {
    path: String,
    #[serde(default)]
    class: String,
    part: String,
}

/// Rows by their paths.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Written(BTreeMap<String, (String, Part)>);

impl Written {
    /// What `path` says; none if there is no such file.
    ///
    /// # Errors
    /// If it cannot be read, or not all of it makes sense.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, SplitFileError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SplitFileError::Read { path: path.to_owned(), source }),
        };
        let parsed = Self::parse(&bytes);
        parsed.map(Some).map_err(|detail| SplitFileError::Form { path: path.to_owned(), detail })
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut rows = BTreeMap::new();
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(bytes);
        for row in reader.deserialize() {
            let Row { path, class, part } = row.map_err(|error| error.to_string())?;
            let part: Part = part.parse().map_err(|error| format!("{path}: {error}"))?;
            let known = rows.entry(path).or_insert((class, part));
            if known.1 != part {
                return Err(format!("a photo of {} is also in {part}", known.1));
            }
        }
        Ok(Self(rows))
    }

    /// What it says of a photo.
    pub(super) fn part(&self, name: &str) -> Option<Part> {
        self.0.get(name).map(|&(_, part)| part)
    }

    /// Photos that it names and `names` does not.
    pub(super) fn others<'a>(&self, names: impl Iterator<Item = &'a str>) -> Vec<&str> {
        let names: HashSet<&str> = names.collect();
        self.0.keys().map(String::as_str).filter(|name| !names.contains(name)).collect()
    }

    /// With these photos, their classes and parts besides.
    pub(super) fn with<'a>(mut self, rows: impl Iterator<Item = (&'a str, &'a str, Part)>) -> Self {
        self.0.extend(rows.map(|(name, class, part)| (name.into(), (class.into(), part))));
        self
    }

    /// Puts it in the place of `path`.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(super) fn write(&self, path: &Path) -> Result<(), SplitFileError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for (path, (class, part)) in &self.0 {
            let row = Row { path: path.clone(), class: class.clone(), part: part.name().into() };
            writer.serialize(row).expect("a row is plain text");
        }
        let bytes = writer.into_inner().expect("memory takes all of it");
        write_atomically(path, &bytes)
            .map_err(|source| SplitFileError::Write { path: path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_whatever_names_are_like() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("split.csv");
        let names = ["a/1, \"big\".png", "a/#2.png", "a/über\nlang.png", " a/3.png "];
        let rows = names.into_iter().zip(["a", "", "ä,b", "c"]).zip(Part::ALL.into_iter().cycle());
        let written =
            Written::default().with(rows.map(|((name, class), part)| (name, class, part)));
        written.write(&path).unwrap();
        assert_eq!(Written::read(&path).unwrap().unwrap(), written);
        assert_eq!(Written::read(&folder.path().join("none.csv")).unwrap(), None);
    }

    #[test]
    fn a_split_of_somebody_else_is_taken_or_refused_with_the_reason() {
        let parsed = Written::parse(b"part, path\nTEST,a.png\nvalid,b.png\n").unwrap();
        assert_eq!(parsed.part("a.png"), Some(Part::Test));
        assert_eq!(parsed.part("b.png"), Some(Part::Validation));
        for (text, expected) in [
            (&b"path,class,part\na.png,a,held\n"[..], "held"),
            (b"path,part\na.png,train\na.png,test\n", "also in test"),
            (b"file,part\na.png,train\n", "path"),
            (b"path,part\na.png\n", "line: 2"),
            (b"path,part\n\xff\xfe,train\n", "UTF-8"),
        ] {
            let error = Written::parse(text).unwrap_err();
            assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        }
    }
}
