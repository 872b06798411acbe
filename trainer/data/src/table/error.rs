//! Why a table is refused.

use std::path::PathBuf;

use crate::dataset::SameId;
use crate::partition::SplitFileError;

/// Why a table was refused.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file system refused.
    #[error("cannot read the table {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// It lacks a column.
    #[error("{path} has no column {name:?}; its first line names {found}")]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column that was asked for.
        name: String,
        /// What there is.
        found: String,
    },
    /// No row remains.
    #[error("{path} has no usable row: {reasons}")]
    NoRows {
        /// The file.
        path: PathBuf,
        /// Why the first few were left out.
        reasons: String,
    },
    /// There is nothing to tell apart.
    #[error("{0} has rows of fewer than two labels to learn from")]
    TooFewClasses(PathBuf),
    /// There is nothing to learn.
    #[error("the column {0:?} has one value in all rows to learn from, or there are none of those")]
    Constant(String),
    /// Two files' names have one hash.
    #[error(transparent)]
    SameId(#[from] SameId),
    /// What part files are in is not known.
    #[error(transparent)]
    Split(#[from] SplitFileError),
}
