//! What is asked of tagging.

use tagsight_core::Step;
use tagsight_library::Language;

use crate::sidecar::Naming;

/// Where tags go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Write {
    /// Into a file beside the photo.
    #[default]
    Sidecar,
    /// Into the photo; beside it where that would do harm.
    Embed,
    /// Nowhere.
    None,
}

impl Write {
    /// Its name in commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sidecar => "sidecar",
            Self::Embed => "embed",
            Self::None => "none",
        }
    }
}

/// In which words tags are said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Words {
    /// English ones.
    #[default]
    En,
    /// Korean ones.
    Ko,
    /// Both, English first.
    Both,
}

impl Words {
    /// Its name in commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
            Self::Both => "both",
        }
    }

    /// The languages.
    pub const fn languages(self) -> &'static [Language] {
        match self {
            Self::En => &[Language::En],
            Self::Ko => &[Language::Ko],
            Self::Both => &[Language::En, Language::Ko],
        }
    }
}

/// What decides which tags a photo gets, and where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where they go.
    pub write: Write,
    /// What a new sidecar is called.
    pub naming: Naming,
    /// How sure they have to be.
    pub step: Step,
    /// In which words.
    pub words: Words,
    /// Whether a tag says its category too.
    pub add_parent: bool,
}

impl Settings {
    /// All of them in a word: a photo that was tagged by others is tagged again.
    pub fn digest(&self) -> String {
        let parent = if self.add_parent { "+parent" } else { "" };
        let naming = match (self.write, self.naming) {
            (Write::None, _) | (_, Naming::Full) => "",
            (_, Naming::Stem) => "-stem",
        };
        let (write, step, words) = (self.write.name(), self.step.name(), self.words.name());
        format!("{write}{naming} {step} {words}{parent}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn different_settings_are_told_apart() {
        let mut digests = BTreeSet::new();
        for write in [Write::Sidecar, Write::Embed] {
            for naming in [Naming::Full, Naming::Stem] {
                for step in Step::ALL {
                    for words in [Words::En, Words::Ko, Words::Both] {
                        for add_parent in [false, true] {
                            let settings = Settings { write, naming, step, words, add_parent };
                            assert!(digests.insert(settings.digest()), "{settings:?}");
                        }
                    }
                }
            }
        }
    }
}
