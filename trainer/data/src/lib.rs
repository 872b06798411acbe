//! What a network learns from: photos and what is true of them (COCO's annotations, folders of classes,
//! tables), decoding through the core, what photos are held back for, and the views that augmentation makes
//! of one.
//!
//! Here is also what work over many photos needs everywhere: progress, files that are written whole
//! or not at all, and a hash that stays the same.

pub mod augment;
pub mod cache;
mod classes;
mod coco;
mod counts;
mod crop_name;
pub mod crops;
mod dataset;
mod dead_leaves;
pub mod drawn;
mod files;
mod hash;
mod holdout;
mod image_folder;
mod list;
mod part;
mod partition;
mod photos;
mod picture;
mod place;
pub mod progress;
mod table;
mod target;
mod video;
mod walk;

pub use coco::{Area, Boxed, CocoError, NamedBox, NamedBoxes, NamedError, coco_labels};
pub use counts::label_counts;
pub use dataset::{Dataset, Photo, SameId};
pub use dead_leaves::dead_leaves;
pub use files::write_atomically;
pub use hash::fnv1a;
pub use holdout::{Split, split_off};
pub use image_folder::FolderError;
pub use part::Part;
pub use partition::{Fractions, Partition, SPLIT_NAME, SplitFileError};
pub use photos::{Skipped, images, load_inputs, readable};
pub use picture::png_bytes;
pub use table::{Answer, Columns, TableError, ValueColumn};
pub use target::{Medium, Subject, Target};
pub use video::{VideoError, frames};
pub use walk::WalkError;

use std::path::PathBuf;

/// The folder that holds COCO and the weights: `$TAGSIGHT_DATA`, or `data`.
pub fn data_dir() -> PathBuf {
    std::env::var_os("TAGSIGHT_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from)
}
