//! Photo files → input codes, several at a time, through the core's preprocessing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tagsight_core::photo::{self, Squasher};

use super::list::first_few;
use super::{Dataset, Photo};

/// A photo that could not be used, and why.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// What to tell its owner.
    pub reason: String,
}

impl Skipped {
    /// `photo`, because of `error`.
    pub(crate) fn new(photo: &Photo, error: impl std::fmt::Display) -> Self {
        Self { path: photo.path.clone(), reason: error.to_string() }
    }

    /// What to tell of `skipped`: a line a reason, with the first few photos that have it.
    pub fn lines(skipped: &[Self]) -> Vec<String> {
        let mut photos = BTreeMap::<&str, Vec<_>>::new();
        for Self { path, reason } in skipped {
            photos.entry(reason).or_default().push(path.display());
        }
        let line =
            |(reason, photos): (&str, Vec<_>)| format!("skipped {}: {reason}", first_few(&photos));
        photos.into_iter().map(line).collect()
    }
}

/// The photos of `dataset` that can be decoded, and the others.
pub fn readable(dataset: &Dataset) -> (Dataset, Vec<Skipped>) {
    let check = |photo: &Photo| {
        let bytes = std::fs::read(&photo.path).map_err(|error| Skipped::new(photo, error))?;
        photo::decode(&bytes).map_err(|error| Skipped::new(photo, error))?;
        Ok(photo.clone())
    };
    let checked: Vec<Result<Photo, Skipped>> = dataset.photos.par_iter().map(check).collect();
    let (mut usable, mut skipped) = (dataset.filter(|_| false), Vec::new());
    for photo in checked {
        match photo {
            Ok(photo) => usable.photos.push(photo),
            Err(reason) => skipped.push(reason),
        }
    }
    (usable, skipped)
}

/// The input codes of `photos` (HWC, `side² · 3` each), in order; an unreadable one gives a
/// [`Skipped`] in its place.
pub fn load_inputs(photos: &[Photo], side: usize) -> Vec<Result<Vec<i8>, Skipped>> {
    let load = |squasher: &mut Squasher, photo: &Photo| {
        read_codes(&photo.path, side, squasher)
            .map_err(|reason| Skipped { path: photo.path.clone(), reason })
    };
    photos.par_iter().map_init(Squasher::default, load).collect()
}

/// The input codes of one file, or what to tell its owner.
fn read_codes(path: &Path, side: usize, squasher: &mut Squasher) -> Result<Vec<i8>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let rgb = photo::load_squashed(&bytes, side, squasher).map_err(|error| error.to_string())?;
    Ok(photo::quantise(&rgb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_said_once() {
        let skipped = |(number, reason): (u32, &str)| Skipped {
            path: format!("{number}.jpg").into(),
            reason: reason.into(),
        };
        let absent = (0..12).map(|number| (number, "no such file"));
        let all: Vec<Skipped> = absent.chain([(12, "empty")]).map(skipped).collect();
        let names = "0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, 5.jpg, 6.jpg, 7.jpg, 8.jpg, 9.jpg";
        let expected =
            ["skipped 12.jpg: empty".into(), format!("skipped {names} and 2 more: no such file")];
        assert_eq!(Skipped::lines(&all), expected);
    }
}
