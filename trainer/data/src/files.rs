//! Files that are there as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes beside `path` and renames, so that a crash leaves the old file or the new one.
///
/// # Errors
/// What the file system says.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    replace(path, &PathBuf::from(name), |file| file.write_all(bytes))
}

/// Has `write` fill the file `partial`, which then takes the place of `path`.
pub(crate) fn replace(
    path: &Path,
    partial: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let written = File::create(partial).and_then(|mut file| {
        write(&mut file)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(partial, path));
    if moved.is_err() {
        // Whatever is left of it is of no use.
        let _ = fs::remove_file(partial);
    }
    moved
}
