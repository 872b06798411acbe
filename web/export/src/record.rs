//! What is known of a photo, worked out of the library for good: its tags, and what goes.

use tagsight_library::{Decision, Label, Language, Library, Photo, Source, labels, lower};

/// A photo.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// What it is known by: SHA-256 of its coded picture.
    pub id: String,
    /// Its file's name.
    pub name: String,
    /// When it was taken, by its own clock; may be empty.
    pub taken: String,
    /// SHA-256 of the model's file that gave scores; may be empty.
    pub model: String,
    /// Its tags, best first.
    pub tags: Vec<Tag>,
    /// Words that it does not have: the user said so.
    pub removed: Vec<String>,
    /// What its file said when it was read.
    pub keywords: Vec<String>,
}

/// A tag of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// What it is known by: the label, or the user's word.
    pub key: String,
    /// Its word in English and Korean.
    pub words: [String; 2],
    /// What the label belongs to, in English and Korean; none of words of the user's own.
    pub category: Option<[&'static str; 2]>,
    /// What the network says of it.
    pub score: Option<f32>,
    /// Who gave it.
    pub source: Source,
}

impl Record {
    /// A photo of `library`.
    pub fn of(library: &Library, photo: &Photo) -> Self {
        let tags: Vec<Tag> =
            library.tags(&photo.id).into_iter().map(|tag| named(library, tag)).collect();
        let removed = removed(library, photo, &tags);
        Self {
            id: photo.id.as_str().to_owned(),
            name: photo.name.clone(),
            taken: photo.taken.clone(),
            model: photo.result.as_ref().map(|result| result.sha256.clone()).unwrap_or_default(),
            tags,
            removed,
            keywords: photo.keywords.clone(),
        }
    }
}

fn named(library: &Library, tag: tagsight_library::Tag) -> Tag {
    // A label that was renamed is a word of the user's own.
    let is_renamed = library.settings().word(&tag.key).is_some();
    let label = label(&tag.key).filter(|_| !is_renamed);
    Tag {
        key: tag.key.to_string(),
        words: both(library, &tag.key),
        category: label.map(|label| label.category),
        score: tag.score,
        source: tag.source,
    }
}

fn label(key: &str) -> Option<&'static Label> {
    labels().iter().find(|label| label.en == key)
}

fn both(library: &Library, key: &str) -> [String; 2] {
    [Language::En, Language::Ko].map(|language| library.display(key, language).to_owned())
}

/// Whatever a tag that was removed may be called in a file, but for what another tag of the photo is.
fn removed(library: &Library, photo: &Photo, tags: &[Tag]) -> Vec<String> {
    let mut removed: Vec<String> = Vec::new();
    let gone = photo.decisions.iter().filter(|(_, decision)| **decision == Decision::Removed);
    for (key, _) in gone {
        let own = label(key).map(|label| [label.en.to_owned(), label.ko.to_owned()]);
        let said = photo.keywords.iter().filter(|word| *library.key_of(word) == **key).cloned();
        let words = both(library, key).into_iter().chain(own.into_iter().flatten()).chain(said);
        for word in std::iter::once(key.clone()).chain(words) {
            let folded = lower(&word);
            let stays = tags.iter().flat_map(|tag| &tag.words).any(|kept| lower(kept) == folded);
            if !stays && !removed.contains(&word) {
                removed.push(word);
            }
        }
    }
    removed
}

#[cfg(test)]
pub(crate) mod tests {
    use tagsight_library::{AtLeast, ModelFacts, PhotoId, Scores, Thresholds};

    use super::*;

    /// A photo with a dog (0.9), a cat that was removed, a word that was typed, and keywords.
    pub(crate) fn library() -> Library {
        let mut library = Library::default();
        let least = vec![0.5, 0.5, 0.5];
        library.register_model(ModelFacts {
            name: "small".into(),
            sha256: "00ff".into(),
            labels: vec!["dog".into(), "cat".into(), "person".into()],
            thresholds: Thresholds { sure: least.clone(), balanced: least.clone(), more: least },
            at_least: AtLeast::Nothing,
        });
        let id = PhotoId::from("ab");
        library.add(Photo {
            id: id.clone(),
            name: "바다.jpg".into(),
            taken: "2026-11-26T09:13:18".into(),
            keywords: vec!["holiday".into(), "kitty".into()],
            ..Photo::default()
        });
        let generation = library.begin(&id).unwrap();
        let values = vec![0.9, 0.8, 0.1];
        let scores = Scores { sha256: "00ff".into(), values, ..Scores::default() };
        library.finish(&id, generation, scores);
        library.remove_tag(std::slice::from_ref(&id), "cat");
        library.add_tag(&[id], "Grandma");
        library
    }

    pub(crate) fn record() -> Record {
        let library = library();
        let photo = library.photos().next().unwrap().clone();
        Record::of(&library, &photo)
    }

    #[test]
    fn a_record_has_tags_in_both_languages_with_their_categories() {
        let record = record();
        let said: Vec<_> = record.tags.iter().map(|tag| (&*tag.key, tag.source)).collect();
        let wanted = [("Grandma", Source::User), ("dog", Source::Auto), ("holiday", Source::File)];
        assert_eq!(said, wanted);
        assert_eq!(record.tags[1].words, ["dog", "개"]);
        assert_eq!(record.tags[1].category, Some(["animal", "동물"]));
        assert_eq!(record.tags[0].category, None);
        assert_eq!(record.model, "00ff");
    }

    #[test]
    fn what_was_removed_goes_by_every_name() {
        assert_eq!(record().removed, ["cat", "고양이", "kitty"]);
    }

    #[test]
    fn a_renamed_label_is_the_users_word() {
        let mut library = library();
        library.rename("dog", "Bello");
        let photo = library.photos().next().unwrap().clone();
        let record = Record::of(&library, &photo);
        let dog = record.tags.iter().find(|tag| tag.key == "dog").unwrap();
        assert_eq!(dog.words, ["Bello", "Bello"]);
        assert_eq!(dog.category, None);
    }
}
