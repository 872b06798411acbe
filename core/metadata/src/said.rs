//! What a file says.

use crate::keyword::Keyword;
use crate::lists::Lists;

/// What a photo or a sidecar says of its keywords.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// The lists, as they stand there.
    pub lists: Lists,
    /// The tags that a machine gave and we wrote.
    pub given: Vec<Given>,
    /// Words that people, or other programs, gave: the union of all lists without what we wrote for a
    /// machine. Each stands once, as it was found first, with the longest path that it has anywhere.
    pub own: Vec<Keyword>,
}

/// A tag that a machine gave, as our own properties tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The model's label.
    pub label: String,
    /// Its score in `0..=1`.
    pub score: f32,
    /// SHA-256 of the model's file, lower-case hexadecimal.
    pub model: String,
    /// When it was written, ISO 8601.
    pub date: String,
    /// The words that stand for it in the lists.
    pub words: Vec<String>,
    /// Whether somebody took it out of the lists since, with another program. It is not written again
    /// unless the user wants it.
    pub is_withdrawn: bool,
}
