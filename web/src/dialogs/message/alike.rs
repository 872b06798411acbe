//! Photos that look alike, and what is chosen of them.

use tagsight_plain::message;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlikeAct {
    /// Choose a photo, or no longer.
    Toggle(u32),
    /// Choose all of the group that this one is in, but not this one.
    Others(u32),
    /// Show more groups.
    More,
    /// Back to the photos.
    Close,
}

message!(
    enum AlikeAct {
        Toggle(key),
        Others(key),
        More,
        Close,
    }
);

/// Groups of photos.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lookalikes {
    /// Those that are shown.
    pub(crate) groups: Vec<Vec<Twin>>,
    /// How many more there are.
    pub(crate) more: u32,
    /// How many photos were not compared.
    pub(crate) unknown: u32,
    /// How many are chosen, in the whole page.
    pub(crate) chosen: u32,
}

message!(struct Lookalikes { groups, more, unknown, chosen });

/// A photo of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Twin {
    /// Its key.
    pub(crate) key: u32,
    /// The file's name.
    pub(crate) name: String,
    /// Its thumbnail.
    pub(crate) url: Option<String>,
    /// Columns of the upright photo.
    pub(crate) width: u32,
    /// Its rows.
    pub(crate) height: u32,
    /// The file's size.
    pub(crate) bytes: u64,
    /// Whether it is chosen.
    pub(crate) is_chosen: bool,
}

message!(struct Twin { key, name, url, width, height, bytes, is_chosen });
