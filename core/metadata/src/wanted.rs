//! What is to be written.

use crate::Fold;
use crate::keyword::Keyword;

/// The tags that a photo is to have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    /// The tags that it has. What a machine gave earlier and is not among them goes.
    pub tags: Vec<Tag>,
    /// Words that the user said it does not have: they go from every list, whoever wrote them.
    pub removed: Vec<String>,
    /// What becomes of notes that outlive their tags.
    pub notes: Notes,
}

impl Wanted {
    /// All that was written for a machine is to be taken back.
    pub fn nothing() -> Self {
        Self { notes: Notes::Dropped, ..Self::default() }
    }
}

/// What becomes of the notes of tags that somebody took out with another program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Notes {
    /// They stay, so that a machine does not give these tags again.
    #[default]
    Kept,
    /// They go.
    Dropped,
}

/// A tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// The keywords that say it: one a language.
    pub keywords: Vec<Keyword>,
    /// Who gave it.
    pub origin: Origin,
}

/// Who gave a tag.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A person. Nothing is noted of it: it is the file's own from then on.
    Person,
    /// A machine.
    Machine {
        /// The model's label.
        label: String,
        /// Its score in `0..=1`.
        score: f32,
        /// SHA-256 of the model's file, lower-case hexadecimal.
        model: String,
    },
}

/// Who writes, when, and how words are compared.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// ISO 8601 with a time zone: `2026-11-26T16:30:00+09:00`.
    pub now: &'a str,
    /// The program and its version.
    pub software: &'a str,
    /// What words are compared by.
    pub fold: Fold<'a>,
}
