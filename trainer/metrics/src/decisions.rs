//! Precision, recall and F1 of tags, given thresholds.

use serde::{Deserialize, Serialize};

use super::{Scored, mean};

/// Quality of the tags that thresholds give. Where nothing is tagged, precision counts as 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Mean of the classes' precision.
    pub cp: f64,
    /// Mean of the classes' recall.
    pub cr: f64,
    /// Harmonic mean of `cp` and `cr`.
    pub cf1: f64,
    /// Precision over all tags.
    pub op: f64,
    /// Recall over all tags.
    pub or: f64,
    /// Harmonic mean of `op` and `or`.
    pub of1: f64,
    /// Mean of the classes' F1.
    pub macro_f1: f64,
}

/// Tags given, and how many of them are right.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) right: usize,
    pub(super) given: usize,
    pub(super) present: usize,
}

impl Counts {
    fn of(scored: &[(f32, bool)], threshold: f32) -> Self {
        let mut counts = Self::default();
        for &(score, truth) in scored {
            let given = score >= threshold;
            counts.given += usize::from(given);
            counts.present += usize::from(truth);
            counts.right += usize::from(given && truth);
        }
        counts
    }

    fn precision(self) -> f64 {
        ratio(self.right, self.given)
    }

    fn recall(self) -> f64 {
        ratio(self.right, self.present)
    }

    pub(super) fn f1(self) -> f64 {
        ratio(2 * self.right, self.given + self.present)
    }
}

/// What `thresholds`, one a class, make of the scores.
///
/// # Panics
/// If there is not one threshold a class.
pub fn decide(scored: &Scored, thresholds: &[f32]) -> Decisions {
    assert_eq!(thresholds.len(), scored.classes, "one threshold a class");
    let counts: Vec<Counts> = thresholds
        .iter()
        .enumerate()
        .map(|(class, &threshold)| Counts::of(&scored.class(class), threshold))
        .collect();
    let cp = mean(counts.iter().map(|counts| counts.precision()));
    let cr = mean(counts.iter().map(|counts| counts.recall()));
    let all = counts.iter().fold(Counts::default(), |sum, counts| Counts {
        right: sum.right + counts.right,
        given: sum.given + counts.given,
        present: sum.present + counts.present,
    });
    let (op, or) = (all.precision(), all.recall());
    let macro_f1 = mean(counts.iter().map(|counts| counts.f1()));
    Decisions { cp, cr, cf1: harmonic(cp, cr), op, or, of1: harmonic(op, or), macro_f1 }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn harmonic(left: f64, right: f64) -> f64 {
    if left + right == 0.0 { 0.0 } else { 2.0 * left * right / (left + right) }
}
