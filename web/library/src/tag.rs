//! A tag of a photo: which it is, how sure the network is of it, and who gave it.

use std::rc::Rc;

use tagsight_plain::message;

use crate::lexicon::WordId;

/// Who gave a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The network.
    Auto,
    /// The user, by adding or confirming it.
    User,
    /// The file's keywords.
    File,
}

message!(
    enum Source {
        Auto,
        User,
        File,
    }
);

/// A tag of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Which it is.
    pub key: Rc<str>,
    /// What the network says of it, in `0..=1`, if it knows it.
    pub score: Option<f32>,
    /// Who gave it.
    pub source: Source,
}

/// The same, its word as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tagged {
    pub(crate) word: WordId,
    pub(crate) score: Option<f32>,
    pub(crate) source: Source,
}
