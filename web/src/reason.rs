//! What the page has to tell its user, as values; the words are [`crate::text`]'s.

use tagsight_plain::message;
use tagsight_protocol::{LoadError, Why};

use crate::build::Build;

/// Why nothing can be tagged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Problem {
    /// The site has no model.
    NoModels,
    /// The site does not have the model that was asked for.
    UnknownModel {
        /// Its name.
        asked: String,
        /// The names of those that there are.
        known: Vec<String>,
    },
    /// The list of models did not come.
    NoList {
        /// The browser's own words.
        detail: String,
    },
    /// The browser runs none of the worker's builds.
    OldBrowser,
    /// The worker did not start.
    NotStarted {
        /// The browser's own words.
        detail: String,
    },
    /// The model cannot be used.
    Load(LoadError),
    /// Page and worker are of two builds, of which one came from a cache.
    TwoBuilds,
}

/// Why a photo's file of an earlier visit is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileProblem {
    /// The browser gave nothing that it could be found by.
    NoHandle,
    /// The user or the system does not let the page open it.
    Refused,
    /// It was moved or deleted.
    Gone,
    /// It is there and is another one, or was changed.
    Changed,
}

message!(
    enum FileProblem {
        NoHandle,
        Refused,
        Gone,
        Changed,
    }
);

impl FileProblem {
    /// In the order in which they are told.
    pub(crate) const ALL: [Self; 4] = [Self::Refused, Self::Gone, Self::Changed, Self::NoHandle];
}

/// Something that the user should know and that stops nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Notice {
    /// What tags is not what was asked for, or something failed.
    Runs(Why),
    /// The worker died, and the graphics processor is suspected.
    GraphicsCrashed,
    /// The graphics processor is left alone, as an earlier visit ended with it.
    Quarantined,
    /// The build that was asked for does not run in this browser.
    NotHere {
        /// That build.
        asked: Build,
        /// What runs.
        runs: Build,
    },
    /// There is no such backend.
    UnknownBackend {
        /// What was asked for.
        asked: String,
        /// What runs.
        runs: Build,
    },
}
