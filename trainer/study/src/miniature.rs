//! Pictures for studies in miniature: dead leaves, labelled by what is measurable of them.

use std::fs;
use std::path::Path;

use image::RgbImage;
use tagsight_core::Goal;
use tagsight_data::{self as data, Dataset, Photo, Target};

use crate::error::StudyError;

/// The network: one with few weights, as scales are searched for all of them in every cell.
pub(crate) const NETWORK: &str = "resnet-1-1-1-1-w8";
/// Pixels along each side.
pub(crate) const SIDE: usize = 32;
/// Pictures to learn from, and to measure on.
const COUNTS: [usize; 2] = [32, 24];
const SEED: u64 = 17;

/// Writes the pictures into `folder`; they are the same at every time.
pub(crate) fn datasets(folder: &Path) -> Result<[Dataset; 2], StudyError> {
    fs::create_dir_all(folder).map_err(StudyError::io(folder))?;
    let mut images = data::dead_leaves(COUNTS.iter().sum(), SIDE, SEED).into_iter().zip(0..);
    let mut dataset = |count: usize| -> Result<Dataset, StudyError> {
        let photos = images.by_ref().take(count).map(|(codes, id)| {
            let path = folder.join(format!("{id:03}.png"));
            let pixel = |code: &i8| (f32::from(*code) * 255.0 / 127.0).round() as u8;
            let bytes = codes.iter().map(pixel).collect();
            let picture = RgbImage::from_raw(SIDE as u32, SIDE as u32, bytes);
            let saved = picture.expect("as many bytes").save(&path);
            saved.map_err(|error| StudyError::io(&path)(std::io::Error::other(error)))?;
            Ok(Photo::new(id, path, Target::Labels(labels(&codes))))
        });
        let mut dataset =
            Dataset { photos: photos.collect::<Result<_, StudyError>>()?, ..Dataset::default() };
        dataset.subject.name = "pictures that the study draws".into();
        dataset.subject.labels = ["bright", "reddish", "busy"].map(String::from).into();
        dataset.subject.task = Goal::MultiLabel;
        Ok(dataset)
    };
    Ok([dataset(COUNTS[0])?, dataset(COUNTS[1])?])
}

/// Bright, more red than blue, and with much between neighbours; each of about a half of the pictures.
fn labels(codes: &[i8]) -> Vec<usize> {
    let mean =
        |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / (codes.len() / 3) as f64;
    let channel = |channel: usize| {
        mean(&mut codes.iter().skip(channel).step_by(3).map(|code| f64::from(*code)))
    };
    let [red, green, blue] = [0, 1, 2].map(channel);
    let steps = codes.iter().zip(&codes[3..]).step_by(3);
    let busy =
        mean(&mut steps.map(|(one, next)| f64::from((i16::from(*one) - i16::from(*next)).abs())));
    let is_on = [red + green + blue > 3.0 * 57.0, red > blue, busy > 13.0];
    (0..3).filter(|&label| is_on[label]).collect()
}

#[cfg(test)]
mod tests {
    use tagsight_data::Medium;

    use super::*;

    #[test]
    fn every_label_is_on_some_pictures_and_not_on_others() {
        let folder = tempfile::tempdir().unwrap();
        for dataset in datasets(folder.path()).unwrap() {
            for label in 0..3 {
                let has = |photo: &&Photo| photo.target.labels().contains(&label);
                let count = dataset.photos.iter().filter(has).count();
                assert!((4..dataset.photos.len() - 3).contains(&count), "{label}: {count}");
            }
            let loaded = data::load_inputs(Medium::Photos, &dataset.photos, SIDE);
            let first = data::dead_leaves(1, SIDE, SEED).remove(0);
            if dataset.photos[0].id == 0 {
                assert_eq!(
                    *loaded[0].as_ref().unwrap(),
                    [first],
                    "a picture is read as it was drawn"
                );
            }
        }
    }
}
