//! The official `instances_*.json`: which categories are on which photo.
//!
//! Boxes and masks are ignored; a category counts as present when any annotation names it,
//! crowds included.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use tagsight_core::labels;

/// One photo and its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// COCO's image id.
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
}

/// Why annotations were refused.
#[derive(Debug, thiserror::Error)]
pub enum CocoError {
    /// The file could not be read.
    #[error(
        "cannot read the annotations {path}: {source}; give --annotations or set TAGSIGHT_DATA"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Not JSON, or not of COCO's form.
    #[error("{path} is no COCO instances file: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        source: serde_json::Error,
    },
    /// A category's id and name are not COCO's.
    #[error("categories that are not COCO's: {0}; use an official instances file")]
    Categories(String),
    /// Annotations name images that are not in `images`.
    #[error("annotations name unknown image ids: {0}; the file is incomplete")]
    UnknownImages(String),
    /// Annotations name categories that COCO does not have.
    #[error("annotations name unknown category ids: {0}; use an official instances file")]
    UnknownCategories(String),
    /// Two images have one id.
    #[error("image ids that occur twice: {0}")]
    DuplicateImages(String),
    /// A file name points out of the folder.
    #[error("file names that leave the photos' folder: {0}; refusing to read them")]
    UnsafeNames(String),
}

#[derive(Deserialize)]
struct Instances {
    images: Vec<Image>,
    annotations: Vec<Annotation>,
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Image {
    id: u64,
    file_name: String,
}

#[derive(Deserialize)]
struct Annotation {
    image_id: u64,
    category_id: u32,
}

#[derive(Deserialize)]
struct Category {
    id: u32,
    name: String,
}

impl Dataset {
    /// Reads an annotations file, whose photos lie in `folder`.
    ///
    /// # Errors
    /// If it cannot be read, or contradicts itself or COCO's categories.
    pub fn read(annotations: &Path, folder: &Path) -> Result<Self, CocoError> {
        let text = std::fs::read(annotations)
            .map_err(|source| CocoError::Io { path: annotations.to_owned(), source })?;
        let instances = serde_json::from_slice(&text)
            .map_err(|source| CocoError::Json { path: annotations.to_owned(), source })?;
        Self::from_instances(instances, folder)
    }

    fn from_instances(instances: Instances, folder: &Path) -> Result<Self, CocoError> {
        check_categories(&instances.categories)?;
        check_names(&instances.images)?;
        let mut photos = BTreeMap::new();
        let mut duplicates = Vec::new();
        for image in instances.images {
            let path = folder.join(&image.file_name);
            if photos.insert(image.id, (path, BTreeSet::new())).is_some() {
                duplicates.push(image.id);
            }
        }
        fail_on(&duplicates, CocoError::DuplicateImages)?;
        let (mut unknown_images, mut unknown_categories) = (Vec::new(), Vec::new());
        for annotation in &instances.annotations {
            let photo = photos.get_mut(&annotation.image_id);
            match (photo, labels::coco_index(annotation.category_id)) {
                (Some((_, present)), Some(index)) => {
                    present.insert(index);
                }
                (None, _) => unknown_images.push(annotation.image_id),
                (_, None) => unknown_categories.push(annotation.category_id),
            }
        }
        fail_on(&unknown_images, CocoError::UnknownImages)?;
        fail_on(&unknown_categories, CocoError::UnknownCategories)?;
        let photos = photos.into_iter().map(|(id, (path, labels))| Photo {
            id,
            path,
            labels: labels.into_iter().collect(),
        });
        Ok(Self { photos: photos.collect() })
    }

    /// Photos of which `keep` is true.
    pub fn filter(&self, keep: impl Fn(&Photo) -> bool) -> Self {
        Self { photos: self.photos.iter().filter(|photo| keep(photo)).cloned().collect() }
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

/// Names and ids must be COCO's, in any order and number: a file may leave categories out.
fn check_categories(categories: &[Category]) -> Result<(), CocoError> {
    let is_foreign = |category: &&Category| {
        let expected = labels::coco_index(category.id).map(|index| labels::COCO[index].1);
        expected != Some(category.name.as_str())
    };
    let foreign = categories.iter().filter(is_foreign);
    let foreign: Vec<String> =
        foreign.map(|category| format!("{} {:?}", category.id, category.name)).collect();
    fail_on(&foreign, CocoError::Categories)
}

fn check_names(images: &[Image]) -> Result<(), CocoError> {
    let leaves = |name: &str| {
        let mut components = Path::new(name).components();
        name.is_empty() || !components.all(|component| matches!(component, Component::Normal(_)))
    };
    let names = images.iter().map(|image| image.file_name.as_str());
    let unsafe_names: Vec<&str> = names.filter(|name| leaves(name)).collect();
    fail_on(&unsafe_names, CocoError::UnsafeNames)
}

/// An error that names the first few of `found`, if there are any.
fn fail_on<T: ToString>(found: &[T], error: fn(String) -> CocoError) -> Result<(), CocoError> {
    const SHOWN: usize = 5;
    if found.is_empty() {
        return Ok(());
    }
    let mut text = found.iter().take(SHOWN).map(T::to_string).collect::<Vec<_>>().join(", ");
    if found.len() > SHOWN {
        text.push_str(&format!(" and {} more", found.len() - SHOWN));
    }
    Err(error(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATEGORIES: &str = r#"[{"id":1,"name":"person"},{"id":18,"name":"dog"}]"#;

    fn parse(images: &str, annotations: &str, categories: &str) -> Result<Dataset, CocoError> {
        let json = format!(
            r#"{{"images":{images},"annotations":{annotations},"categories":{categories}}}"#
        );
        Dataset::from_instances(serde_json::from_str(&json).unwrap(), Path::new("photos"))
    }

    #[test]
    fn repeated_and_absent_labels() {
        let dataset = parse(
            r#"[{"id":9,"file_name":"b.jpg"},{"id":7,"file_name":"a.jpg"}]"#,
            r#"[{"image_id":9,"category_id":18},{"image_id":9,"category_id":18},
                {"image_id":9,"category_id":1,"iscrowd":1}]"#,
            CATEGORIES,
        );
        let photos = dataset.unwrap().photos;
        assert_eq!(photos[0], Photo { id: 7, path: "photos/a.jpg".into(), labels: vec![] });
        assert_eq!(photos[1], Photo { id: 9, path: "photos/b.jpg".into(), labels: vec![0, 16] });
    }

    #[test]
    fn contradictions_are_errors_that_name_them() {
        let image = r#"[{"id":7,"file_name":"a.jpg"}]"#;
        let cases = [
            (image, r#"[{"image_id":8,"category_id":1}]"#, CATEGORIES, "unknown image ids: 8"),
            (image, r#"[{"image_id":7,"category_id":12}]"#, CATEGORIES, "unknown category ids: 12"),
            (image, "[]", r#"[{"id":1,"name":"cat"}]"#, "1 \"cat\""),
            (r#"[{"id":7,"file_name":"../a.jpg"}]"#, "[]", CATEGORIES, "../a.jpg"),
            (r#"[{"id":7,"file_name":"/etc/a.jpg"}]"#, "[]", CATEGORIES, "/etc/a.jpg"),
            (
                r#"[{"id":7,"file_name":"a.jpg"},{"id":7,"file_name":"b.jpg"}]"#,
                "[]",
                CATEGORIES,
                "twice: 7",
            ),
        ];
        for (images, annotations, categories, expected) in cases {
            let error = parse(images, annotations, categories).unwrap_err().to_string();
            assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        }
    }
}
