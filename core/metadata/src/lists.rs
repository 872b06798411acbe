//! The lists in which programs look for keywords.

use crate::keyword::Keyword;

/// A list of keywords in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// `dc:subject`: words without what they belong to. Nearly all programs.
    Subject,
    /// `lr:hierarchicalSubject`: Lightroom, darktable, Immich.
    Hierarchical,
    /// `digiKam:TagsList`: digiKam, Immich.
    TagsList,
    /// `MicrosoftPhoto:LastKeywordXMP`: Windows, of old. Kept up where it is, never begun.
    LastKeyword,
    /// IPTC-IIM keywords (2:25), as of before XMP. Kept up where a file has IPTC, never begun.
    Iptc,
    /// `XPKeywords` of EXIF's first directory, Windows' own. Read only.
    Xp,
}

impl List {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Subject,
        Self::Hierarchical,
        Self::TagsList,
        Self::LastKeyword,
        Self::Iptc,
        Self::Xp,
    ];

    /// Its name where people know it from.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "dc:subject",
            Self::Hierarchical => "lr:hierarchicalSubject",
            Self::TagsList => "digiKam:TagsList",
            Self::LastKeyword => "MicrosoftPhoto:LastKeywordXMP",
            Self::Iptc => "IPTC:Keywords",
            Self::Xp => "XPKeywords",
        }
    }
}

/// What each list holds, in its order, as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    items: [Vec<Keyword>; 6],
}

impl Lists {
    /// What one of them holds.
    pub fn of(&self, list: List) -> &[Keyword] {
        &self.items[list as usize]
    }

    /// The same, to change.
    pub fn of_mut(&mut self, list: List) -> &mut Vec<Keyword> {
        &mut self.items[list as usize]
    }

    /// Whether none holds anything.
    pub fn is_empty(&self) -> bool {
        self.items.iter().all(Vec::is_empty)
    }
}
