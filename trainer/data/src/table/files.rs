//! The files that rows name, perhaps without their extensions.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::place::Folder;

/// A folder in which rows' files are looked for.
pub(super) struct Files {
    folder: Folder,
    /// By a folder's path: its files by their names without an extension.
    stems: HashMap<PathBuf, HashMap<String, Vec<PathBuf>>>,
}

impl Files {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: Folder::new(folder), stems: HashMap::new() }
    }

    /// Where the file of that name is.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn locate(&mut self, name: &str) -> Result<PathBuf, String> {
        let path = self.folder.locate(name).ok_or("the name leaves the folder")?;
        if path.exists() {
            return Ok(path);
        }
        let (folder, stem) = (path.parent().unwrap_or(&path), path.file_name().unwrap_or_default());
        let stems = self.stems.entry(folder.to_owned()).or_insert_with(|| stems(folder));
        match stems.get(&*stem.to_string_lossy()).map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            Some(several) => Err(format!("{} files are called so", several.len())),
            None => Err("there is no such file".into()),
        }
    }
}

/// Files of a folder, as far as it can be read, by their names without an extension.
fn stems(folder: &Path) -> HashMap<String, Vec<PathBuf>> {
    let mut stems = HashMap::<String, Vec<PathBuf>>::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) {
            stems.entry(stem.to_owned()).or_default().push(path);
        }
    }
    stems
}
