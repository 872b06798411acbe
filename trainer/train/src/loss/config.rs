//! The settings of a loss.

use serde::{Deserialize, Serialize};
use tagsight_core::Goal;

/// Which loss the labels give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LossConfig {
    /// [`super::binary_cross_entropy`].
    Bce {
        /// How much each class counts.
        #[serde(default)]
        class_weights: ClassWeights,
    },
    /// [`super::focal`].
    Focal {
        /// How little easy examples count.
        #[serde(default = "default::gamma")]
        gamma: f64,
        /// Weight of positives; without it both count alike.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alpha: Option<f64>,
    },
    /// [`super::asymmetric`].
    Asymmetric {
        /// How little easy negatives count.
        #[serde(default = "default::gamma_negative")]
        gamma_negative: f64,
        /// How little easy positives count.
        #[serde(default)]
        gamma_positive: f64,
        /// Probability below which a negative counts for nothing.
        #[serde(default = "default::clip")]
        clip: f64,
    },
    /// [`super::cross_entropy`].
    CrossEntropy {},
    /// [`super::squared_error`].
    Mse {},
    /// [`super::huber`].
    Huber {
        /// The error from which on it counts linearly, in standard deviations of the values where the data
        /// are scaled to those.
        #[serde(default = "default::delta")]
        delta: f64,
    },
}

/// The kind of task that a loss is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    MultiLabel,
    SingleLabel,
    Regression,
}

/// How much each class counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClassWeights {
    /// By a rule.
    Rule(Preset),
    /// One weight a class.
    Given(Vec<f64>),
}

/// A rule for class weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// All count alike.
    None,
    /// The rarer, the more: the inverse of the frequency, scaled to a mean of 1.
    Balanced,
}

/// How a teacher's probabilities join the labels; without a teacher it has no effect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Distillation {
    /// Share of the teacher's loss; the labels' loss has the rest.
    pub weight: f64,
    /// Divides the logits of both sides: above 1 it tells more of the classes that are not there.
    pub temperature: f64,
}

/// Defaults of the losses' settings.
mod default {
    pub(super) fn gamma() -> f64 {
        2.0
    }

    pub(super) fn gamma_negative() -> f64 {
        4.0
    }

    pub(super) fn clip() -> f64 {
        0.05
    }

    pub(super) fn delta() -> f64 {
        1.0
    }
}

impl Default for ClassWeights {
    fn default() -> Self {
        Self::Rule(Preset::None)
    }
}

impl Default for Distillation {
    fn default() -> Self {
        Self { weight: 0.5, temperature: 1.0 }
    }
}

impl LossConfig {
    /// The usual loss of a task.
    pub fn of(task: &Goal) -> Self {
        match task {
            Goal::MultiLabel => Self::Bce { class_weights: ClassWeights::default() },
            Goal::SingleLabel => Self::CrossEntropy {},
            Goal::Regression { .. } => Self::Mse {},
        }
    }

    /// Whether it is a loss of `task` with `classes` outputs.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self, task: &Goal, classes: usize) -> Result<(), String> {
        if Self::of(task).kind() != self.kind() {
            return Err("the configuration's loss is not one of the photos' task".into());
        }
        match self {
            Self::Bce { class_weights: ClassWeights::Given(weights) }
                if weights.len() != classes =>
            {
                Err(format!("the configuration's loss.class_weights must be {classes} numbers"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Bce { .. } | Self::Focal { .. } | Self::Asymmetric { .. } => Kind::MultiLabel,
            Self::CrossEntropy {} => Kind::SingleLabel,
            Self::Mse {} | Self::Huber { .. } => Kind::Regression,
        }
    }

    /// The settings' keys, whether their values make sense, and what they must be.
    pub(crate) fn checks(&self) -> Vec<(&'static str, bool, &'static str)> {
        let power = |value: f64| value.is_finite() && value >= 0.0;
        match self {
            Self::Bce { class_weights: ClassWeights::Rule(_) } => vec![],
            Self::Bce { class_weights: ClassWeights::Given(weights) } => {
                let sound = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
                vec![("loss.class_weights", sound, "numbers from 0 up, one a label")]
            }
            Self::Focal { gamma, alpha } => vec![
                ("loss.gamma", power(*gamma), "0 or positive"),
                ("loss.alpha", alpha.is_none_or(|alpha| (0.0..=1.0).contains(&alpha)), "in 0..=1"),
            ],
            Self::Asymmetric { gamma_negative, gamma_positive, clip } => vec![
                ("loss.gamma_negative", power(*gamma_negative), "0 or positive"),
                ("loss.gamma_positive", power(*gamma_positive), "0 or positive"),
                ("loss.clip", (0.0..1.0).contains(clip), "in 0..1"),
            ],
            Self::CrossEntropy {} | Self::Mse {} => vec![],
            Self::Huber { delta } => {
                vec![("loss.delta", delta.is_finite() && *delta > 0.0, "positive")]
            }
        }
    }

    /// A weight a class, if they differ; `frequencies` is the part of the photos each is on.
    pub(super) fn class_weights(&self, frequencies: &[f32]) -> Option<Vec<f32>> {
        match self {
            Self::Bce { class_weights: ClassWeights::Given(weights) } => {
                Some(weights.iter().map(|&weight| weight as f32).collect())
            }
            Self::Bce { class_weights: ClassWeights::Rule(Preset::Balanced) } => {
                Some(balanced(frequencies))
            }
            _ => None,
        }
    }
}

/// Inverse frequencies with a mean of 1. A class that no photo shows counts like the rarest.
fn balanced(frequencies: &[f32]) -> Vec<f32> {
    let rarest = frequencies.iter().copied().filter(|&part| part > 0.0).fold(1.0, f32::min);
    let inverse: Vec<f32> = frequencies.iter().map(|part| part.max(rarest).recip()).collect();
    let mean = inverse.iter().sum::<f32>() / inverse.len() as f32;
    inverse.iter().map(|weight| weight / mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_of_one_kind_of_task() {
        let goals = [Goal::MultiLabel, Goal::SingleLabel, Goal::Regression { quantities: vec![] }];
        for (at, goal) in goals.iter().enumerate() {
            for (other, task) in goals.iter().enumerate() {
                assert_eq!(LossConfig::of(goal).check(task, 3).is_ok(), at == other, "{task:?}");
            }
        }
        let given = |weights: usize| LossConfig::Bce {
            class_weights: ClassWeights::Given(vec![1.0; weights]),
        };
        assert!(given(3).check(&Goal::MultiLabel, 3).is_ok());
        assert!(given(2).check(&Goal::MultiLabel, 3).unwrap_err().contains("3 numbers"));
    }

    #[test]
    fn balanced_weights_are_inverse_frequencies_around_one() {
        assert_eq!(balanced(&[0.5, 0.25, 0.0]), [0.6, 1.2, 1.2]);
    }
}
