//! A tag as it is shown.

use std::rc::Rc;

use tagsight_library::Source;
use tagsight_plain::{Plain, Reader, Writer};

/// What is shown of a tag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShownTag {
    /// What it is known by, whatever the language.
    pub(crate) key: Rc<str>,
    /// The word for it.
    pub(crate) word: Rc<str>,
    /// How sure the model is, if it said so.
    pub(crate) score: Option<f32>,
    /// Who says so.
    pub(crate) source: Source,
}

impl Plain for ShownTag {
    fn put(&self, to: &mut Writer) {
        self.key.put(to);
        self.word.put(to);
        self.score.map(f64::from).put(to);
        self.source.put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        Some(Self {
            key: Plain::take(from)?,
            word: Plain::take(from)?,
            score: <Option<f64> as Plain>::take(from)?.map(|score| score as f32),
            source: Plain::take(from)?,
        })
    }
}
