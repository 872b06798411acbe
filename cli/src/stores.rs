//! The indexes of the folders that are worked on.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::{fs, io};

use crate::atomic;
use crate::index::{self, Index, IndexError};
use crate::walk::Photo;

/// Where indexes are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// In the folders of the photos: a folder's own, or one further up.
    #[default]
    Folders,
    /// In one file for all photos.
    File(PathBuf),
}

/// Indexes by the folders that they are of.
#[derive(Debug, Default)]
pub struct Stores {
    place: Place,
    indexes: Vec<RwLock<Index>>,
    /// Places in `indexes`.
    by_file: HashMap<PathBuf, usize>,
    /// A folder as it is given, without links, and its index.
    folders: HashMap<PathBuf, (PathBuf, usize)>,
}

impl Stores {
    /// None is open yet.
    pub fn new(place: Place) -> Self {
        Self { place, ..Self::default() }
    }

    /// Opens the indexes of the folders and files that are given, before anything is walked.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn open(&mut self, places: &[PathBuf]) -> Result<(), IndexError> {
        for place in places {
            let folder = if place.is_dir() { place } else { atomic::folder_of(place) };
            // What is not there is named by the walk.
            if let Ok(real) = fs::canonicalize(folder) {
                self.index_of(&real)?;
            }
        }
        Ok(())
    }

    fn index_of(&mut self, real: &Path) -> Result<usize, IndexError> {
        let (file, base) = match &self.place {
            Place::File(file) => (file.clone(), PathBuf::new()),
            Place::Folders => {
                let home = index::home(real);
                (index::place(&home), home)
            }
        };
        if let Some(&at) = self.by_file.get(&file) {
            return Ok(at);
        }
        self.indexes.push(RwLock::new(Index::open(file.clone(), base)?));
        self.by_file.insert(file, self.indexes.len() - 1);
        Ok(self.indexes.len() - 1)
    }

    /// The index of a photo below `root`, and by what it knows it.
    ///
    /// # Errors
    /// If its folder cannot be looked at, as when it just went.
    pub fn locate(&mut self, photo: &Photo, roots: &[PathBuf]) -> io::Result<(usize, String)> {
        let folder = atomic::folder_of(&photo.path);
        if !self.folders.contains_key(folder) {
            let real = fs::canonicalize(folder)?;
            // Its root's index, also where a link leads out of that.
            let root = roots.iter().filter(|root| photo.path.starts_with(root));
            let root = root.max_by_key(|root| root.as_os_str().len());
            let root =
                root.filter(|root| root.is_dir()).map_or(Ok(real.clone()), fs::canonicalize)?;
            let index = self.index_of(&root).map_err(io::Error::other)?;
            self.folders.insert(folder.to_owned(), (real, index));
        }
        let (real, at) = &self.folders[folder];
        let name = photo.path.file_name().unwrap_or_default();
        let index = self.indexes[*at].read().expect("nobody panics while writing it");
        Ok((*at, index.key(&real.join(name))))
    }

    /// All of them.
    pub fn all(&self) -> &[RwLock<Index>] {
        &self.indexes
    }

    /// The same to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Index> {
        self.indexes
            .iter_mut()
            .map(|index| index.get_mut().expect("nobody panics while writing it"))
    }
}
