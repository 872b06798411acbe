//! The study's settings.

use serde::{Deserialize, Serialize};
use tagsight_core::Architecture;
use tagsight_data::augment::AugmentConfig;
use tagsight_data::crops::CropPlan;
use tagsight_train::config::TrainConfig;
use tagsight_train::sampling::Sampling;

use crate::error::StudyError;
use crate::transfer::{Fit, Lesson};

/// The settings, as a TOML file gives them; what they are for is said in
/// `trainer/configs/studies/four-ways.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Everything random follows from it.
    pub seed: u64,
    /// The network's name.
    pub network: String,
    /// Weights to begin with; empty: none.
    pub initial_weights: String,
    /// Side of the squashed photos, pixels.
    pub side: usize,
    /// Photos to calibrate on.
    pub calibration_images: usize,
    /// Photos to measure on; 0: all.
    pub photos: usize,
    /// Of every runtime.
    pub threads: usize,
    /// Turns of each runtime.
    pub rounds: usize,
    /// Timed runs in a turn.
    pub timed_runs: usize,
    /// Photos that are shown.
    pub pictures: usize,
    /// What of annotated photos is learnt.
    pub boxes: Boxes,
    /// The float network's training.
    pub float: Fit,
    /// That of the integers.
    pub qat: Fit,
    /// Views of photos.
    pub augment: AugmentConfig,
}

/// What is cut out of annotated photos.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boxes {
    /// Categories; none: all.
    pub labels: Vec<String>,
    /// Categories of fewer boxes are left out.
    pub least: usize,
    /// Boxes of which a side has fewer pixels are left out.
    pub least_side: f64,
    /// What is cut out around a box on each side, as a part of its width or height.
    pub margin: f64,
    /// Photos of pills that are drawn where none are given.
    pub drawn: usize,
}

impl Config {
    pub(super) fn check(&self) -> Result<(), StudyError> {
        let Boxes { least_side, margin, drawn, .. } = self.boxes;
        let own = [
            ("network", self.architecture().is_some(), "one of trainer train's models"),
            ("side", self.side >= 32 && self.side.is_multiple_of(32), "a multiple of 32"),
            ("calibration_images", self.calibration_images > 0, "at least 1"),
            ("threads", (1..=256).contains(&self.threads), "1 to 256"),
            ("rounds", self.rounds > 0, "at least 1"),
            ("timed_runs", self.timed_runs > 0, "at least 1"),
            ("boxes.least_side", least_side >= 1.0 && least_side.is_finite(), "at least 1"),
            ("boxes.margin", (0.0..=1.0).contains(&margin), "in 0..=1"),
            ("boxes.drawn", drawn >= 10, "at least 10"),
            self.float.check("float"),
            self.qat.check("qat"),
        ];
        StudyError::check(own.into_iter().chain(self.augment.checks()))
    }

    pub(super) fn architecture(&self) -> Option<Architecture> {
        Architecture::from_name(&self.network)
    }

    /// The settings of a training that begins with those weights.
    pub(super) fn training(&self, fit: &Fit, from: &str) -> TrainConfig {
        let lesson = Lesson {
            initial_weights: from,
            side: self.side,
            sampling: Sampling::ByClass,
            augment: self.augment.clone(),
        };
        fit.config(lesson, self.seed)
    }

    pub(super) fn crop_plan(&self) -> CropPlan {
        let Boxes { labels, least, least_side, margin, .. } = self.boxes.clone();
        CropPlan { labels, margin, least_side, least_boxes: least }
    }
}
