//! What a student is told of each view: the teachers' joint probabilities.

use std::path::Path;

use tagsight_core::tags::Calibration;
use tagsight_data::augment::Views;
use tagsight_metrics::Scored;
use tagsight_quantiser::scores::{PRIOR_STRENGTH, fit_platt};

use super::{DistilError, Scores, Weighted};

/// Probabilities of the photos' labels for every view of every photo.
#[derive(Debug, Clone)]
pub struct Lessons {
    /// Probabilities a photo.
    labels: usize,
    /// View by view, then photo by photo.
    views: Vec<Vec<f32>>,
}

impl Lessons {
    /// Asks `teachers`, each with its weight, of the `fitted` views: weighted sums of logits,
    /// calibrated (Platt) on the `validation` photos, which no student is fitted to. What was asked
    /// before is read from `folder`.
    ///
    /// # Errors
    /// If a photo cannot be read, or scores cannot be kept.
    pub fn prepare(
        teachers: &[Weighted],
        fitted: &Views,
        validation: &Views,
        folder: &Path,
    ) -> Result<Self, DistilError> {
        let labels = labels(fitted);
        let calibration = fit_platt(&joint_scored(teachers, validation, folder)?, PRIOR_STRENGTH);
        let views = (0..fitted.count()).map(|number| {
            let logits = joint_logits(teachers, fitted, number, folder)?;
            Ok(probabilities(&logits, labels, &calibration))
        });
        let views = views.collect::<Result<_, DistilError>>()?;
        Ok(Self { labels, views })
    }

    /// Probabilities for view `number` of photo `photo`.
    pub fn of(&self, photo: usize, number: usize) -> &[f32] {
        &self.views[number][photo * self.labels..(photo + 1) * self.labels]
    }
}

/// Weighted sums of the teachers' logits of view `number`.
///
/// # Errors
/// As [`Scores::of_views`].
pub fn joint_logits(
    teachers: &[Weighted],
    views: &Views,
    number: usize,
    folder: &Path,
) -> Result<Vec<f32>, DistilError> {
    let mut sums = vec![0.0; views.dataset().photos.len() * labels(views)];
    for Weighted { teacher, weight } in teachers {
        let logits = Scores::of_views(teacher.as_ref(), views, number, folder)?.logits();
        for (sum, logit) in sums.iter_mut().zip(logits) {
            *sum += weight * logit;
        }
    }
    Ok(sums)
}

/// [`joint_logits`] of whole photos, and the truth.
///
/// # Errors
/// As [`Scores::of_views`].
pub fn joint_scored(
    teachers: &[Weighted],
    views: &Views,
    folder: &Path,
) -> Result<Scored, DistilError> {
    let logits = joint_logits(teachers, views, 0, folder)?;
    Ok(Scored::of_targets(labels(views), logits, &views.targets()))
}

/// The number of the photos' labels.
fn labels(views: &Views) -> usize {
    views.dataset().subject.labels.len()
}

fn probabilities(logits: &[f32], labels: usize, calibration: &Calibration) -> Vec<f32> {
    logits.chunks_exact(labels).flat_map(|row| calibration.scores(row)).collect()
}
