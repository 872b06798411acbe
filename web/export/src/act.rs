//! What is to be done with all photos.

use tagsight_keywords::Deed;

use crate::choices::Into;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Tags are written.
    Write(Into),
    /// What a machine was written for is taken back, wherever it is.
    TakeBack,
}

impl Act {
    /// What that is for each photo.
    pub fn deed(self) -> Deed {
        match self {
            Self::Write(Into::Embed) => Deed::Embed,
            Self::Write(Into::Sidecar | Into::Only) => Deed::Beside,
            Self::TakeBack => Deed::TakeBack,
        }
    }
}
