//! What belongs to the library as a whole.

use tagsight_plain::{name, record};

use crate::table::Table;
use crate::version::VERSION;

/// How sure the network has to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Step {
    /// Few tags, nearly all of them right.
    Sure,
    /// What is chosen unless the user chose.
    #[default]
    Balanced,
    /// Most of what is there, with more wrong ones.
    More,
}

name!(Step { Sure = "Sure", Balanced = "Balanced", More = "More" });

impl Step {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Sure, Self::Balanced, Self::More];
}

/// The scores at which each label is given, in the model's order, at each step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thresholds {
    /// At [`Step::Sure`].
    pub sure: Vec<f32>,
    /// At [`Step::Balanced`].
    pub balanced: Vec<f32>,
    /// At [`Step::More`].
    pub more: Vec<f32>,
}

record!(Thresholds { sure, balanced, more });

impl Thresholds {
    /// Those of one step.
    pub fn at(&self, step: Step) -> &[f32] {
        match step {
            Step::Sure => &self.sure,
            Step::Balanced => &self.balanced,
            Step::More => &self.more,
        }
    }
}

/// What a photo gets however low its scores are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AtLeast {
    /// Nothing: it may show none of the labels.
    #[default]
    Nothing,
    /// Its best label, where it has to be one of them.
    Best,
}

name!(AtLeast { Nothing = "Nothing", Best = "Best" });

/// What the scores of a model mean. It is kept, as scores are read long after the model was loaded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelFacts {
    /// The model's name.
    pub name: String,
    /// SHA-256 of its file, lower-case hexadecimal.
    pub sha256: String,
    /// One a score.
    pub labels: Vec<String>,
    /// When a label is given.
    pub thresholds: Thresholds,
    /// What is given below them.
    pub at_least: AtLeast,
}

record!(ModelFacts { name, sha256, labels, thresholds, at_least });

/// The library's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The build's that wrote them.
    pub version: u32,
    /// How sure the network has to be.
    pub step: Step,
    /// Whether a tag is never shown, by tag. One that is shown again says so: a backup must not hide it.
    pub hidden: Table<String, bool>,
    /// The word that is shown for a tag, by tag; empty where it was taken back.
    pub words: Table<String, String>,
    /// One a model that tagged photos.
    pub models: Vec<ModelFacts>,
    /// Decisions since the last backup. Undoing is none, as it may be undone itself.
    pub since_backup: u32,
}

record!(Settings { version, step, hidden, words, models, since_backup });

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            step: Step::default(),
            hidden: Table::new(),
            words: Table::new(),
            models: Vec::new(),
            since_backup: 0,
        }
    }
}

impl Settings {
    /// Whether the tag is never shown.
    pub fn is_hidden(&self, key: &str) -> bool {
        self.hidden.get(key).copied().unwrap_or_default()
    }

    /// The word that the user gave a tag.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str).filter(|word| !word.is_empty())
    }

    /// What the scores of a model mean.
    pub fn model(&self, sha256: &str) -> Option<&ModelFacts> {
        self.models.iter().find(|model| model.sha256 == sha256)
    }
}
