//! The study's settings.

use serde::{Deserialize, Serialize};
use tagsight_core::Architecture;
use tagsight_data::augment::{AugmentConfig, Augmented};
use tagsight_train::config::TrainConfig;
use tagsight_train::sampling::Sampling;

use crate::error::StudyError;
use crate::transfer::{Fit, Lesson};

/// The settings, as a TOML file gives them; what they are for is said in `trainer/configs/studies/folder.toml`.
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
    /// Photos of pills that are drawn where no folder is given.
    pub drawn: usize,
    /// Bits in which hashes of photos that look alike differ at most.
    pub near: u32,
    /// Ways to show rare classes.
    pub ways: Vec<Way>,
    /// Trainings of each way.
    pub seeds: usize,
    /// Images to calibrate on.
    pub calibration_images: usize,
    /// Runs of which the median is the latency; 0 if it is not measured.
    pub timed_runs: usize,
    /// Photos that are shown with where networks look.
    pub pictures: usize,
    /// The float network's training.
    pub float: Fit,
    /// That of the integers.
    pub qat: Fit,
    /// Views of photos.
    pub augment: AugmentConfig,
}

/// What is done for classes of few photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Nothing: each photo is shown as it is, and once.
    Plain,
    /// All photos have views.
    Views,
    /// Photos of rare classes alone have views.
    Minority,
    /// All photos have views, and all classes are shown equally often.
    ByClass,
}

impl Way {
    /// In words.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "photos as they are",
            Self::Views => "views of all photos",
            Self::Minority => "views of rare classes' photos",
            Self::ByClass => "views of all, classes equally often",
        }
    }

    /// As settings and files have it.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Views => "views",
            Self::Minority => "minority",
            Self::ByClass => "by-class",
        }
    }

    fn augment(self, views: &AugmentConfig) -> AugmentConfig {
        match self {
            // Not even mirrored.
            Self::Plain => AugmentConfig { views: 1, flip: false, ..AugmentConfig::default() },
            Self::Views | Self::ByClass => {
                AugmentConfig { photos: Augmented::All, ..views.clone() }
            }
            Self::Minority => AugmentConfig { photos: Augmented::Minority, ..views.clone() },
        }
    }

    fn sampling(self) -> Sampling {
        match self {
            Self::ByClass => Sampling::ByClass,
            _ => Sampling::EachOnce,
        }
    }
}

impl Config {
    pub(super) fn check(&self) -> Result<(), StudyError> {
        let network = self.architecture();
        let is_repeated = (1..self.ways.len()).any(|at| self.ways[..at].contains(&self.ways[at]));
        let own = [
            ("network", network.is_some(), "one of trainer train's models"),
            ("side", self.side >= 32 && self.side.is_multiple_of(32), "a multiple of 32"),
            ("drawn", self.drawn >= 10, "at least 10"),
            ("near", self.near <= 16, "at most 16"),
            ("ways", !self.ways.is_empty() && !is_repeated, "at least one, each once"),
            ("seeds", self.seeds > 0, "at least 1"),
            ("calibration_images", self.calibration_images > 0, "at least 1"),
            self.float.check("float"),
            self.qat.check("qat"),
        ];
        StudyError::check(own.into_iter().chain(self.augment.checks()))
    }

    pub(super) fn architecture(&self) -> Option<Architecture> {
        Architecture::from_name(&self.network)
    }

    /// The settings of a training that begins with those weights.
    pub(super) fn training(&self, fit: &Fit, way: Way, seed: u64, from: &str) -> TrainConfig {
        let lesson = Lesson {
            initial_weights: from,
            side: self.side,
            sampling: way.sampling(),
            augment: way.augment(&self.augment),
        };
        fit.config(lesson, seed)
    }
}
