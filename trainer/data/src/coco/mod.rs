//! The official `instances_*.json`: which categories are on which photo, and where.
//!
//! A category counts as present when any annotation names it, crowds included; masks are ignored. What
//! pycocotools takes is taken here, unless photos would get labels that nobody gave them, or lose theirs,
//! without a word.

mod boxes;
mod categories;
mod error;
mod folder;
mod id;
mod json;
mod listed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use self::boxes::{Area, Boxed};
pub use self::error::CocoError;

use self::categories::Categories;
use self::id::Id;
use self::json::Instances;
use self::listed::{each_label, instances, locate};

/// One photo and its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// COCO's image id; of one that is a text, its FNV-1a hash.
    pub id: u64,
    /// Where the file lies.
    pub path: PathBuf,
    /// Output numbers of the categories on it, ascending; may be none.
    pub labels: Vec<usize>,
}

/// Photos in ascending order of their ids.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// The photos.
    pub photos: Vec<Photo>,
    /// What was left out when they were read, a sentence a reason; a part of a dataset has none.
    pub remarks: Vec<String>,
}

impl Dataset {
    /// Reads an annotations file, whose photos lie in `folder`.
    ///
    /// # Errors
    /// If it cannot be read, contradicts itself, or does not say which labels are meant.
    pub fn read(annotations: &Path, folder: &Path) -> Result<Self, CocoError> {
        Self::from_instances(instances(annotations)?, folder)
    }

    fn from_instances(instances: Instances, folder: &Path) -> Result<Self, CocoError> {
        let Instances { images, annotations, categories } = instances;
        let categories = Categories::new(categories)?;
        let mut photos: BTreeMap<Id, (PathBuf, BTreeSet<usize>)> = locate(images, folder)?
            .into_iter()
            .map(|(id, path)| (id, (path, BTreeSet::new())))
            .collect();
        let absent =
            each_label(&mut photos, &annotations, &categories, |(_, labels), label, _| {
                labels.insert(label);
            })?;
        let remarks = absent.remark().into_iter().collect();
        let photos = photos.into_iter().map(|(id, (path, labels))| Photo {
            id: id.number(),
            path,
            labels: labels.into_iter().collect(),
        });
        Ok(Self { photos: photos.collect(), remarks })
    }

    /// Photos of which `keep` is true.
    pub fn filter(&self, keep: impl Fn(&Photo) -> bool) -> Self {
        let photos = self.photos.iter().filter(|photo| keep(photo)).cloned().collect();
        Self { photos, remarks: vec![] }
    }

    /// Each class's log-odds of being on a photo, one photo added on either side.
    pub fn prior_logits(&self, classes: usize) -> Vec<f32> {
        let mut counts = vec![0usize; classes];
        for &label in self.photos.iter().flat_map(|photo| &photo.labels) {
            counts[label] += 1;
        }
        let total = self.photos.len();
        let log_odds = |count: usize| ((count + 1) as f32 / (total - count + 1) as f32).ln();
        counts.into_iter().map(log_odds).collect()
    }
}

#[cfg(test)]
mod tests;
