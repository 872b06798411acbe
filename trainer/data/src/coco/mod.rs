//! The official `instances_*.json`: which categories are on which photo, and where.
//!
//! A category counts as present when any annotation names it, crowds included; masks are ignored. What pycocotools takes is taken here, unless photos would get labels that nobody
//! gave them, or lose theirs, without a word.

mod boxes;
mod categories;
mod error;
mod folder;
mod id;
mod json;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use self::boxes::{Area, Boxed};
pub use self::error::CocoError;

use self::categories::{Categories, Meaning};
use self::error::fail_on;
use self::folder::Folder;
use self::id::Id;
use self::json::{Annotation, Image, Instances};
use super::list::first_few;

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
        let mut photos: Labelled = locate(images, folder)?
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

/// Paths and labels of photos by image id.
type Labelled = BTreeMap<Id, (PathBuf, BTreeSet<usize>)>;

/// The records of an annotations file.
fn instances(annotations: &Path) -> Result<Instances, CocoError> {
    let bytes = std::fs::read(annotations)
        .map_err(|source| CocoError::Io { path: annotations.to_owned(), source })?;
    json::parse(bytes).map_err(|detail| CocoError::Json { path: annotations.to_owned(), detail })
}

/// Where the images lie. An image may be listed again with the same file.
fn locate(images: Vec<Image>, folder: &Path) -> Result<BTreeMap<Id, PathBuf>, CocoError> {
    let folder = Folder::new(folder);
    let mut photos = BTreeMap::new();
    let (mut outside, mut twice) = (Vec::new(), Vec::new());
    for Image { id, file_name } in images {
        let Some(path) = folder.locate(&file_name) else {
            outside.push(format!("{file_name:?}"));
            continue;
        };
        match photos.get(&id) {
            Some(known) if *known != path => twice.push(format!("{id} ({file_name:?})")),
            Some(_) => {}
            None => drop(photos.insert(id, path)),
        }
    }
    fail_on(outside, CocoError::UnsafeNames)?;
    fail_on(twice, CocoError::DuplicateImages)?;
    Ok(photos)
}

/// Annotations of images that a file does not list, as there are when photos were picked from it.
#[derive(Default)]
struct Absent {
    annotations: usize,
    images: BTreeSet<Id>,
}

impl Absent {
    fn remark(&self) -> Option<String> {
        let Self { annotations, images } = self;
        let listed: Vec<&Id> = images.iter().collect();
        (*annotations > 0).then(|| {
            let images = first_few(&listed);
            format!(
                "annotations of images that the file does not list are left out: {annotations}, of \
                 the image ids {images}"
            )
        })
    }
}

/// Calls `found` for every annotation of a photo, with the label that it names.
fn each_label<P>(
    photos: &mut BTreeMap<Id, P>,
    annotations: &[Annotation],
    categories: &Categories,
    mut found: impl FnMut(&mut P, usize, &Annotation),
) -> Result<Absent, CocoError> {
    if categories.is_empty() && !annotations.is_empty() {
        return Err(CocoError::NoCategories);
    }
    let mut absent = Absent::default();
    let (mut foreign, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for annotation in annotations {
        let Annotation { image_id, category_id, .. } = annotation;
        let Some(photo) = photos.get_mut(image_id) else {
            absent.annotations += 1;
            absent.images.insert(image_id.clone());
            continue;
        };
        match categories.get(category_id) {
            Some(Meaning::Label(index)) => found(photo, *index, annotation),
            Some(Meaning::Foreign(name)) => drop(foreign.insert(format!("{category_id} {name:?}"))),
            None => drop(unknown.insert(category_id)),
        }
    }
    fail_on(unknown, CocoError::UnknownCategories)?;
    fail_on(foreign, CocoError::Categories)?;
    if absent.annotations == annotations.len() {
        fail_on(absent.images.iter(), CocoError::UnknownImages)?;
    }
    Ok(absent)
}

#[cfg(test)]
mod tests;
