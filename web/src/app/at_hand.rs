//! Photos' files as the page has them, and what comes of looking for them.

use web_sys::File;

use crate::platform::{FileHandle, ObjectUrl};
use crate::reason::FileProblem;

/// A photo's file.
pub(super) struct AtHand {
    pub(super) source: Source,
    /// What the database calls it while it waits.
    pub(super) pending: Option<u32>,
}

/// Where a file comes from.
pub(super) enum Source {
    /// It was given on this visit, with the browser's handle of it until that is kept.
    Given(File, Option<FileHandle>),
    /// It is opened by a handle of an earlier visit when its turn comes.
    Kept(FileHandle),
}

/// The open photo's own picture.
pub(super) enum Original {
    /// It is shown, from this file.
    Shown(ObjectUrl, File),
    /// Its file is not to be had for now.
    Missing(FileProblem),
}

/// Whether the page may open a file, and by which handle.
pub(super) type Allowed = Result<FileHandle, FileProblem>;

/// A file that was opened, or why it was not.
pub(super) type Opened = Result<File, FileProblem>;

/// What came of looking for files.
pub(crate) enum Found {
    /// Of photos that are to be looked at again; these are their keys.
    Again(Vec<u32>, Vec<Allowed>),
    /// Of what was left over; these are its numbers.
    Left(Vec<u32>, Vec<Allowed>),
    /// It is a job's turn, and its file is open or cannot be.
    Turn(u32, Opened),
    /// Of the photo of this key, which is open.
    Original(u32, Opened),
    /// The user answered whether the open photo's may be opened.
    Answer,
}
