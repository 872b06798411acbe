//! Photo files → input codes, several at a time, through the core's preprocessing.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tagsight_core::photo::{self, Squasher};

use super::Photo;

/// A photo that could not be used, and why.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// What to tell its owner.
    pub reason: String,
}

/// The input codes of `photos` (HWC, `side² · 3` each), in order; an unreadable one gives a
/// [`Skipped`] in its place.
pub fn load_codes(photos: &[Photo], side: usize) -> Vec<Result<Vec<i8>, Skipped>> {
    let load = |squasher: &mut Squasher, photo: &Photo| {
        read_one(&photo.path, side, squasher)
            .map_err(|reason| Skipped { path: photo.path.clone(), reason })
    };
    photos.par_iter().map_init(Squasher::default, load).collect()
}

fn read_one(path: &Path, side: usize, squasher: &mut Squasher) -> Result<Vec<i8>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let rgb = photo::load_squashed(&bytes, side, squasher).map_err(|error| error.to_string())?;
    Ok(photo::codes(&rgb))
}
