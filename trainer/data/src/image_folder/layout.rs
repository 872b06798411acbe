//! Which folders stand for what.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::error::FolderError;
use crate::list::first_few;
use crate::part::Part;
use crate::walk::{entries, is_hidden};

/// A folder of one class' photos.
pub(super) struct Class {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// The part whose folder it is in.
    pub(super) part: Option<Part>,
}

/// The classes of a folder, in alphabetical order, and how often each is there.
pub(super) struct Layout {
    pub(super) classes: Vec<Class>,
    parts: BTreeSet<Part>,
    unnamed: Vec<String>,
}

impl Layout {
    /// Folders are parts if all are called so and one is to learn from; otherwise they are classes.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub(super) fn of(folder: &Path) -> Result<Self, FolderError> {
        let mut unnamed = Vec::new();
        let top = folders(folder, &mut unnamed)?;
        let parts: Option<Vec<Part>> = top.iter().map(|(name, _)| name.parse().ok()).collect();
        let parts = parts.filter(|parts| parts.contains(&Part::Train)).unwrap_or_default();
        let mut classes = Vec::new();
        let class = |part| move |(name, path)| Class { name, path, part };
        if parts.is_empty() {
            classes.extend(top.into_iter().map(class(None)));
        } else {
            for (&part, (_, path)) in parts.iter().zip(top) {
                classes.extend(folders(&path, &mut unnamed)?.into_iter().map(class(Some(part))));
            }
        }
        Ok(Self { classes, parts: parts.into_iter().collect(), unnamed })
    }

    /// Whether a folder is this part.
    pub(super) fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    /// What is not looked into.
    pub(super) fn remarks(&self) -> Vec<String> {
        let unnamed = &self.unnamed;
        let remark =
            || format!("folders whose names are not UTF-8 are left out: {}", first_few(unnamed));
        (!unnamed.is_empty()).then(remark).into_iter().collect()
    }
}

/// The folders in `path` and their names, in alphabetical order.
fn folders(path: &Path, unnamed: &mut Vec<String>) -> Result<Vec<(String, PathBuf)>, FolderError> {
    let mut folders = Vec::new();
    for path in entries(path)? {
        let name = path.file_name().unwrap_or_default();
        if is_hidden(&path) || !path.is_dir() {
            continue;
        }
        match name.to_str() {
            Some(name) => folders.push((name.to_owned(), path)),
            None => unnamed.push(name.to_string_lossy().into_owned()),
        }
    }
    Ok(folders)
}
