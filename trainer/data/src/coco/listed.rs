//! What a file lists: photos, and annotations that name a label on one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::categories::{Categories, Meaning};
use super::error::{CocoError, fail_on};
use super::id::Id;
use super::json::{self, Annotation, Image, Instances};
use crate::list::first_few;
use crate::place::Folder;

/// The records of an annotations file.
pub(super) fn instances(annotations: &Path) -> Result<Instances, CocoError> {
    let bytes = std::fs::read(annotations)
        .map_err(|source| CocoError::Io { path: annotations.to_owned(), source })?;
    json::parse(bytes).map_err(|detail| CocoError::Json { path: annotations.to_owned(), detail })
}

/// Where the images lie. An image may be listed again with the same file.
pub(super) fn locate(
    images: Vec<Image>,
    folder: &Path,
) -> Result<BTreeMap<Id, PathBuf>, CocoError> {
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
pub(super) struct Absent {
    annotations: usize,
    images: BTreeSet<Id>,
}

impl Absent {
    pub(super) fn remark(&self) -> Option<String> {
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
pub(super) fn each_label<P>(
    photos: &mut BTreeMap<Id, P>,
    annotations: &[Annotation],
    categories: &Categories,
    mut found: impl FnMut(&mut P, usize, &Annotation),
) -> Result<Absent, CocoError> {
    let mut foreign = BTreeSet::new();
    let absent =
        each_meaning(
            photos,
            annotations,
            categories,
            |photo, meaning, annotation| match meaning {
                Meaning::Label(index) => found(photo, *index, annotation),
                Meaning::Foreign(name) => {
                    foreign.insert(format!("{} {name:?}", annotation.category_id));
                }
            },
        )?;
    fail_on(foreign, CocoError::Categories)?;
    Ok(absent)
}

/// Calls `found` for every annotation of a photo, with what its category stands for.
pub(super) fn each_meaning<P>(
    photos: &mut BTreeMap<Id, P>,
    annotations: &[Annotation],
    categories: &Categories,
    mut found: impl FnMut(&mut P, &Meaning, &Annotation),
) -> Result<Absent, CocoError> {
    if categories.is_empty() && !annotations.is_empty() {
        return Err(CocoError::NoCategories);
    }
    let mut absent = Absent::default();
    let mut unknown = BTreeSet::new();
    for annotation in annotations {
        let Annotation { image_id, category_id, .. } = annotation;
        let Some(photo) = photos.get_mut(image_id) else {
            absent.annotations += 1;
            absent.images.insert(image_id.clone());
            continue;
        };
        match categories.get(category_id) {
            Some(meaning) => found(photo, meaning, annotation),
            None => drop(unknown.insert(category_id)),
        }
    }
    fail_on(unknown, CocoError::UnknownCategories)?;
    if absent.annotations == annotations.len() {
        fail_on(absent.images.iter(), CocoError::UnknownImages)?;
    }
    Ok(absent)
}
