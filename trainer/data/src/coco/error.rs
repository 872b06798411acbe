//! Why annotations are refused.

use std::fmt::Display;
use std::path::PathBuf;

use crate::list::first_few;

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
    #[error(
        "{path} is no COCO instances file: {detail}; give an instances_*.json, one object with \
         images, annotations and categories"
    )]
    Json {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        detail: String,
    },
    /// There is nothing to tell what category ids stand for.
    #[error(
        "the file has no categories, and category ids are counted with gaps by some (COCO: surfboard \
         is 42) and without by others (38); add the list of categories, each with id and name"
    )]
    NoCategories,
    /// Annotations are of categories that no output stands for.
    #[error(
        "annotations of categories that are none of COCO's 80: {0}; give these categories COCO's \
         names, or remove their annotations"
    )]
    Categories(String),
    /// A category id has two names.
    #[error(
        "category ids that have another name besides: {0}; give each category an id of its own"
    )]
    DuplicateCategories(String),
    /// No annotation belongs to an image.
    #[error(
        "annotations name unknown image ids only: {0}; give the annotations that were made for these \
         images"
    )]
    UnknownImages(String),
    /// Annotations name categories that are not in `categories`.
    #[error("annotations name unknown category ids: {0}; add these categories to the file's list")]
    UnknownCategories(String),
    /// Two images have one id.
    #[error("image ids that stand for two files: {0}; give each image an id of its own")]
    DuplicateImages(String),
    /// A file name points out of the folder.
    #[error(
        "file names that leave the photos' folder: {0}; refusing to read them: give --images a \
         folder that all photos are in, and names relative to it"
    )]
    UnsafeNames(String),
}

/// An error that names the first few of `found`, if there are any.
pub(super) fn fail_on<T: Display>(
    found: impl IntoIterator<Item = T>,
    error: fn(String) -> CocoError,
) -> Result<(), CocoError> {
    let found: Vec<T> = found.into_iter().collect();
    if found.is_empty() { Ok(()) } else { Err(error(first_few(&found))) }
}
