//! What the user asked of a photo's tag: why it is there.

use std::rc::Rc;

use tagsight_protocol::{Explanation, PhotoProblem};

/// A question about one tag of the photo that is open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    /// Never given twice, so that an answer to an earlier one finds nobody.
    pub(crate) id: u32,
    /// The photo's key.
    pub(crate) photo: u32,
    /// The label.
    pub(crate) label: Rc<str>,
    /// How far it is.
    pub(crate) stage: Stage,
}

/// How far a question is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stage {
    /// The photo's file is not at hand.
    NoFile,
    /// The worker is to be asked.
    Wanted,
    /// The worker was asked.
    Asked,
    /// It has answered.
    Answered(Explanation),
    /// It cannot.
    Failed(PhotoProblem),
}
