//! Photos by what is on them.
//!
//! What the index says of a photo counts as long as the photo and its sidecars are as they were; of
//! others the files themselves are asked.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use tagsight_core::Step;
use tagsight_core::tags::Tag;
use tagsight_library::{Library, Photo as Record, PhotoId, Query};
use tagsight_metadata::{Said, Taken};

use crate::index::{Entry, Index, IndexError};
use crate::stores::Stores;
use crate::survey::{Gaps, Survey, Surveyed};
use crate::walk::Photo;
use crate::{plan, words, work};

/// What is asked.
#[derive(Debug)]
pub struct Search {
    /// Folders, and photos.
    pub places: Vec<PathBuf>,
    /// As it was typed.
    pub query: String,
    /// How sure tags have to be; as when they were given, if nothing is said.
    pub step: Option<Step>,
    /// How many files are read at once.
    pub jobs: NonZero<usize>,
}

/// A photo that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Labels that a model gave it, with their scores where they are known.
    pub tags: Vec<(String, Option<f32>)>,
    /// Words that people gave it.
    pub words: Vec<String>,
    /// When it was taken; empty where that is not known.
    pub taken: String,
}

/// What a search came to.
#[derive(Debug, Default)]
pub struct Findings {
    /// In the order of the walk.
    pub found: Vec<Found>,
    /// What could not be searched.
    pub gaps: Gaps,
}

/// Finds photos.
///
/// # Errors
/// If an index cannot be read.
pub fn find(
    search: &Search,
    stores: &mut Stores,
    stop: &AtomicBool,
) -> Result<Findings, IndexError> {
    let survey = Survey { places: &search.places, jobs: search.jobs, stop };
    let indexed =
        |index: &Index, entry: &Entry, photo: &Photo| indexed(search, index, entry, photo);
    let read = |(): &mut (), photo: &Photo| {
        let (said, taken) = work::said(photo)?;
        Ok(by_file(&photo.path, &said, taken))
    };
    let Surveyed { known, gaps } = survey.carry_out(stores, indexed, || (), read)?;
    let candidates = known.into_iter().map(|(_, found)| found).collect();
    Ok(Findings { found: matching(&search.query, candidates), gaps })
}

/// What the index says, if the photo is as it was.
fn indexed(search: &Search, index: &Index, entry: &Entry, photo: &Photo) -> Option<Found> {
    if !entry.is_of(photo.stamp, &photo.sidecars) {
        return None;
    }
    let tags = given(search, index, entry);
    let (words, taken) = (entry.own.clone(), entry.taken.clone());
    Some(Found { path: photo.path.clone(), tags, words, taken })
}

fn given(search: &Search, index: &Index, entry: &Entry) -> Vec<(String, Option<f32>)> {
    let Some(facts) = index.facts(&entry.model) else {
        return entry.tags.iter().map(|label| (label.clone(), None)).collect();
    };
    let tags = match search.step {
        // What was taken back is not there, however sure the model was.
        Some(step) if !entry.settings.is_empty() => entry.tags_at(facts, step),
        _ => entry.scored(facts),
    };
    tags.into_iter().map(|Tag { label, score }| (label, Some(score))).collect()
}

fn by_file(path: &Path, said: &[Said], taken: Option<Taken>) -> Found {
    let withdrawn = plan::withdrawn(said);
    let mut tags: Vec<(String, Option<f32>)> = Vec::new();
    for given in said.iter().flat_map(|said| &said.given) {
        let is_there = tags.iter().any(|(label, _)| *label == given.label);
        if !is_there && !withdrawn.contains(&given.label) {
            tags.push((given.label.clone(), Some(given.score)));
        }
    }
    let taken = taken.map(|taken| taken.to_string()).unwrap_or_default();
    Found { path: path.to_owned(), tags, words: plan::own(said), taken }
}

/// Those that the query finds, in their order.
fn matching(query: &str, candidates: Vec<Found>) -> Vec<Found> {
    let query = Query::parse(&words::nfc(query));
    let mut library = Library::default();
    for (place, candidate) in (0..).zip(&candidates) {
        let labels = candidate.tags.iter().map(|(label, _)| label.clone());
        let name = candidate.path.file_name().unwrap_or_default().to_string_lossy();
        library.add(Record {
            // Copies of one picture are found each.
            id: id(place),
            name: words::nfc(&name),
            taken: candidate.taken.clone(),
            place,
            keywords: labels.chain(candidate.words.iter().cloned()).collect(),
            ..Record::default()
        });
    }
    let found = library.find(&query);
    let mut candidates: Vec<Option<Found>> = candidates.into_iter().map(Some).collect();
    found.iter().filter_map(|record| candidates[record.place as usize].take()).collect()
}

/// Ascends with the place.
fn id(place: u32) -> PhotoId {
    PhotoId::from(&*format!("{place:08x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(name: &str, labels: &[&str], words: &[&str]) -> Found {
        Found {
            path: Path::new("photos").join(name),
            tags: labels.iter().map(|&label| (label.to_owned(), Some(0.5))).collect(),
            words: words.iter().map(|&word| word.to_owned()).collect(),
            taken: "2026-11-26T09:13:18".into(),
        }
    }

    #[test]
    fn photos_are_found_in_both_languages_by_labels_words_names_and_dates() {
        let all = || {
            vec![
                candidate("1.jpg", &["dog", "person"], &[]),
                candidate("2.jpg", &["dog"], &["바다"]),
                candidate("3.jpg", &["cat"], &["Grandma"]),
                candidate("4.jpg", &["cell phone"], &[]),
            ]
        };
        let cases: [(&str, &[&str]); 12] = [
            ("dog and not person", &["2.jpg"]),
            ("개 -사람", &["2.jpg"]),
            ("개 사람 제외", &["2.jpg"]),
            ("dog or cat", &["1.jpg", "2.jpg", "3.jpg"]),
            ("강아지", &["1.jpg", "2.jpg"]),
            ("animal", &["1.jpg", "2.jpg", "3.jpg"]),
            // As macOS spells names.
            ("\u{1107}\u{1161}\u{1103}\u{1161}", &["2.jpg"]),
            ("grandma", &["3.jpg"]),
            ("\"cell phone\"", &["4.jpg"]),
            ("3.jpg", &["3.jpg"]),
            ("2026-11 -dog -cat", &["4.jpg"]),
            ("zebra", &[]),
        ];
        for (query, expected) in cases {
            let found = matching(query, all());
            let names: Vec<_> = found.iter().map(|f| f.path.file_name().unwrap()).collect();
            assert_eq!(names, expected, "{query}");
        }
        assert_eq!(matching("", all()).len(), 4, "no query finds all");
    }
}
