//! Why a file of weights is refused, before it is known which file that is.

use std::path::Path;

use super::WeightsError;

/// A [`WeightsError`] without the file's path.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Bytes are missing or make no sense.
    Damaged(String),
    /// It holds something else.
    Foreign(String),
    /// A tensor has no plain floating-point elements.
    Type { name: String, dtype: String },
}

impl From<String> for Refusal {
    fn from(detail: String) -> Self {
        Self::Damaged(detail)
    }
}

impl Refusal {
    /// Tensor `name` is of type `dtype`.
    pub(super) fn of_type(name: &str, dtype: &str) -> Self {
        Self::Type { name: name.to_owned(), dtype: dtype.to_owned() }
    }

    /// The error of the file at `path`.
    pub(super) fn of(self, path: &Path) -> WeightsError {
        let path = path.to_owned();
        match self {
            Self::Damaged(detail) => WeightsError::Damaged { path, detail },
            Self::Foreign(found) => WeightsError::Foreign { path, found },
            Self::Type { name, dtype } => WeightsError::Type { name, dtype },
        }
    }
}
