//! The files below a folder, whatever their depth.

use std::path::{Component, Path, PathBuf};

/// A folder that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {path}: {source}")]
pub struct WalkError {
    path: PathBuf,
    source: std::io::Error,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its path in the folder that names are relative to, with slashes on every system.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// What lies below a folder, in alphabetical order.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) found: Vec<Found>,
    /// Files whose names are not UTF-8, nearly as they are called.
    pub(crate) unnamed: Vec<String>,
}

/// The files below `path`, which is in or is `folder`, but for hidden ones. Links to folders are followed unless
/// they lead back up.
///
/// # Errors
/// If a folder cannot be read.
pub(crate) fn walk(folder: &Path, path: &Path) -> Result<Walked, WalkError> {
    let mut walked = Walked::default();
    let above = if path == folder { vec![] } else { vec![real(folder)?] };
    below(folder, path, &mut { above }, &mut walked)?;
    Ok(walked)
}

/// Where a folder lies, links followed.
fn real(path: &Path) -> Result<PathBuf, WalkError> {
    path.canonicalize().map_err(|source| WalkError { path: path.into(), source })
}

fn below(
    folder: &Path,
    path: &Path,
    above: &mut Vec<PathBuf>,
    walked: &mut Walked,
) -> Result<(), WalkError> {
    let real = path.canonicalize().map_err(|source| WalkError { path: path.into(), source })?;
    if above.contains(&real) {
        return Ok(());
    }
    above.push(real);
    for path in entries(path)? {
        if is_hidden(&path) {
            continue;
        }
        if path.is_dir() {
            below(folder, &path, above, walked)?;
        } else {
            match name(folder, &path) {
                Some(name) => walked.found.push(Found { name, path }),
                None => walked.unnamed.push(path.to_string_lossy().into_owned()),
            }
        }
    }
    above.pop();
    Ok(())
}

/// What is in a folder, in alphabetical order.
pub(crate) fn entries(path: &Path) -> Result<Vec<PathBuf>, WalkError> {
    let io = |source| WalkError { path: path.to_owned(), source };
    let entries = std::fs::read_dir(path).map_err(io)?;
    let entries: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut entries = entries.map_err(io)?;
    entries.sort();
    Ok(entries)
}

/// Hidden ones are systems' own: `.DS_Store`, `._photo.jpg`, `.thumbnails`.
pub(crate) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn name(folder: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.components().map(Component::as_os_str);
    let parts: Option<Vec<&str>> = parts.map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}
