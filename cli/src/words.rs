//! Words as they are compared, and what tags are called in metadata.

use std::sync::LazyLock;

use tagsight_library::{Label, Language, labels};
use tagsight_metadata::Keyword;
use unicode_normalization::UnicodeNormalization;

use crate::settings::{Settings, Words};

/// What a word is compared by: NFC, trimmed, in lower case.
pub fn fold(word: &str) -> String {
    let word: String = word.nfc().collect();
    word.trim().to_lowercase()
}

/// A text in NFC, as the library wants it.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// What the vocabulary has of a model's label.
fn known(label: &str) -> Option<&'static Label> {
    static LABELS: LazyLock<&'static [Label]> = LazyLock::new(labels);
    LABELS.iter().find(|known| known.en == label)
}

/// A label's name in every language.
pub fn names(label: &str) -> impl Iterator<Item = &str> {
    [Language::En, Language::Ko].into_iter().map(move |language| name(label, language))
}

/// A label's name, or that of a category.
pub fn name(label: &str, language: Language) -> &str {
    known(label).map_or(label, |known| known.name(language))
}

/// A label in all languages that are asked for, as it is shown: `dog`, `개`, `dog 개`.
pub fn shown(label: &str, words: Words) -> String {
    let names: Vec<&str> = words.languages().iter().map(|&one| name(label, one)).collect();
    names.join(" ")
}

/// The category of a label, by its English name, if it is another word.
pub fn parent(label: &str) -> Option<&'static str> {
    let [category, _] = known(label)?.category;
    (category != label).then_some(category)
}

/// The keywords that say a label: one a language.
pub fn of_label(label: &str, settings: &Settings) -> Vec<Keyword> {
    let keyword = |&language: &Language| {
        let name = name(label, language);
        let category = parent(label).filter(|_| settings.add_parent);
        let category = category.and(known(label)).map(|known| in_language(known, language));
        match category {
            // Where both are one word in this language, a path would say it twice.
            Some(category) if category != name => Keyword::from_path([category, name]),
            _ => Keyword::from_path([name]),
        }
    };
    settings.words.languages().iter().filter_map(keyword).collect()
}

/// The keywords that say the category of a label alone, so that it is found where paths are not read.
pub fn of_parent(label: &str, settings: &Settings) -> Vec<Keyword> {
    let Some(known) = known(label) else { return Vec::new() };
    let keyword = |&language: &Language| Keyword::flat(in_language(known, language));
    settings.words.languages().iter().map(keyword).collect()
}

fn in_language(label: &'static Label, language: Language) -> &'static str {
    let [en, ko] = label.category;
    match language {
        Language::En => en,
        Language::Ko => ko,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(keywords: Vec<Keyword>) -> Vec<String> {
        keywords.iter().map(|keyword| keyword.path().join("|")).collect()
    }

    #[test]
    fn spellings_of_one_word_are_one() {
        assert_eq!(fold(" Dog\u{a0}"), "dog");
        assert_eq!(fold("Café"), fold("CAFE\u{301}"));
        assert_eq!(fold("\u{1100}\u{1161}\u{11bc}"), fold("강"));
        assert_ne!(fold("new york"), fold("newyork"));
    }

    #[test]
    fn labels_are_said_in_the_words_that_are_asked_for() {
        let settings = |words, add_parent| Settings { words, add_parent, ..Settings::default() };
        let dog = |words, add_parent| paths(of_label("dog", &settings(words, add_parent)));
        assert_eq!(dog(Words::En, false), ["dog"]);
        assert_eq!(dog(Words::Both, false), ["dog", "개"]);
        assert_eq!(dog(Words::Both, true), ["animal|dog", "동물|개"]);
        let ko = settings(Words::Ko, true);
        assert_eq!(paths(of_parent("dog", &ko)), ["동물"]);
        assert_eq!((parent("person"), parent("dog")), (None, Some("animal")));
        assert_eq!(paths(of_label("person", &ko)), ["사람"]);
        assert_eq!(paths(of_label("quokka", &ko)), ["quokka"], "a label of another model");
        assert_eq!(
            (shown("dog", Words::Both), shown("quokka", Words::Ko)),
            ("dog 개".into(), "quokka".into())
        );
    }
}
