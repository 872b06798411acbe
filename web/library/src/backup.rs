//! All of a library in one value, and such a value brought back into a library.

use tagsight_plain::record;

use crate::library::{Changes, Library};
use crate::photo::Photo;
use crate::settings::Settings;
use crate::version::{Newer, Part, Stamp, VERSION};

/// What a backup holds: all but history and thumbnails.
#[derive(Debug, Clone, PartialEq)]
pub struct Backup {
    /// The build's that wrote it.
    pub version: u32,
    /// Every photo.
    pub photos: Vec<Photo>,
    /// The library's settings.
    pub settings: Settings,
}

record!(Backup { version, photos, settings });

impl Default for Backup {
    fn default() -> Self {
        Self { version: VERSION, photos: Vec::new(), settings: Settings::default() }
    }
}

/// What came of a backup's photos.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// They were not there.
    pub new: usize,
    /// They were there.
    pub joined: usize,
    /// A newer build wrote them, or nothing says which photos they are.
    pub refused: usize,
}

impl Library {
    /// All that has to be kept.
    pub fn backup(&self) -> Backup {
        let photos = self.photos().map(|photo| (**photo).clone()).collect();
        // All that is decided is in it.
        let settings = Settings { since_backup: 0, ..self.settings.clone() };
        Backup { version: VERSION, photos, settings }
    }

    /// A backup is made, with so many of the decisions since the last one: those that there were
    /// when it was begun.
    pub fn backed_up(&mut self, decisions: u32) -> Changes {
        if decisions == 0 {
            return Changes::default();
        }
        self.settings.since_backup = self.settings.since_backup.saturating_sub(decisions);
        Changes::settings()
    }

    /// Brings a backup in. What is there stays as it is, what was removed or shown again included; what
    /// only the backup has is added. It is no step of history.
    pub fn merge(&mut self, backup: Backup) -> Result<(Merged, Changes), Newer> {
        Stamp { version: backup.version }.check(Part::Backup)?;
        Stamp { version: backup.settings.version }.check(Part::Settings)?;
        let mut merged = Merged::default();
        let mut changes =
            Changes { settings: self.merge_settings(backup.settings), ..Changes::default() };
        for mut photo in backup.photos {
            if photo.version > VERSION || photo.id.as_str().is_empty() {
                merged.refused += 1;
                continue;
            }
            let id = photo.id.clone();
            // Spelled alike, the decisions that are there win.
            self.lexicon.settle(&mut photo);
            let there = self.photo(&id).map(|there| (**there).clone());
            let count = if there.is_some() { &mut merged.joined } else { &mut merged.new };
            *count += 1;
            let mut joined = there.clone().unwrap_or_else(|| photo.clone());
            joined.join(&photo);
            if there.as_ref() != Some(&joined) {
                self.put(joined);
                changes.photos.push(id);
            }
        }
        Ok((merged, changes))
    }

    /// Gives whether there was anything new.
    fn merge_settings(&mut self, backup: Settings) -> bool {
        let before = self.settings.clone();
        // A library that is new has no step that anybody chose.
        if self.shelf.len() == 0 {
            self.settings.step = backup.step;
        }
        for (key, is_hidden) in backup.hidden {
            self.settings.hidden.insert_new(key, is_hidden);
        }
        for (key, word) in backup.words {
            let meant = self.key_of(&word);
            if word.is_empty() || meant == self.key_of(&key) || !self.is_label(&meant) {
                self.settings.words.insert_new(key, word);
            }
        }
        for model in backup.models {
            if self.settings.model(&model.sha256).is_none() {
                self.settings.models.push(model);
            }
        }
        let is_new = self.settings != before;
        if is_new {
            self.lexicon.configure(&self.settings);
            self.refresh_all();
        }
        is_new
    }
}
