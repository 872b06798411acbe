//! What page and dialogs say to each other.

mod alike;
mod detail;
mod settings;
mod tag;

use tagsight_plain::message;

pub(crate) use alike::{AlikeAct, Lookalikes, Twin};
pub(crate) use detail::{Answer, Detail, DetailAct, Facts, Known, Tagging, Why};
pub(crate) use settings::{Settings, SettingsAct};
pub(crate) use tag::ShownTag;

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
    /// Photos that look alike.
    Alike(Lookalikes),
}

message!(
    enum Shown {
        Nothing,
        Detail(detail),
        Settings(settings),
        Alike(alike),
    }
);

/// What was done in a dialog.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed {
    /// In that of a photo.
    Detail(DetailAct),
    /// In the settings.
    Settings(SettingsAct),
    /// In that of photos that look alike.
    Alike(AlikeAct),
    /// So much of a word was typed.
    Typed(String),
}

message!(
    enum Deed {
        Detail(act),
        Settings(act),
        Alike(act),
        Typed(typed),
    }
);

#[cfg(test)]
mod tests {
    use tagsight_library::Source;
    use tagsight_plain::Plain as _;

    use super::*;

    #[test]
    fn what_is_said_comes_back() {
        let tag =
            |score| ShownTag { key: "dog".into(), word: "개".into(), score, source: Source::File };
        let detail = Detail {
            name: "바다.jpg".into(),
            orientation: Some(6),
            tags: Some(vec![tag(Some(0.1)), tag(None)]),
            explained: vec!["dog".into()],
            why: Some(Box::new(Why {
                key: "dog".into(),
                word: "개".into(),
                answer: Answer::Known(Known {
                    place: Some(8),
                    map: None,
                    columns: 2,
                    shares: vec![-7, i32::MAX, i32::MIN, 0],
                    millis: 0.5,
                    other_model: Some("ResNet".into()),
                }),
            })),
            has_next: true,
            ..Detail::default()
        };
        let twin = Twin {
            key: 7,
            name: "a.jpg".into(),
            url: None,
            width: 4,
            height: 3,
            bytes: 5,
            is_chosen: true,
        };
        let alike = Lookalikes { groups: vec![vec![twin.clone(), twin]], ..Lookalikes::default() };
        for shown in [
            Shown::Nothing,
            Shown::Detail(detail),
            Shown::Settings(Settings::default()),
            Shown::Alike(alike),
        ] {
            assert_eq!(Shown::from_bytes(&shown.to_bytes()), Some(shown));
        }
        for deed in [
            Deed::Detail(DetailAct::Add("sea".into())),
            Deed::Settings(SettingsAct::Never("cat".into())),
            Deed::Alike(AlikeAct::Others(3)),
            Deed::Typed(String::new()),
        ] {
            assert_eq!(Deed::from_bytes(&deed.to_bytes()), Some(deed));
        }
    }
}
