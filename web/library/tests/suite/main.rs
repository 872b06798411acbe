//! The library as the page uses it.

mod backups;
mod decisions;
mod edits;
mod finding;
mod json;
mod random;
mod reference;
mod speed;
mod store;
mod tabs;

use tagsight_library::{
    AtLeast, Library, ModelFacts, Outcome, Photo, PhotoId, Scores, Source, Tag, Thresholds,
};

/// The model that most tests use.
const MODEL: &str = "aa";

fn id(name: &str) -> PhotoId {
    name.into()
}

fn photo(name: &str) -> Photo {
    Photo { id: id(name), name: format!("{name}.jpg"), ..Photo::default() }
}

fn facts(sha256: &str, labels: &[&str]) -> ModelFacts {
    let all = |threshold: f32| vec![threshold; labels.len()];
    ModelFacts {
        name: "model".into(),
        sha256: sha256.into(),
        labels: labels.iter().map(|&label| label.into()).collect(),
        thresholds: Thresholds { sure: all(0.8), balanced: all(0.5), more: all(0.3) },
        at_least: AtLeast::Nothing,
    }
}

fn scores(sha256: &str, values: &[f32]) -> Scores {
    Scores { sha256: sha256.into(), values: values.into(), ..Scores::default() }
}

/// A library whose model knows dog, cat and person.
fn library(photos: &[Photo]) -> Library {
    let mut library = Library::default();
    library.register_model(facts(MODEL, &["dog", "cat", "person"]));
    for photo in photos {
        library.add(photo.clone());
    }
    library
}

/// A library of one photo with these scores.
fn scored(values: [f32; 3]) -> Library {
    let mut library = library(&[photo("a")]);
    score(&mut library, "a", &values);
    library
}

fn score(library: &mut Library, name: &str, values: &[f32]) {
    let generation = library.begin(&id(name)).expect("the photo is there");
    let outcome = library.finish(&id(name), generation, scores(MODEL, values));
    assert!(matches!(outcome, Outcome::Kept(_)));
}

fn keys(tags: &[Tag]) -> Vec<&str> {
    tags.iter().map(|tag| &*tag.key).collect()
}

/// The tags of a photo and who gave them.
fn sources(library: &Library, name: &str) -> Vec<(String, Source)> {
    let tags = library.tags(&id(name));
    tags.iter().map(|tag| (tag.key.to_string(), tag.source)).collect()
}

/// The keys of a photo's tags.
fn tags(library: &Library, name: &str) -> Vec<String> {
    keys(&library.tags(&id(name))).into_iter().map(String::from).collect()
}
