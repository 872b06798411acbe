//! Logits over a dataset, whatever computes them.

use tagsight_core::{Goal, Preprocessing};
use tagsight_data::{Dataset, Skipped, progress};

use super::Answers;

/// Photos at a time.
pub const CHUNK: usize = 32;

/// Answers of the readable photos.
#[derive(Debug, Clone)]
pub struct Predictions {
    /// Logits, or values, and truth.
    pub answers: Answers,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl Predictions {
    /// What `logits_of` gives of the 7-bit codes (HWC) of a dataset's photos, an output a label of its
    /// subject, up to [`CHUNK`] photos at a time; `task` is the network's.
    ///
    /// # Errors
    /// What `logits_of` gives.
    pub fn of<E>(
        dataset: &Dataset,
        preprocessing: &Preprocessing,
        task: &Goal,
        mut logits_of: impl FnMut(&[Vec<i8>]) -> Result<Vec<f32>, E>,
    ) -> Result<Self, E> {
        let (mut logits, mut targets, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        let bar = progress::bar(dataset.photos.len(), "photos");
        for photos in dataset.photos.chunks(CHUNK) {
            let mut images = Vec::new();
            for (photo, loaded) in
                photos.iter().zip(tagsight_data::load_inputs(photos, preprocessing.side))
            {
                match loaded {
                    Ok(codes) => {
                        images.push(codes);
                        targets.push(photo.target.clone());
                    }
                    Err(reason) => skipped.push(reason),
                }
            }
            if !images.is_empty() {
                logits.extend(logits_of(&images)?);
            }
            bar.inc(photos.len() as u64);
        }
        bar.finish_and_clear();
        let width = dataset.subject.labels.len();
        Ok(Self { answers: Answers::new(task, width, logits, &targets), skipped })
    }
}
