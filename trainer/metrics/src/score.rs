//! A model's figure with the name of what it measures, as reports, cards and the page's manifest have it.

use serde::{Deserialize, Serialize};
use tagsight_core::Goal;

/// How good a model is, in one number: the higher, the better, and 1 is perfect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// What was measured.
    pub metric: Metric,
    /// The outputs that it was measured over, labels as a rule. Figures over other outputs do not compare.
    pub over: usize,
    /// The figure.
    pub value: f64,
}

/// What a [`Score`] measures: one for each kind of task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Mean of the labels' average precision; a label that is on no photo counts as 0.
    Map,
    /// Part of the photos whose best label is right.
    Accuracy,
    /// Mean coefficient of determination; a value that does not vary counts as 0.
    R2,
}

impl Metric {
    /// What is measured of the answers of a network that is asked for that.
    pub fn of(task: &Goal) -> Self {
        match task {
            Goal::MultiLabel => Self::Map,
            Goal::SingleLabel => Self::Accuracy,
            Goal::Regression { .. } => Self::R2,
        }
    }

    /// Its name in files, as serde writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Accuracy => "accuracy",
            Self::R2 => "r2",
        }
    }
}

impl Score {
    /// Whether the two are of the same metric over as many outputs, and alike but for the last digits,
    /// which serde_json may read wrong.
    pub fn is_same(&self, other: &Self) -> bool {
        const LAST_DIGITS: f64 = 1e-12;
        let is_near = (self.value - other.value).abs() < LAST_DIGITS;
        (self.metric, self.over) == (other.metric, other.over) && is_near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_the_same_up_to_their_last_digits() {
        let score = Score { metric: Metric::Map, over: 80, value: 0.5 };
        assert!(score.is_same(&Score { value: 0.5 + 1e-14, ..score }));
        assert!(!score.is_same(&Score { value: 0.500_001, ..score }));
        assert!(!score.is_same(&Score { over: 79, ..score }));
    }
}
