//! What is set, and what is to be set otherwise.

use std::rc::Rc;

use tagsight_plain::message;
use tagsight_protocol::ManifestModel;

use crate::backend::Choice;
use crate::platform::{Persistence, Room};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SettingsAct {
    /// Another model.
    Model(String),
    /// What is to tag.
    Backend(Choice),
    /// A label is never to be shown.
    Never(String),
    /// It is to be shown again.
    Again(String),
    /// A tag is to be called otherwise.
    Rename {
        /// Its key.
        key: String,
        /// Its new name.
        word: String,
    },
    /// The browser is asked not to delete the library by itself.
    Persist,
    /// The library as a file.
    Backup,
    /// A library from the file that comes with this.
    Restore,
    /// All photos are looked at again whose files are at hand.
    TagAgain,
    /// All that the model found is to go.
    RemoveAuto,
    /// Everything is to go.
    Erase,
    /// Back to the photos.
    Close,
}

message!(enum SettingsAct {
    Model(name),
    Backend(choice),
    Never(key),
    Again(key),
    Rename { key, word },
    Persist,
    Backup,
    Restore,
    TagAgain,
    RemoveAuto,
    Erase,
    Close,
});

/// What is set.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Settings {
    /// What the site has.
    pub(crate) models: Vec<Rc<ManifestModel>>,
    /// The one that is used.
    pub(crate) chosen: Option<String>,
    /// What is to tag.
    pub(crate) backend: Choice,
    /// Why that tags which does.
    pub(crate) why: Option<String>,
    /// Labels that are never shown: keys and words.
    pub(crate) never: Vec<(String, String)>,
    /// Labels that may be: keys and words.
    pub(crate) labels: Vec<(String, String)>,
    /// Tags that photos have: keys and words.
    pub(crate) tags: Vec<(String, String)>,
    /// What became of the last new name, in words.
    pub(crate) naming: String,
    /// What the browser says of its storage.
    pub(crate) room: Option<Room>,
    /// Whether it keeps what is there.
    pub(crate) persistence: Persistence,
    /// Whether the library can be kept at all.
    pub(crate) is_kept: bool,
    /// Photos in the library.
    pub(crate) photos: u32,
    /// Decisions that are in no backup.
    pub(crate) since_backup: u32,
}

message!(struct Settings {
    models,
    chosen,
    backend,
    why,
    never,
    labels,
    tags,
    naming,
    room,
    persistence,
    is_kept,
    photos,
    since_backup,
});
