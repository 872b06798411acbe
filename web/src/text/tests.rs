//! Both languages' texts, walked one by one.

use std::collections::BTreeSet;

use super::{Counted, Language, Template};

/// Shows every text in a group, by its place in [`super::Texts`].
pub(super) trait Walk {
    /// Calls `visit` with each text's name and the text.
    fn walk(&self, name: &str, visit: &mut dyn FnMut(&str, &'static str));
}

impl Walk for &'static str {
    fn walk(&self, name: &str, visit: &mut dyn FnMut(&str, &'static str)) {
        visit(name, self);
    }
}

impl<const N: usize> Walk for Template<N> {
    fn walk(&self, name: &str, visit: &mut dyn FnMut(&str, &'static str)) {
        visit(name, self.text());
    }
}

impl Walk for Counted {
    fn walk(&self, name: &str, visit: &mut dyn FnMut(&str, &'static str)) {
        self.one.walk(&format!("{name}.one"), visit);
        self.other.walk(&format!("{name}.other"), visit);
    }
}

impl<T: Walk, const N: usize> Walk for [T; N] {
    fn walk(&self, name: &str, visit: &mut dyn FnMut(&str, &'static str)) {
        for (index, text) in self.iter().enumerate() {
            text.walk(&format!("{name}.{index}"), visit);
        }
    }
}

impl Walk for Language {
    fn walk(&self, _: &str, _: &mut dyn FnMut(&str, &'static str)) {}
}

/// Korean texts without a Korean letter, as others write them too.
const INTERNATIONAL: [&str; 9] = [
    "{0}ms",
    "{0}KB",
    "{0}MB",
    "{0}GB",
    "{0} × {1}",
    "JPEG, PNG, WebP, GIF, BMP, AVIF",
    "{0}, {1}",
    "+{0}",
    "Tagsight",
];

fn texts(language: Language) -> Vec<(String, &'static str)> {
    let mut texts = Vec::new();
    let mut visit = |name: &str, text| texts.push((name.to_owned(), text));
    language.texts().walk("texts", &mut visit);
    language.dialogs().walk("dialogs", &mut visit);
    language.benchmark().walk("benchmark", &mut visit);
    texts
}

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7A3}')
}

/// The places in a text: {0}, {1}, …
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|part| part.split('}').next().unwrap_or(part)).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let [en, ko] = Language::ALL.map(texts);
    assert!(en.len() > 250, "the walk sees {} texts", en.len());
    assert_eq!(en.len(), ko.len());
    for ((name, en), (other, ko)) in en.iter().zip(&ko) {
        assert_eq!(name, other);
        assert_eq!(places(en), places(ko), "{name}: {en} / {ko}");
    }
}

#[test]
fn no_text_is_empty_or_has_stray_spaces() {
    for language in Language::ALL {
        for (name, text) in texts(language) {
            assert!(!text.trim().is_empty(), "{name}");
            assert!(!text.contains("  "), "{name}: {text}");
            // What is put before something else ends with a space.
            let is_prefix = name == "texts.page.on_this_device";
            assert!(is_prefix || text.trim() == text, "{name}: {text}");
        }
    }
}

#[test]
fn each_language_has_its_own_letters() {
    for (name, text) in texts(Language::En) {
        assert!(!text.contains(is_hangul), "{name}: {text}");
    }
    for (name, text) in texts(Language::Ko) {
        let is_international = INTERNATIONAL.contains(&text) || name.contains("keyboard.rows");
        assert!(is_international || text.contains(is_hangul), "{name}: {text}");
    }
}

/// The form of these follows from the word before them, which is not known here.
#[test]
fn no_korean_particle_follows_a_value() {
    for (name, text) in texts(Language::Ko) {
        for rest in text.split('}').skip(1) {
            let particle = rest.split(|letter: char| !is_hangul(letter)).next().unwrap_or_default();
            let is_particle =
                ["을", "를", "이", "가", "은", "는", "과", "와", "로", "으로"].contains(&particle);
            assert!(!is_particle, "{name}: {text}");
        }
    }
}
