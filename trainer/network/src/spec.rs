//! What a network is, apart from its weights.

use tagsight_core::artifact::{FORMAT_VERSION, Metadata};
use tagsight_core::graph::Graph;
use tagsight_core::{Architecture, Goal, Preprocessing};

/// A network without its weights and without how they came about: all that whoever quantises,
/// exports or runs one has to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// What the network is called.
    pub name: String,
    /// Its layers, for its input and its labels.
    pub graph: Graph,
    /// One label an output.
    pub labels: Vec<String>,
    /// What is asked of it.
    pub task: Goal,
    /// How a photo becomes the input.
    pub preprocessing: Preprocessing,
}

impl Spec {
    /// One of the architectures.
    ///
    /// # Panics
    /// If there are no labels, or the input is larger than a network's may be.
    pub fn new(
        architecture: Architecture,
        labels: Vec<String>,
        task: Goal,
        preprocessing: Preprocessing,
    ) -> Self {
        let graph = architecture.graph(preprocessing.side, labels.len());
        Self { name: architecture.name().into_owned(), graph, labels, task, preprocessing }
    }

    /// What an artifact of it says before anything is known of its scores: they stay uncalibrated,
    /// and thresholds are a half.
    pub fn uncalibrated(&self) -> Metadata {
        Metadata {
            format_version: FORMAT_VERSION,
            architecture: self.name.clone(),
            labels: self.labels.clone(),
            preprocessing: self.preprocessing.clone(),
            task: self.task.uncalibrated(self.labels.len()),
        }
    }
}
