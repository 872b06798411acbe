//! Why an image folder is refused.

use std::path::PathBuf;

use crate::dataset::SameId;
use crate::list::first_few;
use crate::partition::SplitFileError;
use crate::walk::WalkError;

/// Why an image folder was refused.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The file system refused.
    #[error("{0}; --folder is a folder with a folder of photos a class")]
    Walk(#[from] WalkError),
    /// There is nothing to tell apart.
    #[error(
        "{folder} has {}: put the photos into a folder a class, and name the folder above those",
        classes(.found)
    )]
    TooFewClasses {
        /// The folder.
        folder: PathBuf,
        /// The class that has photos, if any.
        found: Vec<String>,
    },
    /// Two photos' paths have one hash.
    #[error(transparent)]
    SameId(#[from] SameId),
    /// What part photos are in is not known.
    #[error(transparent)]
    Split(#[from] SplitFileError),
}

fn classes(found: &[String]) -> String {
    match found {
        [] => "no class with photos to learn from".into(),
        found => format!("only the class {} with photos to learn from", first_few(found)),
    }
}
