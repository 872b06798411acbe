//! The lists in which programs look for keywords.

use crate::keyword::Keyword;

/// IPTC's longest keyword, bytes (IIM 4.2, 2:25).
const IPTC_BYTES: usize = 64;

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

    /// Between the parts of a path; none in lists of flat words.
    pub(crate) fn separator(self) -> Option<char> {
        match self {
            Self::Hierarchical => Some('|'),
            Self::TagsList | Self::LastKeyword => Some('/'),
            Self::Subject | Self::Iptc | Self::Xp => None,
        }
    }

    /// What an item of it says; nothing if there is no word in it.
    pub(crate) fn keyword(self, item: &str) -> Option<Keyword> {
        match self.separator() {
            Some(separator) => Keyword::from_path(item.split(separator)),
            None => Keyword::from_path([item]),
        }
    }

    /// How a keyword stands in it; nothing if it cannot be said there.
    pub(crate) fn item(self, keyword: &Keyword) -> Option<String> {
        match self.separator() {
            Some(separator) => {
                let is_sayable = keyword.path().iter().all(|part| !part.contains(separator));
                is_sayable.then(|| keyword.path().join(separator.encode_utf8(&mut [0; 4])))
            }
            None if self == Self::Iptc => Some(cut(keyword.leaf()).to_owned()),
            None => Some(keyword.leaf().to_owned()),
        }
    }
}

/// A word as far as IPTC has room for it, cut between characters.
pub(crate) fn cut(word: &str) -> &str {
    word[..word.floor_char_boundary(IPTC_BYTES)].trim_end()
}

/// What each list holds, in its order, as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    items: [Vec<Keyword>; List::ALL.len()],
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
