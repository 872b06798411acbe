//! Photos with what is true of them, wherever that was read from.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;

use tagsight_core::Goal;

use crate::counts::label_counts;
use crate::part::Part;
use crate::target::{Subject, Target};

/// One photo and what is true of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// A number that stays the photo's, whichever other photos there are: whether it is held back and
    /// what its views are follows from it. COCO's image id; of one that is a text, and of a photo's
    /// place in a folder or list, its FNV-1a hash.
    pub id: u64,
    /// Where the file lies.
    pub path: PathBuf,
    /// Of the kind that the dataset's task asks for.
    pub target: Target,
    /// What it is for, where that is written down; otherwise it is for whoever reads the dataset to say.
    pub part: Option<Part>,
    /// The first bytes of its file's SHA-256, where the id is only that of a name.
    pub content: Option<u64>,
}

impl Photo {
    /// A photo with an id of its own, which may be for anything.
    pub fn new(id: u64, path: impl Into<PathBuf>, target: Target) -> Self {
        Self { id, path: path.into(), target, part: None, content: None }
    }
}

/// Two photos whose places have one hash.
#[derive(Debug, thiserror::Error)]
#[error("{one} and {other} have one number; rename one of them")]
pub struct SameId {
    /// One of them.
    pub one: PathBuf,
    /// The other.
    pub other: PathBuf,
}

/// Photos in ascending order of their ids.
///
/// # Errors
/// If two have one id.
pub(crate) fn by_id(photos: impl Iterator<Item = Photo>) -> Result<Vec<Photo>, SameId> {
    let mut all = BTreeMap::<u64, Photo>::new();
    for photo in photos {
        match all.entry(photo.id) {
            Entry::Vacant(vacant) => drop(vacant.insert(photo)),
            Entry::Occupied(occupied) => {
                return Err(SameId { one: occupied.remove().path, other: photo.path });
            }
        }
    }
    Ok(all.into_values().collect())
}

/// Photos in ascending order of their ids.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// What is asked of them.
    pub subject: Subject,
    /// The photos.
    pub photos: Vec<Photo>,
    /// What was left out when they were read, a sentence a reason; a part of a dataset has none.
    pub remarks: Vec<String>,
}

impl Dataset {
    /// Photos of which `keep` is true.
    pub fn filter(&self, keep: impl Fn(&Photo) -> bool) -> Self {
        let photos = self.photos.iter().filter(|photo| keep(photo)).cloned().collect();
        Self { subject: self.subject.clone(), photos, remarks: vec![] }
    }

    /// The outputs of a network that knows nothing but how often labels are on photos, one photo added
    /// on either side: log-odds; logarithms of frequencies where a photo has one label; and 0 for values,
    /// which stands for what is usual.
    pub fn prior_logits(&self) -> Vec<f32> {
        let counts =
            label_counts(self.photos.iter().map(|photo| &photo.target), self.subject.labels.len());
        let (total, classes) = (self.photos.len(), counts.len());
        let logit = |count: usize| match self.subject.task {
            Goal::MultiLabel => ((count + 1) as f32 / (total - count + 1) as f32).ln(),
            Goal::SingleLabel => ((count + 1) as f32 / (total + classes) as f32).ln(),
            Goal::Regression { .. } => 0.0,
        };
        counts.into_iter().map(logit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_by_their_ids_and_two_of_one_id_are_named() {
        let photo = |id, path: &str| Photo::new(id, path, Target::Class(0));
        let sorted = by_id([photo(7, "b"), photo(2, "a")].into_iter()).unwrap();
        assert_eq!(sorted, [photo(2, "a"), photo(7, "b")]);
        let same = by_id([photo(7, "b"), photo(2, "a"), photo(7, "c")].into_iter()).unwrap_err();
        assert_eq!(same.to_string(), "b and c have one number; rename one of them");
    }

    #[test]
    fn a_network_begins_with_how_often_labels_are() {
        let prior = |task, targets: [Target; 3]| {
            let photos = (1..).zip(targets).map(|(id, target)| Photo::new(id, "x", target));
            let labels = ["dog", "cat"].map(String::from).into();
            let subject = Subject { labels, task, ..Subject::default() };
            Dataset { subject, photos: photos.collect(), remarks: vec![] }.prior_logits()
        };
        let labels = [vec![0, 1], vec![0], vec![]].map(Target::Labels);
        let expected = [3.0f32 / 2.0, 2.0 / 3.0].map(f32::ln);
        assert_eq!(prior(Goal::MultiLabel, labels), expected);
        let expected = [3.0f32 / 5.0, 2.0 / 5.0].map(f32::ln);
        assert_eq!(prior(Goal::SingleLabel, [0, 1, 0].map(Target::Class)), expected);
    }
}
