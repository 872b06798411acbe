//! Average precision and the area under the precision-recall curve.

use super::{Metric, Score, Scored, mean};

/// `Σ (Rₙ − Rₙ₋₁) Pₙ` over distinct thresholds: photos of one score are taken together, so their
/// order does not matter (scikit-learn's `average_precision_score`). `None` without positives.
pub fn average_precision(scored: &[(f32, bool)]) -> Option<f64> {
    let curve = Curve::new(scored)?;
    let mut previous_recall = 0.0;
    let mut sum = 0.0;
    for &(recall, precision) in &curve.points {
        sum += (recall - previous_recall) * precision;
        previous_recall = recall;
    }
    Some(sum)
}

/// The area under the precision-recall curve by the trapezoid rule, from precision 1 at recall 0;
/// some report its mean as mAP. `None` without positives.
pub fn pr_auc(scored: &[(f32, bool)]) -> Option<f64> {
    let curve = Curve::new(scored)?;
    let (mut recall, mut precision) = (0.0, 1.0);
    let mut sum = 0.0;
    for &(next_recall, next_precision) in &curve.points {
        sum += (next_recall - recall) * (precision + next_precision) / 2.0;
        (recall, precision) = (next_recall, next_precision);
    }
    Some(sum)
}

/// The mean of all classes' average precision; a class that is on no photo counts as 0.
pub fn mean_average_precision(scored: &Scored) -> f64 {
    mean(per_class(scored).map(|value| value.unwrap_or(0.0)))
}

impl Scored {
    /// [`mean_average_precision`] with its name.
    pub(super) fn score(&self) -> Score {
        Score { metric: Metric::Map, over: self.classes, value: mean_average_precision(self) }
    }
}

/// The mean of average precision over the classes that are on some photo.
pub fn mean_average_precision_present(scored: &Scored) -> f64 {
    mean(per_class(scored).flatten())
}

fn per_class(scored: &Scored) -> impl Iterator<Item = Option<f64>> + '_ {
    (0..scored.classes).map(|class| average_precision(&scored.class(class)))
}

/// Recall and precision at every distinct threshold, from the highest score down.
pub(super) struct Curve {
    pub(super) points: Vec<(f64, f64)>,
}

impl Curve {
    /// `None` without positives.
    pub(super) fn new(scored: &[(f32, bool)]) -> Option<Self> {
        let positives = scored.iter().filter(|(_, truth)| *truth).count();
        if positives == 0 {
            return None;
        }
        let mut sorted = scored.to_vec();
        sorted.sort_unstable_by(|left, right| right.0.total_cmp(&left.0));
        let mut hits = 0;
        let mut points = Vec::new();
        for (index, &(score, truth)) in sorted.iter().enumerate() {
            hits += usize::from(truth);
            let is_last_of_ties = sorted.get(index + 1).is_none_or(|next| next.0 != score);
            if is_last_of_ties {
                let recall = hits as f64 / positives as f64;
                points.push((recall, hits as f64 / (index + 1) as f64));
            }
        }
        Some(Self { points })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_taken_together() {
        let in_one_order = [(0.9, true), (0.5, true), (0.5, false), (0.1, true)];
        let in_another = [(0.9, true), (0.5, false), (0.5, true), (0.1, true)];
        // By hand: 1/3·1 + 1/3·2/3 + 1/3·3/4.
        let expected = (1.0 + 2.0 / 3.0 + 0.75) / 3.0;
        for scored in [in_one_order, in_another] {
            assert!((average_precision(&scored).unwrap() - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn no_positives_have_no_precision() {
        assert_eq!(average_precision(&[(0.5, false)]), None);
        let scored = Scored::new(2, vec![0.9, 0.1], &[vec![0]]);
        assert_eq!(mean_average_precision(&scored), 0.5);
    }
}
