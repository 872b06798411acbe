//! What happened and is to be told once.

use crate::reason::FileProblem;

/// Something that happened, to be told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Note {
    /// A folder had no photos in it.
    NoPhotos,
    /// Photos' files are not to be had for these reasons, so they cannot be looked at again.
    NotAtHand(Vec<FileProblem>),
    /// So many photos were restored.
    Restored(usize),
    /// A file is no backup.
    NotRestored,
    /// The browser will not delete the library by itself.
    Persistent,
    /// It may, and there are decisions that are nowhere else.
    BackupDue,
    /// Everything was deleted.
    Erased,
    /// A module did not come.
    NotLoaded,
}
