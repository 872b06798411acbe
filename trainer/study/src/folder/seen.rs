//! What is seen of all photos before anything is learnt: their sizes, what they look like, and what a network that
//! was fitted to others makes of them.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tagsight_core::photo::{self, DHash, PhotoError, Squasher, decode_reduced};
use tagsight_data::{Dataset, Photo, progress};

use crate::features::Trunk;

/// Photos at a time.
const CHUNK: usize = 32;

/// One photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Its id in the dataset.
    pub(super) id: u64,
    /// Columns and rows.
    pub(super) size: [usize; 2],
    /// What it looks like.
    pub(super) hash: u64,
}

/// All photos, and those that cannot be read.
#[derive(Debug, Default)]
pub(super) struct All {
    pub(super) photos: Vec<Seen>,
    /// Of each, as many as the network's last feature map has channels.
    pub(super) features: Vec<f32>,
    /// Why, a line a photo.
    pub(super) unreadable: Vec<String>,
}

impl All {
    /// Looks at every photo.
    pub(super) fn of(dataset: &Dataset, trunk: &Trunk, side: usize) -> Self {
        let mut all = Self::default();
        let bar = progress::bar(dataset.photos.len(), "photos looked at");
        for photos in dataset.photos.chunks(CHUNK) {
            let loaded: Vec<_> = photos
                .par_iter()
                .map_init(Squasher::default, |squasher, photo| load(photo, side, squasher))
                .collect();
            let mut images = Vec::new();
            for (photo, loaded) in photos.iter().zip(loaded) {
                match loaded {
                    Ok((size, codes)) => {
                        let hash = DHash::of(&codes, side).0;
                        all.photos.push(Seen { id: photo.id, size, hash });
                        images.push(codes);
                    }
                    Err(reason) => {
                        all.unreadable.push(format!("{}: {reason}", photo.path.display()));
                    }
                }
            }
            if !images.is_empty() {
                all.features.extend(trunk.features(&images));
            }
            bar.inc(photos.len() as u64);
        }
        bar.finish_and_clear();
        all
    }
}

/// A photo's size, and its codes as a network takes them.
fn load(
    photo: &Photo,
    side: usize,
    squasher: &mut Squasher,
) -> Result<([usize; 2], Vec<i8>), PhotoTrouble> {
    let mut reduced = decode_reduced(&std::fs::read(&photo.path)?, side)?;
    let (width, height) = reduced.full_size();
    Ok(([width, height], photo::quantise(&reduced.squash(side, squasher).rgb)))
}

/// Why a photo cannot be read.
#[derive(Debug, thiserror::Error)]
enum PhotoTrouble {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Photo(#[from] PhotoError),
}
