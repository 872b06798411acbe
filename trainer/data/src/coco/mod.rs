//! The official `instances_*.json`: which categories are on which photo, and where.
//!
//! A category counts as present when any annotation names it, crowds included; masks are ignored. What
//! pycocotools takes is taken here, unless photos would get labels that nobody gave them, or lose theirs,
//! without a word.

mod boxes;
mod categories;
mod error;
mod id;
mod json;
mod listed;
mod named;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tagsight_core::Goal;

pub use self::boxes::{Area, Boxed};
pub use self::error::CocoError;
pub use self::named::{NamedBox, NamedBoxes, NamedError};

use self::categories::{Categories, LABELS};
use self::id::Id;
use self::json::Instances;
use self::listed::{each_label, instances, locate};
use crate::dataset::{Dataset, Photo};
use crate::target::{Medium, Subject, Target};

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
        let photos = photos.into_iter().map(|(id, (path, labels))| {
            Photo::new(id.number(), path, Target::Labels(labels.into_iter().collect()))
        });
        Ok(Self { subject: subject(), photos: photos.collect(), remarks })
    }
}

/// The names of COCO's categories, as outputs are numbered.
pub fn coco_labels() -> Vec<String> {
    LABELS.clone()
}

/// What COCO is asked: which of its categories are on a photo.
fn subject() -> Subject {
    Subject {
        name: "COCO 2017 photos: their annotated categories".into(),
        labels: coco_labels(),
        task: Goal::MultiLabel,
        medium: Medium::Photos,
    }
}

#[cfg(test)]
mod tests;
