//! Why crops are not cut.

use std::path::PathBuf;

/// Why crops were not cut.
#[derive(Debug, thiserror::Error)]
pub enum CropError {
    /// Crops of another time would be mixed with these.
    #[error("{0} is not empty; give a folder for these crops alone, or remove it")]
    NotEmpty(PathBuf),
    /// The file system refused.
    #[error("cannot write {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The table of crops cannot be read.
    #[error("cannot read {path}: {source}")]
    Listed {
        /// The table.
        path: PathBuf,
        /// What is wrong.
        source: csv::Error,
    },
    /// Crops would have the same names.
    #[error("the crops of {one} and {other} would be called the same; rename one of the photos")]
    SameName {
        /// A photo.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
    },
    /// Two classes would be one.
    #[error("the classes {one:?} and {other:?} would be in one folder; rename one of them")]
    SameFolder {
        /// A class.
        one: String,
        /// Another one.
        other: String,
    },
    /// No box fits.
    #[error("there is no box to cut out: {0}")]
    NoBoxes(String),
}
