//! The checkout's files.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours, wherever they are.
const FOREIGN: [&str; 4] = ["target", "node_modules", "corpus", ".git"];
/// And those at the root: the site, photos, and runs on them.
const FOREIGN_AT_ROOT: [&str; 3] = ["dist", "data", "runs"];

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout")
}

/// A file's path from the root, with `/` on every system.
pub(crate) fn relative(path: &Path) -> String {
    let relative = path.strip_prefix(root()).expect("a file of the checkout");
    relative.to_string_lossy().replace('\\', "/")
}

/// Our files with one of these extensions.
pub(crate) fn files(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(root(), extensions, &mut found);
    assert!(!found.is_empty(), "no file with an extension of {extensions:?}");
    found
}

/// Text of a file.
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        // A link leads out of the checkout or to something that is walked anyway.
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !is_foreign(&path) {
            collect(&path, extensions, found);
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        if kind.is_file() && extension.is_some_and(|extension| extensions.contains(&extension)) {
            found.push(path);
        }
    }
}

fn is_foreign(folder: &Path) -> bool {
    let is_one_of = |names: &[&str]| names.iter().any(|name| folder.ends_with(name));
    is_one_of(&FOREIGN) || (folder.parent() == Some(root()) && is_one_of(&FOREIGN_AT_ROOT))
}
