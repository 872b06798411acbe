//! Photo and video files → input codes, several at a time, through the core's preprocessing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;
use tagsight_core::photo::{self, Reduced, Rgb8, Squasher};

use super::list::first_few;
use super::video::frames;
use super::{Dataset, Medium, Photo};

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
        pictures(dataset.subject.medium, photo)?;
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

/// The input codes of the pictures of each of `photos` (HWC, `side² · 3` a picture), in order; an unreadable
/// one gives a [`Skipped`] in its place.
pub fn load_inputs(
    medium: Medium,
    photos: &[Photo],
    side: usize,
) -> Vec<Result<Vec<Vec<i8>>, Skipped>> {
    let load = |squasher: &mut Squasher, photo: &Photo| {
        let squares = squares(medium, photo, side, squasher)?;
        Ok(squares.iter().map(|rgb| photo::quantise(rgb)).collect())
    };
    photos.par_iter().map_init(Squasher::default, load).collect()
}

/// The input codes of up to `most` pictures of a dataset's first photos, of those that can be read.
pub fn images(dataset: &Dataset, most: usize, side: usize) -> Vec<Vec<i8>> {
    let medium = dataset.subject.medium;
    let photos = dataset.photos.len().min(most.div_ceil(medium.pictures()));
    let loaded = load_inputs(medium, &dataset.photos[..photos], side).into_iter();
    loaded.filter_map(Result::ok).flatten().take(most).collect()
}

/// The pictures of a file as the core makes inputs of them: upright, squashed to `side`² RGB pixels.
pub(crate) fn squares(
    medium: Medium,
    photo: &Photo,
    side: usize,
    squasher: &mut Squasher,
) -> Result<Vec<Vec<u8>>, Skipped> {
    match medium {
        Medium::Photos => {
            let square = photo::load_squashed(&bytes(photo)?, side, squasher);
            Ok(vec![square.map_err(|error| Skipped::new(photo, error))?])
        }
        Medium::Videos { .. } => {
            let square = |frame: Rgb8| {
                let size = (frame.width, frame.height);
                Reduced::of_picture(frame, size).squash(side, squasher).rgb
            };
            Ok(pictures(medium, photo)?.into_iter().map(square).collect())
        }
    }
}

/// The pictures of a file, at their own size.
pub(crate) fn pictures(medium: Medium, photo: &Photo) -> Result<Vec<Rgb8>, Skipped> {
    match medium {
        Medium::Photos => {
            let decoded = photo::decode(&bytes(photo)?);
            Ok(vec![decoded.map_err(|error| Skipped::new(photo, error))?])
        }
        Medium::Videos { frames: count } => {
            frames(&photo.path, count.get()).map_err(|error| Skipped::new(photo, error))
        }
    }
}

fn bytes(photo: &Photo) -> Result<Vec<u8>, Skipped> {
    std::fs::read(&photo.path).map_err(|error| Skipped::new(photo, error))
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
