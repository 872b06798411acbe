//! A teacher's logits of one view of each photo, kept on disk.

use std::path::Path;

use half::f16;
use half::slice::HalfFloatSliceExt;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tagsight_data::augment::Views;
use tagsight_data::cache::{Entry, Kept};
use tagsight_data::progress;

use super::{DistilError, Scorer, Teacher};

/// Changes whenever logits come out otherwise for the same teacher and views.
const VERSION: u32 = 1;
/// Photos between two looks at the clock.
const CHUNK: usize = 128;
/// Photos that a thread takes at least: a scorer is made for each share.
const SHARE: usize = 16;

/// A teacher's own logits of the photos' labels, not calibrated.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    logits: Vec<f16>,
}

impl Scores {
    /// What `teacher` says of view `number` of each photo, or what an earlier run kept in `folder`.
    ///
    /// # Errors
    /// If a photo cannot be read, or the scores cannot be kept.
    pub fn of_views(
        teacher: &dyn Teacher,
        views: &Views,
        number: usize,
        folder: &Path,
    ) -> Result<Self, DistilError> {
        let entry = Entry::new(folder, &key(teacher, views, number), "teacher");
        let photos = views.dataset().photos.len();
        let shape = [views.dataset().subject.labels.len()];
        if let Some(kept) = entry.read(photos, &shape).filter(|kept| kept.shape == shape) {
            return Ok(Self { logits: kept.values });
        }
        let kept = Kept { shape: shape.to_vec(), values: ask(teacher, views, number)? };
        let what = format!(
            "{}, view {number}: uncalibrated logits of {} labels",
            teacher.name(),
            shape[0]
        );
        entry
            .write(photos, &kept, &what)
            .map_err(|source| DistilError::Io { path: entry.path().to_owned(), source })?;
        Ok(Self { logits: kept.values })
    }

    /// Logits of all photos, as many each as there are labels.
    pub fn logits(&self) -> Vec<f32> {
        self.logits.to_f32_vec()
    }
}

fn ask(teacher: &dyn Teacher, views: &Views, number: usize) -> Result<Vec<f16>, DistilError> {
    let photos = views.dataset().photos.len();
    let mut logits = Vec::with_capacity(photos * views.dataset().subject.labels.len());
    let bar = progress::bar(photos, &format!("{}, view {number}: photos", teacher.name()));
    let numbers: Vec<usize> = (0..photos).collect();
    for chunk in numbers.chunks(CHUNK) {
        let score = |scorer: &mut Box<dyn Scorer + '_>, &photo: &usize| {
            scorer.logits(&views.view(photo, number), views.dataset())
        };
        let rows: Result<Vec<Vec<f32>>, DistilError> =
            chunk.par_iter().with_min_len(SHARE).map_init(|| teacher.scorer(), score).collect();
        logits.extend(rows?.into_iter().flatten().map(f16::from_f32));
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(logits)
}

/// What scores depend on: the teacher and the views, not who learns from them.
fn key(teacher: &dyn Teacher, views: &Views, number: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(VERSION.to_le_bytes());
    hash.update(teacher.digest());
    hash.update(views.digest(number));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_data::augment::View;
    use tagsight_data::{Dataset, Photo, Target};

    /// A teacher that stops at a photo.
    struct Broken;

    impl Teacher for Broken {
        fn name(&self) -> &str {
            "broken"
        }

        fn digest(&self) -> [u8; 32] {
            [0; 32]
        }

        fn scorer(&self) -> Box<dyn Scorer + '_> {
            Box::new(Self)
        }
    }

    impl Scorer for Broken {
        fn logits(&mut self, view: &View, _: &Dataset) -> Result<Vec<f32>, DistilError> {
            if view.crops()[0].photo == 3 {
                let detail = "an operator failed".into();
                return Err(DistilError::Stopped { teacher: "broken".into(), detail });
            }
            Ok(vec![])
        }
    }

    #[test]
    fn a_teacher_that_stops_is_an_error_and_nothing_of_it_is_kept() {
        let photo = |id| Photo::new(id, format!("{id}.jpg"), Target::Labels(vec![]));
        let photos = (0..5).map(photo).collect();
        let views = Views::whole(Dataset { photos, ..Dataset::default() });
        let folder = tempfile::tempdir().unwrap();
        let error = Scores::of_views(&Broken, &views, 0, folder.path()).unwrap_err().to_string();
        assert!(error.contains("broken") && error.contains("an operator failed"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
