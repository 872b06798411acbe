//! Which output stands for a category: its name decides, for ids are counted in many ways.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tagsight_core::labels;

use super::error::{CocoError, fail_on};
use super::id::Id;
use super::json::Category;

/// COCO's categories, as outputs are numbered.
pub(super) static LABELS: LazyLock<Vec<String>> = LazyLock::new(labels::coco_names);

/// A file's categories by their ids.
pub(super) struct Categories(BTreeMap<Id, Meaning>);

/// What a category id stands for.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    /// The label with this output number.
    Label(usize),
    /// A category of that name, as it is written, which is none of COCO's.
    Foreign(String),
}

impl Categories {
    /// Reads a file's list. Categories that are none of COCO's may be on it, as `N/A` and
    /// `background` are on many, and so may one category several times.
    ///
    /// # Errors
    /// If one id has two names.
    pub(super) fn new(categories: Vec<Category>) -> Result<Self, CocoError> {
        let mut meanings = BTreeMap::new();
        let mut contradictions = Vec::new();
        for Category { id, name } in categories {
            let meaning = Meaning::of(&name);
            let known = meanings.entry(id.clone()).or_insert_with(|| Meaning::of(&name));
            if *known != meaning {
                contradictions.push(format!("{id} {name:?}"));
            }
        }
        fail_on(contradictions, CocoError::DuplicateCategories)?;
        Ok(Self(meanings))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, id: &Id) -> Option<&Meaning> {
        self.0.get(id)
    }
}

impl Meaning {
    fn of(name: &str) -> Self {
        let plain = plain(name);
        let index = LABELS.iter().position(|label| *label == plain);
        index.map_or_else(|| Self::Foreign(name.trim().to_owned()), Self::Label)
    }

    /// The category's name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Label(index) => &LABELS[*index],
            Self::Foreign(name) => name,
        }
    }
}

/// `Traffic_Light` → `traffic light`
fn plain(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || c == '_' || c == '-');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COCO's own names are what names are compared with.
    #[test]
    fn every_label_is_found_however_it_is_written() {
        for (index, name) in LABELS.iter().enumerate() {
            let capitals = name.to_uppercase();
            for name in [name.clone(), format!(" {} ", capitals.replace(' ', "_")), capitals] {
                assert_eq!(Meaning::of(&name), Meaning::Label(index), "{name}");
            }
        }
        assert_eq!(Meaning::of("N/A"), Meaning::Foreign("N/A".into()));
    }
}
