//! What is to be written of a photo's tags: which words say them, and who gave them.

use tagsight_library::Source;
use tagsight_metadata::{Keyword, Origin, Tag as WantedTag, Wanted};

use crate::choices::{Path, Words};
use crate::record::{Record, Tag};

/// The tags that a photo's file is to have. What came from the file is in it already, in the words of
/// whoever put it there.
pub fn wanted(record: &Record, words: Words, path: Path) -> Wanted {
    let given = record.tags.iter().filter(|tag| tag.source != Source::File);
    let tags = given.map(|tag| WantedTag {
        keywords: keywords(tag, words, path),
        origin: origin(tag, &record.model),
    });
    Wanted { tags: tags.collect(), removed: record.removed.clone(), ..Wanted::default() }
}

/// What the photo said when it was read, for where it cannot be read now.
pub fn remembered(record: &Record) -> Vec<Keyword> {
    record.keywords.iter().map(Keyword::flat).collect()
}

fn origin(tag: &Tag, model: &str) -> Origin {
    match (tag.source, tag.score) {
        (Source::Auto, Some(score)) => {
            Origin::Machine { label: tag.key.clone(), score, model: model.to_owned() }
        }
        _ => Origin::Person,
    }
}

/// One a language, and what it belongs to as a word of its own where that is wanted, since half of all
/// programs know no paths.
fn keywords(tag: &Tag, words: Words, path: Path) -> Vec<Keyword> {
    let languages: &[usize] = match words {
        Words::En => &[0],
        Words::Ko => &[1],
        Words::Both => &[0, 1],
    };
    let mut keywords: Vec<Keyword> = Vec::new();
    for &language in languages {
        let word = &tag.words[language];
        let category = tag.category.map(|names| names[language]);
        // A person is a person.
        match category.filter(|category| path == Path::Category && category != word) {
            Some(category) => {
                keywords.extend(Keyword::from_path([category, word]));
                keywords.push(Keyword::flat(category));
            }
            None => keywords.push(Keyword::flat(word)),
        }
    }
    // What is called the same in both languages is one word.
    keywords.dedup();
    keywords
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;

    fn said(words: Words, path: Path) -> Vec<String> {
        let wanted = wanted(&record(), words, path);
        let keywords = wanted.tags.iter().flat_map(|tag| &tag.keywords);
        keywords.map(|keyword| keyword.path().join("|")).collect()
    }

    #[test]
    fn words_are_in_the_languages_that_are_wanted() {
        assert_eq!(said(Words::En, Path::Leaf), ["Grandma", "dog"]);
        assert_eq!(said(Words::Ko, Path::Leaf), ["Grandma", "개"]);
        assert_eq!(said(Words::Both, Path::Leaf), ["Grandma", "dog", "개"]);
    }

    #[test]
    fn a_category_is_a_path_and_a_word() {
        let both = ["Grandma", "animal|dog", "animal", "동물|개", "동물"];
        assert_eq!(said(Words::Both, Path::Category), both);
    }

    #[test]
    fn a_label_that_is_its_own_category_is_one_word() {
        let mut record = record();
        record.tags[1].words = ["person".into(), "사람".into()];
        record.tags[1].category = Some(["person", "사람"]);
        let wanted = wanted(&record, Words::Both, Path::Category);
        assert_eq!(wanted.tags[1].keywords, ["person", "사람"].map(Keyword::flat));
    }

    #[test]
    fn machines_and_people_are_told_apart_and_the_files_words_are_its_own() {
        let wanted = wanted(&record(), Words::En, Path::Leaf);
        assert_eq!(wanted.tags.len(), 2);
        assert_eq!(wanted.tags[0].origin, Origin::Person);
        let machine = Origin::Machine { label: "dog".into(), score: 0.9, model: "00ff".into() };
        assert_eq!(wanted.tags[1].origin, machine);
        assert_eq!(wanted.removed, ["cat", "고양이", "kitty"]);
    }

    #[test]
    fn a_sidecar_of_a_photo_that_is_away_begins_with_what_it_said() {
        assert_eq!(remembered(&record()), ["holiday", "kitty"].map(Keyword::flat));
    }
}
