//! What goes wrong, as Python's exceptions.

use std::io;
use std::path::PathBuf;

use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use tagsight_core::TaggerError;

create_exception!(tagsight, ModelError, PyValueError, "The model does not do what is asked of it.");
create_exception!(tagsight, PhotoError, PyValueError, "The photo cannot be read.");

/// Why there is nothing to say of a photo, or no model.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// It is no photo, or none that is read here.
    #[error("{0}")]
    Photo(String),
    /// It is no model, or none for this.
    #[error("{0}")]
    Model(String),
}

impl Trouble {
    /// Of a photo, or its file at `path`.
    pub(crate) fn of_photo(path: Option<PathBuf>, error: &tagsight_core::PhotoError) -> Self {
        Self::Photo(match path {
            Some(path) => format!("{}: {error}", path.display()),
            None => error.to_string(),
        })
    }
}

impl From<TaggerError> for Trouble {
    fn from(error: TaggerError) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<Trouble> for PyErr {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            // With the system's number, Python makes it FileNotFoundError and the like, and it says which
            // number and file itself.
            Trouble::Read { path, source } => match source.raw_os_error() {
                Some(number) => {
                    let said = source.to_string();
                    let said = said.split(" (os error").next().unwrap_or_default().to_owned();
                    PyOSError::new_err((number, said, path.display().to_string()))
                }
                None => PyOSError::new_err(format!("{}: {source}", path.display())),
            },
            Trouble::Photo(message) => PhotoError::new_err(message),
            Trouble::Model(message) => ModelError::new_err(message),
        }
    }
}
