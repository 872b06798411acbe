//! Photos and what is on them: COCO annotations, decoding through the core, train/held-back split.

mod coco;
mod dead_leaves;
mod holdout;
mod list;
mod photos;

pub use coco::{CocoError, Dataset, Photo};
pub use dead_leaves::dead_leaves;
pub use holdout::{Split, hold_back};
pub use photos::{Skipped, load_codes, read_codes, readable};

use std::path::PathBuf;

/// The folder that holds COCO and the weights: `$TAGSIGHT_DATA`, or `data`.
pub fn data_dir() -> PathBuf {
    std::env::var_os("TAGSIGHT_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from)
}
