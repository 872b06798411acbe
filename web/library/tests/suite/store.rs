//! Stands in for the page's database: it has what [`Changes`] said, and nothing else.

use std::collections::BTreeMap;

use tagsight_library::{Changes, Entry, Library, Photo, PhotoId, Settings, Stored};
use tagsight_plain::Plain;

#[derive(Default)]
pub(crate) struct Store {
    photos: BTreeMap<PhotoId, Photo>,
    settings: Settings,
    entries: BTreeMap<u32, Entry>,
    cursor: Option<u32>,
}

impl Store {
    /// All of a library.
    pub(crate) fn of(library: &Library) -> Self {
        let photos = library.photos().map(|photo| (photo.id.clone(), (**photo).clone()));
        let entries = library.history().entries().iter();
        Self {
            photos: photos.collect(),
            settings: library.settings().clone(),
            entries: entries.map(|entry| (entry.number, entry.clone())).collect(),
            cursor: Some(library.history().cursor()),
        }
    }

    /// Writes what changed.
    pub(crate) fn write(&mut self, library: &Library, changes: &Changes) {
        for id in &changes.photos {
            match library.photo(id) {
                Some(photo) => self.photos.insert(id.clone(), (**photo).clone()),
                None => self.photos.remove(id),
            };
        }
        if changes.settings {
            self.settings = library.settings().clone();
        }
        for number in &changes.history.deleted {
            self.entries.remove(number);
        }
        for &number in &changes.history.put {
            let entry = library.history().entry(number).expect("what is to be written");
            self.entries.insert(number, entry.clone());
        }
        if changes.history.cursor {
            self.cursor = Some(library.history().cursor());
        }
    }

    /// What there is, by way of bytes.
    pub(crate) fn stored(&self) -> Stored {
        Stored {
            photos: self.photos.values().map(again).collect(),
            settings: again(&self.settings),
            entries: self.entries.values().map(again).collect(),
            cursor: self.cursor,
        }
    }
}

fn again<T: Plain>(value: &T) -> T {
    T::from_bytes(&value.to_bytes()).unwrap()
}
