//! A folder of frames.

use std::path::{Path, PathBuf};

use super::natural::natural;
use crate::walk::is_hidden;

/// The files in a folder, in the order in which people count.
pub(super) fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let files: std::io::Result<Vec<PathBuf>> =
        folder.read_dir()?.map(|entry| Ok(entry?.path())).collect();
    let mut files = files?;
    files.retain(|path| path.is_file() && !is_hidden(path));
    files.sort_by(|one, other| natural(&one.to_string_lossy(), &other.to_string_lossy()));
    Ok(files)
}
