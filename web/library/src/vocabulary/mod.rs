//! The 80 COCO labels in two languages.

mod rows;

use std::sync::LazyLock;

use rows::{GROUPS, RELATED};

use crate::search::Form;
use crate::table::Table;
use crate::words::squeeze;

/// What words are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Korean.
    Ko,
}

/// A label of COCO's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its canonical name, which is its English one.
    pub en: &'static str,
    /// Its Korean name.
    pub ko: &'static str,
    /// COCO's supercategory, in English and Korean.
    pub category: [&'static str; 2],
    /// Other words for it in both languages, apart by commas.
    synonyms: &'static str,
}

impl Label {
    /// Its name.
    pub fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ko => self.ko,
        }
    }

    /// Every word that means just this label.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.en, self.ko].into_iter().chain(parts(self.synonyms))
    }
}

fn parts(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(", ").filter(|word| !word.is_empty())
}

struct Vocabulary {
    labels: Vec<Label>,
    /// Places in `labels` by every squeezed word that means one.
    meanings: Table<String, usize>,
    forms: Vec<Forms>,
}

/// What a label is found by.
pub(crate) struct Forms {
    /// Its own words.
    pub(crate) names: Vec<Form>,
    /// Words for more than it: its category, and what it is often called.
    pub(crate) wider: Vec<Form>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let rows =
        GROUPS.iter().flat_map(|(category, rows)| rows.iter().map(move |row| (category, row)));
    let labels: Vec<Label> =
        rows.map(|(&category, &(en, ko, synonyms))| Label { en, ko, category, synonyms }).collect();
    let mut meanings = Table::new();
    for (place, label) in labels.iter().enumerate() {
        for name in label.names() {
            meanings.insert(squeeze(name), place);
        }
    }
    let forms = labels.iter().map(forms).collect();
    Vocabulary { labels, meanings, forms }
});

fn forms(label: &Label) -> Forms {
    let related = RELATED.iter().filter(|(en, _)| *en == label.en);
    let related = related.flat_map(|(_, words)| parts(words));
    Forms {
        names: label.names().flat_map(Form::all).collect(),
        wider: label.category.into_iter().chain(related).flat_map(Form::all).collect(),
    }
}

/// The labels, in COCO's order.
pub fn labels() -> &'static [Label] {
    &VOCABULARY.labels
}

/// The place of the label that a word means, in either language, by a synonym too.
pub(crate) fn meaning(word: &str) -> Option<usize> {
    VOCABULARY.meanings.get(&squeeze(word)).copied()
}

/// The name of a label that is known by its canonical one.
pub(crate) fn name(key: &str, language: Language) -> Option<&'static str> {
    let label = &VOCABULARY.labels[meaning(key)?];
    (label.en == key).then(|| label.name(language))
}

/// What the label of a place is found by.
pub(crate) fn forms_of(place: usize) -> &'static Forms {
    &VOCABULARY.forms[place]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn there_are_cocos_labels_in_cocos_categories() {
        assert_eq!(labels().len(), 80);
        assert_eq!(GROUPS.len(), 12);
        let at = |place: usize| (labels()[place].en, labels()[place].category[0]);
        assert_eq!(at(0), ("person", "person"));
        assert_eq!(at(16), ("dog", "animal"));
        assert_eq!(at(79), ("toothbrush", "indoor"));
    }

    #[test]
    fn no_word_means_two_labels() {
        let mut meant: BTreeMap<String, &str> = BTreeMap::new();
        for label in labels() {
            for name in label.names() {
                let first = *meant.entry(squeeze(name)).or_insert(label.en);
                assert_eq!(first, label.en, "{name} means both");
            }
        }
    }

    #[test]
    fn related_words_mean_no_label() {
        for (en, words) in RELATED {
            assert_eq!(meaning(en).map(|place| labels()[place].en), Some(*en));
            for word in parts(words) {
                assert_eq!(meaning(word), None, "{word}");
            }
        }
    }

    #[test]
    fn labels_are_meant_in_both_languages() {
        let name = |word| meaning(word).map(|place| labels()[place].en);
        for word in ["dog", "Dog", "개", "puppy", "강아지"] {
            assert_eq!(name(word), Some("dog"), "{word}");
        }
        for word in ["cellphone", "Cell Phone", "휴대폰", "핸드폰", "휴대 전화"] {
            assert_eq!(name(word), Some("cell phone"), "{word}");
        }
        assert_eq!(name("티비"), Some("tv"));
        assert_eq!(name("do"), None);
    }
}
