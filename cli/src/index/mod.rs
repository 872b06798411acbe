//! What is known of a folder's photos: a file of lines, `.tagsight/index.jsonl`.
//!
//! A line is added whenever a photo is done, so whoever is stopped goes on where they were. Of two lines
//! of one photo the later one counts. A line that was cut, as by a full disk, is passed over: its photo
//! is tagged again. When most lines are outdated, the file is written anew and put in the old one's
//! place at once.

mod entry;
mod key;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use entry::{Entry, Facts, Scores};
pub use key::key;

use crate::atomic;

/// The folder of the index, in the folder of the photos.
pub const FOLDER: &str = ".tagsight";
/// The index in it.
pub const NAME: &str = "index.jsonl";
/// What is locked while somebody writes.
const LOCK: &str = "lock";
/// The version that is written, and the last that is read.
const VERSION: u32 = 1;
/// So many outdated lines are always let be.
const SPARE: usize = 1000;

/// Why there is no index to work with.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The index.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The index.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// It is another file.
    #[error("{} is no index of tagsight's", .0.display())]
    Foreign(PathBuf),
    /// A newer program wrote it.
    #[error("a newer tagsight wrote {path} (version {version}); update this one")]
    Newer {
        /// The index.
        path: PathBuf,
        /// Its format's version.
        version: u32,
    },
    /// Another process writes it.
    #[error("another tagsight is at work there ({} is locked)", .0.display())]
    Busy(PathBuf),
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
enum Line {
    /// The first: the format's version.
    #[serde(rename = "tagsight-index")]
    Version(u32),
    /// A model whose scores follow.
    #[serde(rename = "model")]
    Model(Facts),
    /// A photo.
    #[serde(rename = "photo")]
    Photo(Entry),
}

/// What is known of photos.
#[derive(Debug)]
pub struct Index {
    path: PathBuf,
    /// What paths are told from; with an empty one they are whole.
    base: PathBuf,
    entries: HashMap<String, Entry>,
    models: Vec<Facts>,
    /// Paths of photos by identity.
    identities: HashMap<String, Vec<String>>,
    /// Lines in the file.
    lines: usize,
    /// Whether the file ends within a line.
    is_cut: bool,
    /// Whether it holds nothing worth keeping.
    is_blank: bool,
    writing: Option<Writing>,
}

/// A file that is added to.
#[derive(Debug)]
struct Writing {
    file: File,
    /// Held until the index is dropped, or the process ends however it does.
    _lock: Option<File>,
}

/// Where the index of a folder is.
pub fn place(folder: &Path) -> PathBuf {
    folder.join(FOLDER).join(NAME)
}

/// The folder whose index knows what is in `folder`: the nearest one around it that has an index, or
/// else itself.
pub fn home(folder: &Path) -> PathBuf {
    let has_index = |folder: &&Path| place(folder).is_file();
    folder.ancestors().find(has_index).unwrap_or(folder).to_owned()
}

impl Index {
    /// Reads the index at `path`; there need not be one.
    ///
    /// # Errors
    /// If there is something else, or it cannot be read.
    pub fn open(path: PathBuf, base: PathBuf) -> Result<Self, IndexError> {
        let text = match fs::read(&path) {
            Err(error) if is_absent(&error) => Vec::new(),
            text => text.map_err(|source| IndexError::Read { path: path.clone(), source })?,
        };
        let mut index = Self {
            path,
            base,
            entries: HashMap::new(),
            models: Vec::new(),
            identities: HashMap::new(),
            lines: 0,
            is_cut: !text.is_empty() && !text.ends_with(b"\n"),
            is_blank: false,
            writing: None,
        };
        index.read(&text)?;
        Ok(index)
    }

    fn read(&mut self, text: &[u8]) -> Result<(), IndexError> {
        let header = serialised(&Line::Version(VERSION));
        // A first line that was cut is the whole file.
        self.is_blank = header.starts_with(text);
        if self.is_blank {
            return Ok(());
        }
        let mut lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        match lines.next().map(serde_json::from_slice) {
            Some(Ok(Line::Version(version))) if version <= VERSION => (),
            Some(Ok(Line::Version(version))) => {
                return Err(IndexError::Newer { path: self.path.clone(), version });
            }
            _ => return Err(IndexError::Foreign(self.path.clone())),
        }
        for line in lines {
            self.lines += 1;
            match serde_json::from_slice(line) {
                Ok(Line::Photo(entry)) => self.take(entry),
                Ok(Line::Model(facts)) => self.models.push(facts),
                Ok(Line::Version(_)) | Err(_) => (),
            }
        }
        Ok(())
    }

    fn take(&mut self, entry: Entry) {
        let paths = self.identities.entry(entry.identity.clone()).or_default();
        if !paths.contains(&entry.path) {
            paths.push(entry.path.clone());
        }
        self.entries.insert(entry.path.clone(), entry);
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// By what it knows a photo, whose path is told without links.
    pub fn key(&self, real: &Path) -> String {
        key(real.strip_prefix(&self.base).unwrap_or(real))
    }

    /// What it says of a photo.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// What it says of a picture for which a model was asked, wherever that was.
    pub fn of_picture(&self, identity: &str, model: &str) -> Option<&Entry> {
        let entries = self.identities.get(identity)?.iter().filter_map(|path| self.get(path));
        // A path may have another picture by now.
        entries.filter(|entry| entry.identity == identity).find(|entry| entry.model == model)
    }

    /// What the scores of a model mean.
    pub fn facts(&self, model: &str) -> Option<&Facts> {
        self.models.iter().rev().find(|facts| facts.sha256 == model)
    }

    /// How many photos it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Prepares to add to the file, alone.
    ///
    /// # Errors
    /// If it cannot be written, or another process does so.
    pub fn begin(&mut self) -> Result<(), IndexError> {
        if self.writing.is_some() {
            return Ok(());
        }
        let lock = self.lock()?;
        let file = self.append().map_err(|source| self.not_written(source))?;
        self.writing = Some(Writing { file, _lock: lock });
        Ok(())
    }

    /// None where a share knows no locks.
    fn lock(&self) -> Result<Option<File>, IndexError> {
        let folder = atomic::folder_of(&self.path);
        let is_ours = folder.file_name().is_some_and(|name| name == FOLDER);
        let path = if is_ours { folder.join(LOCK) } else { self.path.with_extension(LOCK) };
        let made = if is_ours { fs::create_dir_all(folder) } else { Ok(()) };
        let opened = made
            .and_then(|()| OpenOptions::new().create(true).truncate(false).write(true).open(&path));
        let file = opened.map_err(|source| self.not_written(source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Err(IndexError::Busy(path)),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    fn append(&mut self) -> io::Result<File> {
        self.remove_stale()?;
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        if self.is_blank {
            file.set_len(0)?;
            file.write_all(&serialised(&Line::Version(VERSION)))?;
        } else if self.is_cut {
            file.write_all(b"\n")?;
        }
        (self.is_blank, self.is_cut) = (false, false);
        Ok(file)
    }

    /// Removes what was left of writing it anew.
    fn remove_stale(&self) -> io::Result<()> {
        for entry in fs::read_dir(atomic::folder_of(&self.path))? {
            let entry = entry?;
            if atomic::is_temporary(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Adds a photo.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, entry: Entry) -> Result<(), IndexError> {
        let line = Line::Photo(entry);
        self.write(&line)?;
        let Line::Photo(entry) = line else { unreachable!("it was made one") };
        self.take(entry);
        Ok(())
    }

    /// Adds what the scores of a model mean, unless that is known.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add_facts(&mut self, facts: &Facts) -> Result<(), IndexError> {
        if self.facts(&facts.sha256) == Some(facts) {
            return Ok(());
        }
        self.write(&Line::Model(facts.clone()))?;
        self.models.push(facts.clone());
        Ok(())
    }

    fn write(&mut self, line: &Line) -> Result<(), IndexError> {
        if let Some(writing) = &mut self.writing {
            // In one call, so that no other process sees half a line.
            let written = writing.file.write_all(&serialised(line));
            written.map_err(|source| self.not_written(source))?;
            self.lines += 1;
        }
        Ok(())
    }

    /// Writes the file anew if most of its lines are outdated.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn compact(&mut self) -> Result<(), IndexError> {
        let alive = self.entries.len() + self.models.len();
        if self.writing.is_none() || self.lines <= 2 * alive + SPARE {
            return Ok(());
        }
        let mut text = serialised(&Line::Version(VERSION));
        let models: Vec<Facts> = self.models.clone();
        for facts in models.iter().filter(|facts| self.facts(&facts.sha256) == Some(facts)) {
            text.extend(serialised(&Line::Model(facts.clone())));
        }
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        for entry in entries {
            text.extend(serialised(&Line::Photo(entry.clone())));
        }
        let written = atomic::replace(&self.path, &text);
        let reopened = written.and_then(|_| OpenOptions::new().append(true).open(&self.path));
        let file = reopened.map_err(|source| self.not_written(source))?;
        if let Some(writing) = &mut self.writing {
            writing.file = file;
        }
        self.lines = alive;
        Ok(())
    }

    fn not_written(&self, source: io::Error) -> IndexError {
        IndexError::Write { path: self.path.clone(), source }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn serialised(line: &Line) -> Vec<u8> {
    let mut text = serde_json::to_vec(line).expect("lines have no maps with odd keys");
    text.push(b'\n');
    text
}

#[cfg(test)]
mod tests {
    use tagsight_core::Thresholds;
    use tagsight_core::photo::DHash;
    use tagsight_core::tags::{AtLeast, Rule};

    use super::*;
    use crate::stamp::Stamp;

    fn entry(path: &str, size: u64) -> Entry {
        Entry {
            path: path.into(),
            stamp: Stamp { size, modified: -7 },
            identity: format!("identity of {path}"),
            model: "model".into(),
            scores: Scores(vec![0.1, f32::MIN_POSITIVE, 1.0]),
            hash: Some(DHash(size)),
            taken: String::new(),
            settings: "sidecar balanced en".into(),
            tags: vec!["dog".into()],
            withdrawn: Vec::new(),
            own: vec!["바다".into()],
            full: Some(Stamp { size: 1, modified: 2 }),
            stem: None,
        }
    }

    fn facts() -> Facts {
        let thresholds = Thresholds::all(vec![0.5, 0.25, 0.1]);
        let rule = Rule { thresholds, at_least: AtLeast::Best };
        Facts {
            sha256: "model".into(),
            labels: ["dog", "cat", "car"].map(String::from).into(),
            rule,
        }
    }

    fn open(folder: &Path) -> Index {
        Index::open(place(folder), folder.to_owned()).unwrap()
    }

    fn written(folder: &Path, entries: &[Entry]) {
        let mut index = open(folder);
        index.begin().unwrap();
        index.add_facts(&facts()).unwrap();
        entries.iter().for_each(|entry| index.add(entry.clone()).unwrap());
    }

    #[test]
    fn what_is_added_is_there_after_a_restart_and_the_last_line_counts() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), &[entry("a.jpg", 1), entry("b.jpg", 2), entry("a.jpg", 3)]);
        let index = open(folder.path());
        assert_eq!(index.len(), 2);
        assert_eq!(index.get("a.jpg"), Some(&entry("a.jpg", 3)));
        assert_eq!(index.facts("model"), Some(&facts()));
        assert_eq!(index.of_picture("identity of b.jpg", "model"), index.get("b.jpg"));
        assert_eq!(index.of_picture("identity of b.jpg", "other"), None);
        assert_eq!(index.key(&folder.path().join("x/y.jpg")), "x/y.jpg");
    }

    #[test]
    fn an_index_that_is_cut_at_any_byte_keeps_what_is_before_and_takes_more() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), &[entry("a.jpg", 1), entry("b.jpg", 2)]);
        let path = place(folder.path());
        let whole = fs::read(&path).unwrap();
        let ends: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b'\n').collect();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            // A line is whole without what ends it.
            let kept = [ends[2], ends[3]].iter().filter(|&&end| cut >= end).count();
            assert_eq!(open(folder.path()).len(), kept, "cut at {cut}");
            written(folder.path(), &[entry("c.jpg", 3)]);
            let index = open(folder.path());
            assert_eq!(index.len(), kept + 1, "cut at {cut}");
            assert_eq!(index.get("c.jpg"), Some(&entry("c.jpg", 3)), "cut at {cut}");
        }
    }

    #[test]
    fn other_files_are_never_written_and_newer_ones_neither() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        for text in ["my notes\n", "{\"photo\": 1}\n", "x"] {
            fs::write(&path, text).unwrap();
            let opened = Index::open(path.clone(), folder.path().to_owned());
            assert!(matches!(opened, Err(IndexError::Foreign(_))), "{text}");
        }
        fs::write(&path, "{\"tagsight-index\":2}\n").unwrap();
        let opened = Index::open(path, folder.path().to_owned());
        assert!(matches!(opened, Err(IndexError::Newer { version: 2, .. })));
    }

    #[test]
    fn two_do_not_write_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = open(folder.path());
        first.begin().unwrap();
        let mut second = open(folder.path());
        assert!(matches!(second.begin(), Err(IndexError::Busy(_))));
        drop(first);
        second.begin().unwrap();
    }

    #[test]
    fn outdated_lines_go_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut index = open(folder.path());
        index.begin().unwrap();
        index.add_facts(&facts()).unwrap();
        for size in 0..SPARE as u64 + 10 {
            index.add(entry("a.jpg", size)).unwrap();
        }
        let long = fs::metadata(index.path()).unwrap().len();
        index.compact().unwrap();
        assert!(fs::metadata(index.path()).unwrap().len() < long / 100);
        index.add(entry("b.jpg", 1)).unwrap();
        drop(index);
        let index = open(folder.path());
        assert_eq!((index.len(), index.facts("model")), (2, Some(&facts())));
    }

    #[test]
    fn the_nearest_index_around_a_folder_is_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        assert_eq!(home(&deep), deep);
        written(folder.path(), &[]);
        assert_eq!(home(&deep), folder.path());
        written(&folder.path().join("a"), &[]);
        assert_eq!(home(&deep), folder.path().join("a"));
    }
}
