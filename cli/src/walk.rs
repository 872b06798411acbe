//! Which photos there are in folders.
//!
//! Hidden files and folders are left out, and so are links to what is walked anyway.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use crate::atomic;
use crate::sidecar::{EXTENSION, Naming, Sidecars};
use crate::stamp::Stamp;

/// What photos' names end in. What they are is seen when they are read.
const EXTENSIONS: [&str; 10] =
    ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff"];

/// A photo that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Where it is, beginning as the folder was given.
    pub path: PathBuf,
    /// What it was known by then.
    pub stamp: Stamp,
    /// What there is beside it.
    pub sidecars: Sidecars,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Walked {
    /// By folder and name.
    pub photos: Vec<Photo>,
    /// Files that an earlier run left halfway.
    pub stale: Vec<PathBuf>,
    /// What could not be looked at.
    pub troubles: Vec<(PathBuf, io::Error)>,
}

/// Walks folders, and takes in files that are given by themselves whatever their names end in.
pub fn walk(places: &[PathBuf], stop: &AtomicBool) -> Walked {
    let mut walker =
        Walker { stop, walked: Walked::default(), seen: HashSet::new(), roots: roots(places) };
    // Their folders are listed once, however many of their files are given.
    let mut listings: HashMap<PathBuf, Option<Listing>> = HashMap::new();
    for place in places {
        match fs::metadata(place) {
            Ok(metadata) if metadata.is_dir() => walker.folder(place),
            Ok(metadata) if metadata.is_file() => {
                let folder = atomic::folder_of(place);
                let listing =
                    listings.entry(folder.to_owned()).or_insert_with(|| walker.list(folder));
                if let (Some(listing), Some(name)) = (listing, place.file_name()) {
                    walker.photo(place.clone(), name, listing);
                }
            }
            Ok(_) => {
                let error = io::Error::other("this is neither a file nor a folder");
                walker.walked.troubles.push((place.clone(), error));
            }
            Err(error) => walker.walked.troubles.push((place.clone(), error)),
        }
    }
    walker.walked
}

/// The folders among these places without links, which tells what links lead to.
fn roots(places: &[PathBuf]) -> Vec<PathBuf> {
    let real = places.iter().filter_map(|place| fs::canonicalize(place).ok());
    real.filter(|real| real.is_dir()).collect()
}

/// What a folder holds, by name.
#[derive(Default)]
struct Listing {
    photos: Vec<OsString>,
    folders: Vec<OsString>,
    links: Vec<OsString>,
    sidecars: HashSet<OsString>,
    /// How many files that are no sidecars have a name but for its extension.
    stems: BTreeMap<OsString, usize>,
}

struct Walker<'a> {
    stop: &'a AtomicBool,
    walked: Walked,
    /// Folders and photos outside of all roots that links lead to.
    seen: HashSet<PathBuf>,
    roots: Vec<PathBuf>,
}

impl Walker<'_> {
    fn folder(&mut self, folder: &Path) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let Some(mut listing) = self.list(folder) else { return };
        for link in std::mem::take(&mut listing.links) {
            self.link(folder, link, &mut listing);
        }
        listing.photos.sort();
        listing.folders.sort();
        for name in &listing.photos {
            self.photo(folder.join(name), name, &listing);
        }
        for name in &listing.folders {
            self.folder(&folder.join(name));
        }
    }

    /// A folder's names, sorted out.
    fn list(&mut self, folder: &Path) -> Option<Listing> {
        let listing = fs::read_dir(folder).and_then(|entries| {
            let mut listing = Listing::default();
            for entry in entries {
                let entry = entry?;
                listing.take(folder, entry.file_name(), entry.file_type()?, &mut self.walked.stale);
            }
            Ok(listing)
        });
        listing.map_err(|error| self.walked.troubles.push((folder.to_owned(), error))).ok()
    }

    /// What a link leads to, unless it is walked anyway.
    fn link(&mut self, folder: &Path, name: OsString, listing: &mut Listing) {
        // A link that leads nowhere holds no photo.
        let Ok(real) = fs::canonicalize(folder.join(&name)) else { return };
        let is_walked = self.roots.iter().chain(&self.seen).any(|root| real.starts_with(root));
        let (is_folder, is_file) = (real.is_dir(), real.is_file());
        let holds_a_root = is_folder && self.roots.iter().any(|root| root.starts_with(&real));
        if is_walked || holds_a_root || !self.seen.insert(real) {
            return;
        }
        if is_folder {
            listing.folders.push(name);
        } else if is_file && is_photo(&name) {
            listing.photos.push(name);
        }
    }

    fn photo(&mut self, path: PathBuf, name: &OsStr, listing: &Listing) {
        let found = listing.sidecars_of(&path, name);
        match Stamp::of(&path).and_then(|stamp| Ok((stamp, found?))) {
            Ok((stamp, sidecars)) => self.walked.photos.push(Photo { path, stamp, sidecars }),
            // It went while its folder was walked.
            Err(error) if error.kind() == io::ErrorKind::NotFound => (),
            Err(error) => self.walked.troubles.push((path, error)),
        }
    }
}

impl Listing {
    fn take(
        &mut self,
        folder: &Path,
        name: OsString,
        kind: fs::FileType,
        stale: &mut Vec<PathBuf>,
    ) {
        if atomic::is_temporary(&name) && kind.is_file() {
            stale.push(folder.join(name));
        } else if name.as_encoded_bytes().starts_with(b".") {
        } else if kind.is_dir() {
            self.folders.push(name);
        } else if !kind.is_file() && !kind.is_symlink() {
            // A pipe or a device: whoever reads it may wait for ever.
        } else if extension(&name).is_some_and(|extension| extension == EXTENSION) {
            self.sidecars.insert(name);
        } else {
            *self.stems.entry(stem(&name).to_owned()).or_default() += 1;
            if kind.is_symlink() {
                self.links.push(name);
            } else if is_photo(&name) {
                self.photos.push(name);
            }
        }
    }

    /// What is beside a photo.
    fn sidecars_of(&self, path: &Path, name: &OsStr) -> io::Result<Sidecars> {
        let stamp = |naming: Naming| {
            let sidecar = naming.path(path);
            let is_there = sidecar.file_name().is_some_and(|name| self.sidecars.contains(name));
            if is_there { Stamp::of_any(&sidecar) } else { Ok(None) }
        };
        let is_stem_shared = self.stems.get(stem(name)).is_some_and(|&files| files > 1);
        let stem = if is_stem_shared { None } else { stamp(Naming::Stem)? };
        Ok(Sidecars { full: stamp(Naming::Full)?, stem, is_stem_shared })
    }
}

fn extension(name: &OsStr) -> Option<String> {
    Path::new(name).extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase())
}

fn stem(name: &OsStr) -> &OsStr {
    Path::new(name).file_stem().unwrap_or(name)
}

fn is_photo(name: &OsStr) -> bool {
    extension(name).is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(root: &Path, files: &[&str]) {
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
    }

    fn found(places: &[PathBuf], root: &Path) -> (Vec<String>, Walked) {
        let walked = walk(places, &AtomicBool::new(false));
        let relative = |photo: &Photo| {
            photo.path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/")
        };
        (walked.photos.iter().map(relative).collect(), walked)
    }

    #[test]
    fn photos_are_found_by_name_and_hidden_ones_left_out() {
        let root = tempfile::tempdir().unwrap();
        make(
            root.path(),
            &[
                "b.JPG",
                "a.png",
                "c/d.webp",
                "c/e.tiff",
                "c/.hidden.jpg",
                ".git/f.jpg",
                "notes.txt",
                "film.mp4",
                "a.png.xmp",
                "c/.tagsight-1-2.tmp",
                "사진/고양이.jpeg",
            ],
        );
        let (names, walked) = found(&[root.path().to_owned()], root.path());
        assert_eq!(names, ["a.png", "b.JPG", "c/d.webp", "c/e.tiff", "사진/고양이.jpeg"]);
        assert_eq!(walked.stale, [root.path().join("c/.tagsight-1-2.tmp")]);
        assert!(walked.troubles.is_empty());
    }

    #[test]
    fn files_are_taken_in_as_they_are_given_and_absent_ones_are_named() {
        let root = tempfile::tempdir().unwrap();
        make(root.path(), &["photo", "other.jpg"]);
        let absent = root.path().join("absent");
        let (names, walked) = found(&[root.path().join("photo"), absent.clone()], root.path());
        assert_eq!(names, ["photo"]);
        assert_eq!(walked.troubles.len(), 1);
        assert_eq!(walked.troubles[0].0, absent);
    }

    #[test]
    fn a_sidecar_that_may_be_another_files_is_none() {
        let root = tempfile::tempdir().unwrap();
        make(
            root.path(),
            &["1.jpg", "1.xmp", "2.jpg", "2.cr2", "2.xmp", "3.jpg", "3.jpg.xmp", "3.xmp"],
        );
        let (_, walked) = found(&[root.path().to_owned()], root.path());
        let present = |at: usize| walked.photos[at].sidecars.present().collect::<Vec<_>>();
        assert_eq!(present(0), [Naming::Stem]);
        assert_eq!(present(1), []);
        assert!(walked.photos[1].sidecars.is_stem_shared);
        assert_eq!(present(2), [Naming::Full, Naming::Stem]);
    }

    #[cfg(unix)]
    #[test]
    fn loops_end_and_links_out_of_the_folder_are_followed_once() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        make(root.path(), &["in/a.jpg", "in/deep/b.jpg", "out/c.jpg", "out/back.txt"]);
        let [inside, outside] = ["in", "out"].map(|name| root.path().join(name));
        symlink(&inside, inside.join("deep/loop")).unwrap();
        symlink(root.path(), inside.join("above")).unwrap();
        symlink("a.jpg", inside.join("same.jpg")).unwrap();
        symlink("nowhere", inside.join("dead.jpg")).unwrap();
        symlink(&outside, inside.join("one")).unwrap();
        symlink(&outside, inside.join("two")).unwrap();
        symlink(&outside, outside.join("self")).unwrap();
        let (names, walked) = found(std::slice::from_ref(&inside), &inside);
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!((names[0].as_str(), names[1].as_str()), ("a.jpg", "deep/b.jpg"));
        assert!(names[2].ends_with("c.jpg"), "{names:?}");
        assert!(walked.troubles.is_empty());
    }
}
