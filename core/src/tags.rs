//! Logits → calibrated scores → tags, and how commands tell them.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// A label that a photo got.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tag {
    /// The label's name.
    pub label: String,
    /// Its calibrated score in `0..=1`.
    pub score: f32,
}

/// A photo's line of the commands' JSON: `{"photo": …, "tags": […], "scores": {…}}`.
#[derive(Debug, Clone, Serialize)]
pub struct Told<'a> {
    /// Where the photo is, as the user named it.
    pub photo: Cow<'a, str>,
    /// Best first.
    pub tags: Vec<Tag>,
    /// Those of all labels.
    pub scores: Scores<'a>,
}

/// Scores by label, in the order of the model's outputs.
#[derive(Debug, Clone, Copy)]
pub struct Scores<'a> {
    /// One an output.
    pub labels: &'a [String],
    /// One a label.
    pub scores: &'a [f32],
}

impl Serialize for Scores<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.labels.iter().zip(self.scores))
    }
}

/// Per-class Platt scaling: `score = sigmoid(slope · logit + offset)` (Platt 1999).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// One slope a class.
    pub slope: Vec<f32>,
    /// One offset a class.
    pub offset: Vec<f32>,
}

impl Calibration {
    /// Scores are plain sigmoids.
    pub fn identity(classes: usize) -> Self {
        Self { slope: vec![1.0; classes], offset: vec![0.0; classes] }
    }

    /// What the sigmoid makes the calibrated scores of one photo of: how probable its labels are, as
    /// log-odds.
    pub fn log_odds(&self, logits: &[f32]) -> impl Iterator<Item = f32> {
        let lines = self.slope.iter().zip(&self.offset);
        logits.iter().zip(lines).map(|(logit, (slope, offset))| slope * logit + offset)
    }

    /// Calibrated scores of one photo.
    pub fn scores(&self, logits: &[f32]) -> Vec<f32> {
        self.log_odds(logits).map(sigmoid).collect()
    }
}

/// The logistic function.
pub fn sigmoid(logit: f32) -> f32 {
    // In f64 and rounded once, so that it comes out the same with every `exp`.
    (1.0 / (1.0 + (-f64::from(logit)).exp())) as f32
}

/// The labels whose score reaches their threshold, best first; equal scores in label order.
pub fn select(labels: &[String], scores: &[f32], thresholds: &[f32]) -> Vec<Tag> {
    let mut tags: Vec<Tag> = labels
        .iter()
        .zip(scores)
        .zip(thresholds)
        .filter(|((_, score), threshold)| score >= threshold)
        .map(|((label, &score), _)| Tag { label: label.clone(), score })
        .collect();
    tags.sort_by(|left, right| right.score.total_cmp(&left.score));
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_reach_their_own_threshold_and_come_best_first() {
        let labels: Vec<String> = ["person", "dog", "cat"].map(String::from).into();
        let tags = select(&labels, &[0.5, 0.9, 0.4], &[0.5, 0.2, 0.41]);
        let names: Vec<&str> = tags.iter().map(|tag| tag.label.as_str()).collect();
        assert_eq!(names, ["dog", "person"]);
    }

    #[test]
    fn sigmoid_saturates_without_nan() {
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(1e30), 1.0);
        assert_eq!(sigmoid(-1e30), 0.0);
    }
}
