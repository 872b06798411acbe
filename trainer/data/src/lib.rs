//! What a network learns from: photos and what is true of them (so far COCO's annotations), decoding
//! through the core, the split for validation, and the views that augmentation makes of a photo.
//!
//! Here is also what work over many photos needs everywhere: progress, files that are written whole
//! or not at all, and a hash that stays the same.

pub mod augment;
pub mod cache;
mod coco;
mod dataset;
mod dead_leaves;
mod files;
mod hash;
mod holdout;
mod list;
mod photos;
pub mod progress;
mod target;

pub use coco::{Area, Boxed, CocoError, coco_labels};
pub use dataset::{Dataset, Photo};
pub use dead_leaves::dead_leaves;
pub use files::write_atomically;
pub use hash::fnv1a;
pub use holdout::{Split, split_off};
pub use photos::{Skipped, load_inputs, readable};
pub use target::{Subject, Target};

use std::path::PathBuf;

/// The folder that holds COCO and the weights: `$TAGSIGHT_DATA`, or `data`.
pub fn data_dir() -> PathBuf {
    std::env::var_os("TAGSIGHT_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from)
}
