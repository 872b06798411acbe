//! Studies: whole comparisons, each a command that can be repeated on one's own photos.
//!
//! A [`Study`] has its settings, committed under `trainer/configs/studies/`, and makes a report of a network
//! and photos. [`run`] reads the settings, and leaves them and the report in a folder; what takes long is
//! kept there as well ([`Kept`]), so that a study that was interrupted goes on. A new one is a folder of
//! its own beside [`matrix`], and a line in `trainer/src/cli/study.rs`.

mod boxes;
mod clusters;
mod error;
mod features;
mod fit;
pub mod folder;
pub mod four_ways;
mod kept;
mod linear;
pub mod matrix;
mod miniature;
mod networks;
mod runtimes;
mod spread;
mod study;
mod subject;
mod thumbnail;
mod time;
mod transfer;
pub mod video;

pub use boxes::BoxedPhotos;
pub use error::StudyError;
pub use kept::{Kept, digest};
pub use runtimes::{Runtime, Said, read_pixels};
pub use study::{Done, Length, Study, run};
pub use subject::{Photos, Subject};
pub use transfer::Fit;
