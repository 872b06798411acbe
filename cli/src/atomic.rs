//! Files that are the old one or the new one, whenever the program or the machine stops.
//!
//! What is new goes into a file of its own in the same folder and onto the disk, takes the old one's
//! permissions, and then its name, which a file system changes at once or not at all. A file that was
//! left halfway is known by its name and removed by the next run.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::stamp::Stamp;

const PREFIX: &str = ".tagsight-";
const SUFFIX: &str = ".tmp";

/// Whether a file is one that was left halfway.
pub fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes())
}

/// A file's new content, on the disk but not in its place yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    temporary: PathBuf,
    /// Where it belongs: never a link, but what that leads to.
    target: PathBuf,
    stamp: Stamp,
    is_committed: bool,
}

impl Staged {
    /// Writes what a file is to hold into another one beside it.
    ///
    /// # Errors
    /// If that cannot be written. Nothing is left of it then.
    pub fn new(path: &Path, content: &[u8]) -> io::Result<Self> {
        let target = resolved(path)?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}{SUFFIX}", process::id());
        let temporary = folder_of(&target).join(name);
        let mut file = File::create_new(&temporary)?;
        let nothing = Stamp { size: 0, modified: 0 };
        let mut staged = Self { temporary, target, stamp: nothing, is_committed: false };
        file.write_all(content)?;
        match fs::metadata(&staged.target) {
            Ok(old) => like(&file, &staged.temporary, &old)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => (),
            Err(error) => return Err(error),
        }
        file.sync_all()?;
        staged.stamp = Stamp::from(&file.metadata()?);
        Ok(staged)
    }

    /// Puts it in the file's place, and tells by what it is known. That it is so after a power cut,
    /// [`sync_folder`] sees to.
    ///
    /// # Errors
    /// If that is refused; the file is the old one then.
    pub fn commit(mut self) -> io::Result<Stamp> {
        fs::rename(&self.temporary, &self.target)?;
        self.is_committed = true;
        Ok(self.stamp)
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_committed {
            // The next run removes what cannot be removed now.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Makes a file hold this, from now on and after a power cut.
///
/// # Errors
/// If it cannot be written; it is the old one then.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<Stamp> {
    let stamp = Staged::new(path, content)?.commit()?;
    sync_folder(folder_of(path))?;
    Ok(stamp)
}

/// What a path leads to, so that a link is never replaced by a file.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => fs::canonicalize(path),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(path.to_owned()),
    }
}

/// The folder that a file is in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Gives a file another one's permissions, and its owner where that is allowed.
fn like(file: &File, path: &Path, old: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        // Only the superuser gives files away; others keep at least the group, if it is theirs.
        if chown(path, Some(old.uid()), Some(old.gid())).is_err() {
            let _ = chown(path, None, Some(old.gid()));
        }
    }
    let _ = path;
    // After the owner, since changing that takes some of them away.
    file.set_permissions(old.permissions())
}

/// Puts a folder's names onto the disk.
///
/// # Errors
/// If that fails; not where there is no such thing.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere folders are no files.
    #[cfg(unix)]
    match File::open(folder)?.sync_all() {
        // Some network shares have no such thing.
        Err(error) if !matches!(error.kind(), UNSUPPORTED_1 | UNSUPPORTED_2) => return Err(error),
        _ => (),
    }
    let _ = folder;
    Ok(())
}

#[cfg(unix)]
const UNSUPPORTED_1: io::ErrorKind = io::ErrorKind::InvalidInput;
#[cfg(unix)]
const UNSUPPORTED_2: io::ErrorKind = io::ErrorKind::Unsupported;

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_changes_before_the_commit_and_nothing_is_left_without_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        fs::write(&path, "old").unwrap();
        let staged = Staged::new(&path, b"new").unwrap();
        let left = names(folder.path());
        assert_eq!(left.len(), 2);
        assert!(is_temporary(left[0].as_ref()) && !is_temporary(left[1].as_ref()), "{left:?}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        drop(staged);
        assert_eq!(names(folder.path()), ["photo.jpg"]);
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["photo.jpg"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_stay_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real/photo.jpg"), folder.path().join("link.jpg"));
        fs::create_dir(folder.path().join("real")).unwrap();
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real/photo.jpg", &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
