//! The temperature of probabilities (Guo et al. 2017, arXiv 1706.04599): the one at which the truth
//! surprises least.

use tagsight_core::tags::softmax;
use tagsight_metrics::Classified;

/// What is looked through, as natural logarithms of temperatures.
const RANGE: [f64; 2] = [-4.0, 4.0];
/// Halvings of an eighth of the range by the golden ratio: far below what photos can tell.
const STEPS: usize = 40;
/// A probability that surprises no more, so that none surprises infinitely.
const LEAST: f32 = 1e-12;

/// The temperature with the least cross-entropy of probabilities with the truth; 1 without photos. The
/// logits must be of photos that the network was not fitted to.
pub(super) fn fit_temperature(logits: &Classified) -> f32 {
    if logits.truth.is_empty() {
        return 1.0;
    }
    // The cross-entropy is convex in 1 / T, so it has one valley in ln T: golden-section search.
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let [mut low, mut high] = RANGE;
    for _ in 0..STEPS {
        let step = ratio * (high - low);
        let (left, right) = (high - step, low + step);
        if cross_entropy(logits, left.exp()) < cross_entropy(logits, right.exp()) {
            high = right;
        } else {
            low = left;
        }
    }
    ((low + high) / 2.0).exp() as f32
}

fn cross_entropy(logits: &Classified, temperature: f64) -> f64 {
    let rows = logits.scores.chunks_exact(logits.classes).zip(&logits.truth);
    let surprise = |(row, &truth): (&[f32], &usize)| {
        -f64::from(softmax(row, temperature as f32)[truth].max(LEAST)).ln()
    };
    rows.map(surprise).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three of four answers are right, so the best probability of what is answered is ¾: a difference of
    /// logits of ln 3, where the network's is 4.
    #[test]
    fn probabilities_become_as_sure_as_answers_are_right() {
        let scores = [4.0, 0.0].repeat(4);
        let logits = Classified { classes: 2, scores, truth: vec![0, 0, 0, 1] };
        let expected = 4.0 / 3f32.ln();
        let found = fit_temperature(&logits);
        assert!((found / expected - 1.0).abs() < 1e-3, "{found} {expected}");
    }

    #[test]
    fn nothing_is_fitted_to_nothing_and_there_is_an_end() {
        let none = Classified { classes: 2, scores: vec![], truth: vec![] };
        assert_eq!(fit_temperature(&none), 1.0);
        let always_right = Classified { classes: 2, scores: vec![1.0, 0.0], truth: vec![0] };
        let found = fit_temperature(&always_right);
        assert!(found > 0.01 && found < 0.2, "{found}");
    }
}
