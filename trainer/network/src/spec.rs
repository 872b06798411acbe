//! What a network is, apart from its weights.

use tagsight_core::artifact::{FORMAT_VERSION, Metadata, Preprocessing};
use tagsight_core::graph::Graph;
use tagsight_core::{Architecture, Goal};

/// A network without its weights and without how they came about: all that whoever quantises,
/// exports or runs one has to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Its layers, whatever the input's size and the number of labels.
    pub architecture: Architecture,
    /// One label an output.
    pub labels: Vec<String>,
    /// What is asked of it.
    pub task: Goal,
    /// How a photo becomes the input.
    pub preprocessing: Preprocessing,
}

impl Spec {
    /// Its layers, for its input and its labels.
    pub fn graph(&self) -> Graph {
        self.architecture.graph(self.preprocessing.side, self.labels.len())
    }

    /// What an artifact of it says before anything is known of its scores: they stay uncalibrated,
    /// and thresholds are a half.
    pub fn uncalibrated(&self) -> Metadata {
        Metadata {
            format_version: FORMAT_VERSION,
            architecture: self.architecture.name().to_owned(),
            labels: self.labels.clone(),
            preprocessing: self.preprocessing.clone(),
            task: self.task.uncalibrated(self.labels.len()),
        }
    }
}
