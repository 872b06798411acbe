//! Logits → calibrated scores → tags, and how commands tell them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};

use crate::thresholds::{Step, Thresholds};

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

/// Probabilities of logits that are divided by `temperature`; they sum to 1.
pub fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    // In f64 and rounded once, as the logistic function; below the largest, so that none overflows.
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let power =
        |&logit: &f32| ((f64::from(logit) - f64::from(largest)) / f64::from(temperature)).exp();
    let powers: Vec<f64> = logits.iter().map(power).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| (power / sum) as f32).collect()
}

/// What a photo gets however low its scores are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AtLeast {
    /// Nothing: it may show none of the labels.
    #[default]
    Nothing,
    /// Its best label, or all of several that are equally good.
    Best,
}

/// When a label becomes a tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The score at which each label is given.
    pub thresholds: Thresholds,
    /// What is given below that.
    #[serde(default)]
    pub at_least: AtLeast,
}

impl Rule {
    /// The score that each label of a photo of these `scores` needs at `step`.
    pub fn least(&self, scores: &[f32], step: Step) -> Vec<f32> {
        let thresholds = self.thresholds.at(step);
        match self.at_least {
            AtLeast::Nothing => thresholds.clone(),
            AtLeast::Best => {
                let best = scores.iter().copied().fold(0.0, f32::max);
                thresholds.iter().map(|least| least.min(best)).collect()
            }
        }
    }

    /// The labels that a photo of these `scores` gets, best first; equal scores in label order.
    pub fn tags(&self, labels: &[String], scores: &[f32], step: Step) -> Vec<Tag> {
        let mut tags: Vec<Tag> = labels
            .iter()
            .zip(scores)
            .zip(self.least(scores, step))
            .filter(|((_, score), least)| **score >= *least)
            .map(|((label, &score), _)| Tag { label: label.clone(), score })
            .collect();
        tags.sort_by(|left, right| right.score.total_cmp(&left.score));
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thresholds::Steps;

    #[test]
    fn tags_reach_their_own_threshold_and_come_best_first() {
        let labels: Vec<String> = ["person", "dog", "cat"].map(String::from).into();
        let thresholds = Steps::all(vec![0.5, 0.2, 0.41]);
        let names = |at_least, scores: &[f32]| -> Vec<String> {
            let rule = Rule { thresholds: thresholds.clone(), at_least };
            let tags = rule.tags(&labels, scores, Step::default());
            tags.into_iter().map(|tag| tag.label).collect()
        };
        assert_eq!(names(AtLeast::Nothing, &[0.5, 0.9, 0.4]), ["dog", "person"]);
        assert_eq!(names(AtLeast::Best, &[0.5, 0.9, 0.4]), ["dog", "person"]);
        assert_eq!(names(AtLeast::Nothing, &[0.3, 0.1, 0.3]), [""; 0]);
        assert_eq!(names(AtLeast::Best, &[0.3, 0.1, 0.3]), ["person", "cat"]);
    }

    #[test]
    fn probabilities_are_numbers_whatever_the_logits() {
        assert_eq!(softmax(&[1e30, -1e30, 1e30], 1.0), [0.5, 0.0, 0.5]);
        assert_eq!(softmax(&[-7.0], 0.1), [1.0]);
    }

    #[test]
    fn sigmoid_saturates_without_nan() {
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(1e30), 1.0);
        assert_eq!(sigmoid(-1e30), 0.0);
    }
}
