//! What page and dialogs say to each other.

use std::rc::Rc;

use tagsight_library::Source;
use tagsight_plain::{Plain, Reader, Writer, message};

use super::{Detail, DetailAct, Settings, SettingsAct};

/// What is open.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Shown {
    /// Nothing.
    #[default]
    Nothing,
    /// A photo.
    Detail(Detail),
    /// The settings.
    Settings(Settings),
}

message!(
    enum Shown {
        Nothing,
        Detail(detail),
        Settings(settings),
    }
);

/// What was done in a dialog.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed {
    /// In that of a photo.
    Detail(DetailAct),
    /// In the settings.
    Settings(SettingsAct),
    /// So much of a word was typed.
    Typed(String),
}

message!(
    enum Deed {
        Detail(act),
        Settings(act),
        Typed(typed),
    }
);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_comes_back() {
        let tag =
            |score| ShownTag { key: "dog".into(), word: "개".into(), score, source: Source::File };
        let detail = Detail {
            name: "바다.jpg".into(),
            orientation: Some(6),
            tags: Some(vec![tag(Some(0.1)), tag(None)]),
            has_next: true,
            ..Detail::default()
        };
        for shown in [Shown::Nothing, Shown::Detail(detail), Shown::Settings(Settings::default())] {
            assert_eq!(Shown::from_bytes(&shown.to_bytes()), Some(shown));
        }
        for deed in [
            Deed::Detail(DetailAct::Add("sea".into())),
            Deed::Settings(SettingsAct::Never("cat".into())),
            Deed::Typed(String::new()),
        ] {
            assert_eq!(Deed::from_bytes(&deed.to_bytes()), Some(deed));
        }
    }
}
