//! What a photo's metadata is to say.

use tagsight_core::tags::Tag;
use tagsight_metadata::{Keyword, Origin, Said, Wanted};

use crate::settings::Settings;
use crate::words;

/// The metadata's words for what a model said, best first.
///
/// `tags` are without those that were `withdrawn`, of which some may be categories. A category stands beside its labels once, with the best of their scores.
pub fn wanted(tags: &[Tag], withdrawn: &[String], settings: &Settings, model: &str) -> Wanted {
    let machine = |label: &str, score| Origin::Machine {
        label: label.to_owned(),
        score,
        model: model.to_owned(),
    };
    let mut wanted = Wanted::default();
    let mut parents = Vec::new();
    for Tag { label, score } in tags {
        let (keywords, origin) = (words::of_label(label, settings), machine(label, *score));
        wanted.tags.push(tagsight_metadata::Tag { keywords, origin });
        let parent = words::parent(label).filter(|_| settings.add_parent);
        let parent = parent.filter(|&parent| withdrawn.iter().all(|label| label != parent));
        if let Some(parent) = parent.filter(|parent| !parents.contains(parent)) {
            parents.push(parent);
            let (keywords, origin) = (words::of_parent(label, settings), machine(parent, *score));
            wanted.tags.push(tagsight_metadata::Tag { keywords, origin });
        }
    }
    wanted
}

/// Labels that somebody took out of a photo's metadata since they were written.
pub fn withdrawn<'a>(said: impl IntoIterator<Item = &'a Said>) -> Vec<String> {
    let given = said.into_iter().flat_map(|said| &said.given);
    let mut labels: Vec<String> =
        given.filter(|given| given.is_withdrawn).map(|given| given.label.clone()).collect();
    labels.sort();
    labels.dedup();
    labels
}

/// The words that people, or other programs, gave, each once; of a path every part.
pub fn own<'a>(said: impl IntoIterator<Item = &'a Said>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let keywords = said.into_iter().flat_map(|said| &said.own);
    for word in keywords.flat_map(Keyword::path).map(|word| words::nfc(word)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use tagsight_metadata::Keyword;

    use super::*;
    use crate::settings::Words;

    fn tag(label: &str, score: f32) -> Tag {
        Tag { label: label.into(), score }
    }

    fn said(wanted: &Wanted) -> Vec<(String, f32, Vec<String>)> {
        let tags = wanted.tags.iter().map(|tag| {
            let Origin::Machine { label, score, model } = &tag.origin else { panic!("{tag:?}") };
            assert_eq!(model, "digest");
            let paths = tag.keywords.iter().map(|keyword| keyword.path().join("|"));
            (label.clone(), *score, paths.collect())
        });
        tags.collect()
    }

    #[test]
    fn a_category_is_said_once_with_its_best_score() {
        let tags = [tag("dog", 0.9), tag("person", 0.8), tag("cat", 0.7)];
        let words = |all: &[&str]| all.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let settings = Settings { words: Words::Both, add_parent: true, ..Settings::default() };
        let expected = [
            ("dog".to_owned(), 0.9, words(&["animal|dog", "동물|개"])),
            ("animal".to_owned(), 0.9, words(&["animal", "동물"])),
            ("person".to_owned(), 0.8, words(&["person", "사람"])),
            ("cat".to_owned(), 0.7, words(&["animal|cat", "동물|고양이"])),
        ];
        assert_eq!(said(&wanted(&tags, &[], &settings, "digest")), expected);
        let plain = said(&wanted(&tags, &[], &Settings::default(), "digest"));
        assert_eq!(plain[0], ("dog".to_owned(), 0.9, words(&["dog"])));
        assert_eq!(plain.len(), 3);
        let without = said(&wanted(&tags, &["animal".into()], &settings, "digest"));
        assert!(without.iter().all(|(label, ..)| label != "animal"), "{without:?}");
    }

    #[test]
    fn each_of_peoples_words_is_kept_once() {
        let path = Keyword::from_path(["여행", "바다"]).unwrap();
        let said = Said { own: vec![path, Keyword::flat("바다")], ..Said::default() };
        assert_eq!(own([&said, &said]), ["여행", "바다"]);
    }
}
