//! What an artifact's scores mean: calibration and thresholds, fitted to validation photos.

mod platt;
mod temperature;
mod thresholds;

pub use platt::{PRIOR_STRENGTH, fit_platt};
use temperature::fit_temperature;
pub use thresholds::{ThresholdFit, fit_thresholds};

use tagsight_core::Task;
use tagsight_metrics::Answers;

/// What became of the scores of a task, for the model's card.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreFit {
    /// Calibration and thresholds of labels that are on a photo each for itself.
    Thresholds(Box<ThresholdFit>),
    /// The temperature of probabilities.
    Temperature {
        /// What divides the logits.
        temperature: f32,
        /// Photos that it was fitted to.
        photos: usize,
    },
    /// Nothing: values are what they are.
    Nothing,
}

/// Fits to a network's `answers` what its `task` leaves open: calibration, then thresholds of the
/// calibrated scores; or the temperature. The answers must be the integer network's, of photos it was not
/// fitted to.
///
/// # Panics
/// If the answers are of another task.
pub fn fit_scores(answers: &Answers, task: &mut Task) -> ScoreFit {
    match (answers, task) {
        (Answers::Labels(logits), Task::MultiLabel { thresholds, calibration }) => {
            *calibration = fit_platt(logits, PRIOR_STRENGTH);
            let fit = fit_thresholds(logits, calibration);
            thresholds.clone_from(&fit.thresholds);
            ScoreFit::Thresholds(Box::new(fit))
        }
        (Answers::Classes(logits), Task::SingleLabel { temperature }) => {
            *temperature = fit_temperature(logits);
            ScoreFit::Temperature { temperature: *temperature, photos: logits.truth.len() }
        }
        (Answers::Values(_), Task::Regression { .. }) => ScoreFit::Nothing,
        _ => panic!("answers are of the task that was asked"),
    }
}

impl ScoreFit {
    /// How they came about, for the model's card.
    pub fn describe(&self) -> String {
        match self {
            Self::Thresholds(fit) => fit.describe(),
            Self::Temperature { temperature, photos } => format!(
                "temperature {temperature:.3} of the INT8 network's probabilities, by least \
                 cross-entropy on {photos} validation photos"
            ),
            Self::Nothing => "none: the outputs are values".into(),
        }
    }
}
