//! Logits over a dataset, whatever computes them.

use tagsight_core::Preprocessing;
use tagsight_data::{Dataset, Skipped, progress};

use super::Scored;

/// Photos at a time.
pub const CHUNK: usize = 32;

/// Logits of the readable photos.
#[derive(Debug, Clone)]
pub struct Predictions {
    /// Logits and truth.
    pub logits: Scored,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl Predictions {
    /// Logits that `logits_of` gives of the 7-bit codes (HWC) of a dataset's photos, `classes` each,
    /// up to [`CHUNK`] photos at a time.
    ///
    /// # Errors
    /// What `logits_of` gives.
    pub fn of<E>(
        dataset: &Dataset,
        preprocessing: &Preprocessing,
        classes: usize,
        mut logits_of: impl FnMut(&[Vec<i8>]) -> Result<Vec<f32>, E>,
    ) -> Result<Self, E> {
        let (mut logits, mut labels, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        let bar = progress::bar(dataset.photos.len(), "photos");
        for photos in dataset.photos.chunks(CHUNK) {
            let mut images = Vec::new();
            for (photo, loaded) in
                photos.iter().zip(tagsight_data::load_codes(photos, preprocessing.side))
            {
                match loaded {
                    Ok(codes) => {
                        images.push(codes);
                        labels.push(photo.labels.clone());
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
        Ok(Self { logits: Scored::new(classes, logits, &labels), skipped })
    }
}
