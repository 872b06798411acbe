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
    /// subject, up to [`CHUNK`] of them at a time; `task` is the network's. Of a video's frames it is the mean.
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
        let (medium, width) = (dataset.subject.medium, dataset.subject.labels.len());
        for photos in dataset.photos.chunks(CHUNK.div_ceil(medium.pictures())) {
            let mut images = Vec::new();
            let loaded = tagsight_data::load_inputs(medium, photos, preprocessing.side);
            for (photo, loaded) in photos.iter().zip(loaded) {
                match loaded {
                    Ok(pictures) => {
                        images.extend(pictures);
                        targets.push(photo.target.clone());
                    }
                    Err(reason) => skipped.push(reason),
                }
            }
            for images in images.chunks(CHUNK) {
                logits.extend(logits_of(images)?);
            }
            bar.inc(photos.len() as u64);
        }
        bar.finish_and_clear();
        let logits = mean_over_time(logits, medium.pictures(), width);
        Ok(Self { answers: Answers::new(task, width, logits, &targets), skipped })
    }
}

/// The means of every `frames` rows of `width` logits. Sums of so few float32 are exact in float64, so a mean is
/// rounded once, whatever computed the rows.
pub fn mean_over_time(logits: Vec<f32>, frames: usize, width: usize) -> Vec<f32> {
    if frames == 1 {
        return logits;
    }
    let mean = |video: &[f32], output: usize| {
        let sum: f64 =
            video.iter().skip(output).step_by(width).map(|&logit| f64::from(logit)).sum();
        (sum / frames as f64) as f32
    };
    let videos = logits.chunks_exact(frames * width);
    videos.flat_map(|video| (0..width).map(move |output| mean(video, output))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_of_frames_are_averaged_and_those_of_photos_left() {
        let rows = vec![1.0, 10.0, 2.0, 20.0, 6.0, 60.0, 0.0, 1.0, 0.0, 1.0, 3.0, -2.0];
        assert_eq!(mean_over_time(rows.clone(), 3, 2), [3.0, 30.0, 1.0, 0.0]);
        assert_eq!(mean_over_time(rows.clone(), 1, 2), rows);
    }
}
