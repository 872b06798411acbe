//! Thresholds that give the best F1 on the very photos they are chosen on: upper bounds.

use super::Scored;
use super::decisions::{Counts, decide};

/// The one threshold for all classes with the best mean F1 of the classes, of 0.01, 0.02 … 0.99.
pub fn best_global_threshold(scored: &Scored) -> f32 {
    let candidates = (1..100).map(|percent| percent as f32 / 100.0);
    let macro_f1 = |threshold: f32| decide(scored, &vec![threshold; scored.classes]).macro_f1;
    candidates
        .map(|threshold| (threshold, macro_f1(threshold)))
        .fold((0.5, -1.0), |best, next| if next.1 > best.1 { next } else { best })
        .0
}

/// Each class's threshold with the best F1, halfway between two photos' scores; `fallback` for a class
/// that is on no photo.
pub fn best_thresholds(scored: &Scored, fallback: f32) -> Vec<f32> {
    let one = |class: usize| {
        let column = scored.class(class);
        let is_present = column.iter().any(|(_, truth)| *truth);
        if is_present { best_threshold(column) } else { fallback }
    };
    (0..scored.classes).map(one).collect()
}

fn best_threshold(mut scored: Vec<(f32, bool)>) -> f32 {
    scored.sort_unstable_by(|left, right| right.0.total_cmp(&left.0));
    let present = scored.iter().filter(|(_, truth)| *truth).count();
    let (mut right, mut best_f1, mut best) = (0, -1.0, 0.5);
    for (index, &(score, truth)) in scored.iter().enumerate() {
        right += usize::from(truth);
        let below = scored.get(index + 1).map_or(0.0, |next| next.0);
        let f1 = Counts { right, given: index + 1, present }.f1();
        // A threshold cannot part photos of one score.
        if below != score && f1 > best_f1 {
            (best_f1, best) = (f1, (score + below) / 2.0);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_threshold_lies_between_right_and_wrong() {
        let scored = [(0.9, true), (0.8, true), (0.4, false), (0.3, false)];
        assert!((best_threshold(scored.to_vec()) - 0.6).abs() < 1e-6);
        let tied = [(0.9, true), (0.5, true), (0.5, false), (0.1, false)];
        assert!((best_threshold(tied.to_vec()) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn absent_classes_take_the_fallback() {
        let scored = Scored::new(2, vec![0.9, 0.9, 0.2, 0.1], &[vec![0], vec![]]);
        assert_eq!(best_thresholds(&scored, 0.25), [0.55, 0.25]);
    }

    #[test]
    fn the_global_threshold_is_the_best_of_all() {
        let scored =
            Scored::new(1, vec![0.9, 0.62, 0.2, 0.605], &[vec![0], vec![0], vec![], vec![]]);
        let threshold = best_global_threshold(&scored);
        assert!((0.61..=0.62).contains(&threshold), "{threshold}");
    }
}
