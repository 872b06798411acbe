//! The study's settings.

use serde::{Deserialize, Serialize};
use tagsight_core::Architecture;

use crate::error::StudyError;

/// The settings, as a TOML file gives them; what they are for is said in `trainer/configs/studies/video.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Everything random follows from it.
    pub seed: u64,
    /// The network's name.
    pub network: String,
    /// Side of the squashed frames, pixels.
    pub side: usize,
    /// Images to calibrate on.
    pub calibration_images: usize,
    /// Runs of which the median is the latency; 0 if it is not measured.
    pub timed_runs: usize,
    /// Videos where none are given.
    pub drawn: Drawn,
    /// The float network's training.
    pub float: Fit,
    /// That of the integers.
    pub qat: Fit,
}

/// Videos that are drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// To learn from, to choose by, and to measure on.
    pub videos: [usize; 3],
    /// Of a video.
    pub frames: usize,
    /// Of those, how many the network looks at.
    pub looked_at: usize,
    /// Pixels along each side.
    pub side: usize,
}

/// A training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// Passes over the videos to learn from.
    pub epochs: usize,
    /// Videos a batch.
    pub batch_size: usize,
    /// The highest one.
    pub learning_rate: f64,
}

impl Config {
    pub(super) fn check(&self) -> Result<(), StudyError> {
        let fits = |fit: &Fit| fit.epochs > 0 && fit.batch_size > 1 && fit.learning_rate > 0.0;
        let Drawn { videos, frames, looked_at, side } = &self.drawn;
        let is_drawn = videos.iter().all(|&videos| videos > 1) && *frames > 0 && *side >= 16;
        let checks = [
            ("network", self.architecture().is_some(), "one of trainer train's models"),
            ("side", self.side >= 32 && self.side.is_multiple_of(32), "a multiple of 32"),
            ("calibration_images", self.calibration_images > 0, "at least 1"),
            ("drawn", is_drawn, "at least two videos a part, a frame a video and 16 pixels a side"),
            ("drawn.looked_at", *looked_at > 0, "at least 1"),
            ("float", fits(&self.float), "at least an epoch, batches of two, and a positive rate"),
            ("qat", fits(&self.qat), "at least an epoch, batches of two, and a positive rate"),
        ];
        StudyError::check(checks)
    }

    pub(super) fn architecture(&self) -> Option<Architecture> {
        Architecture::from_name(&self.network)
    }
}
