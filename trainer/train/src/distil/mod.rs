//! Teachers: networks that have seen more, and what they say of every view of every photo.
//!
//! What a teacher says is kept as its own logits, one file a teacher and view, so that it is asked
//! once however often and whatever student learns from it. [`Lessons`] join several teachers
//! (weighted sums of logits) and calibrate the sum on photos that are held back.

mod config;
mod integer;
mod lessons;
mod scores;
#[cfg(feature = "teacher-onnx")]
mod yolox;

use std::path::PathBuf;

pub use config::{TeacherConfig, Weighted, load};
pub use integer::IntegerTeacher;
pub use lessons::{Lessons, joint_logits, joint_scored};
pub use scores::Scores;
#[cfg(feature = "teacher-onnx")]
pub use yolox::Yolox;

use tagsight_data::augment::View;
use tagsight_data::{Dataset, Skipped};

/// A network that gives logits of views.
pub trait Teacher: Sync {
    /// For messages and the files' headers.
    fn name(&self) -> &str;

    /// A digest of all that its logits depend on, apart from the view.
    fn digest(&self) -> [u8; 32];

    /// One thread's means of asking it.
    fn scorer(&self) -> Box<dyn Scorer + '_>;
}

/// Gives logits of views, one after the other.
pub trait Scorer {
    /// The COCO classes' logits of a view of photos of `dataset`.
    ///
    /// # Errors
    /// If a photo cannot be read, or the network cannot be run on it.
    fn logits(&mut self, view: &View, dataset: &Dataset) -> Result<Vec<f32>, DistilError>;
}

/// Why a teacher cannot teach.
#[derive(Debug, thiserror::Error)]
pub enum DistilError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The teacher's file is not what it should be.
    #[error("{path} cannot teach: {detail}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// A photo went away while it was being scored.
    #[error("{} cannot be read any more: {}; run the command again", .0.path.display(), .0.reason)]
    Photo(#[from] Skipped),
    /// The teacher's network failed.
    #[error("the teacher {teacher} cannot score a photo: {detail}")]
    Stopped {
        /// Its name.
        teacher: String,
        /// What its runtime says.
        detail: String,
    },
}
