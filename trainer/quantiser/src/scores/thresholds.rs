//! Thresholds of three steps, from what a network says of validation photos.
//!
//! *Sure* and *balanced* promise a precision over all tags. Of all choices of tags that keep such a
//! promise, the one that finds most takes labels in the order of how probable they are (Neyman and
//! Pearson 1933): a label's threshold is the score at which its probability is one that all labels
//! share. *More* is the score at which a label's F1 is the best that can be expected from its
//! probabilities (Ye, Chai, Lee and Chieu 2012; it is where the probability is half of that F1:
//! Lipton, Elkan and Naryanaswamy 2014). Counting the right tags of each label instead, and even
//! leaning on counts a little, did worse on photos that were left out: some ten photos have a
//! label.
//!
//! So all that is fitted to a label is its probability: a line over its logits (Platt), drawn to
//! the line of all labels, which is what rare ones have. How strongly is found by cross-fitting:
//! lines from nine tenths of the photos say how probable labels are on the tenth left out, and the
//! strength with the least cross-entropy there is taken. The photos left out also say where
//! precision is as promised. What they say has an error, and they also chose the epoch, so the
//! promise must be kept by a standard error more.

use rayon::prelude::*;
use tagsight_core::tags::{Calibration, sigmoid};
use tagsight_core::{Step, Steps, Thresholds};
use tagsight_metrics::{Decisions, Scored, decide};

use super::platt::fit_platt;

/// Parts of the photos, each of which is left out once.
const FOLDS: usize = 10;
/// How strongly lines may be drawn to that of all labels, in photos of medium certainty.
const STRENGTHS: [f64; 5] = [10.0, 30.0, 100.0, 300.0, 1000.0];
/// Precision over all tags at the surest step.
const SURE: f64 = 0.9;
/// Precision over all tags at the usual step.
const BALANCED: f64 = 0.8;

/// Thresholds, and how they came about.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdFit {
    /// One a label and step.
    pub thresholds: Thresholds,
    /// Photos that they were fitted to.
    pub photos: usize,
    /// How strongly a label's line was drawn to that of all labels.
    pub strength: f64,
    /// The probability at which every label is given when one is to be sure.
    pub sure_probability: f32,
    /// The same at the usual step.
    pub balanced_probability: f32,
    /// What tags are worth at each step where lines are of other photos.
    pub crossfitted: Steps<Decisions>,
}

impl ThresholdFit {
    /// How they came about, for the model's card.
    pub fn describe(&self) -> String {
        let figures = |step| {
            let Decisions { op, or, .. } = self.crossfitted.at(step);
            format!("precision {op:.3}, recall {or:.3}")
        };
        format!(
            "calibration (Platt) and thresholds of the INT8 network's scores on {} validation \
             photos: where a label's probability is {:.2} (sure: {}) or {:.2} (balanced: {}), or its \
             expected F1 is best (more: {}); the figures are over all tags and cross-fitted, the \
             first two precisions a standard error above {SURE} and {BALANCED} where that can be \
             had; probabilities are lines over logits, drawn to that of all labels as by {} photos",
            self.photos,
            self.sure_probability,
            figures(Step::Sure),
            self.balanced_probability,
            figures(Step::Balanced),
            figures(Step::More),
            self.strength,
        )
    }
}

/// Fits the thresholds of scores that `calibration` makes of `logits`. These must be the integer
/// network's, of photos that it was not fitted to.
pub fn fit_thresholds(logits: &Scored, calibration: &Calibration) -> ThresholdFit {
    let (strength, left_out) = STRENGTHS
        .map(|strength| (strength, crossfit(logits, strength)))
        .into_iter()
        .min_by(|(_, one), (_, other)| cross_entropy(one).total_cmp(&cross_entropy(other)))
        .expect("there are some strengths");
    let lines = fit_platt(logits, strength);
    // Where all tags together cannot show that they keep a promise, each has to be as probable.
    let where_precise =
        |precision| least_log_odds(&left_out, precision).unwrap_or_else(|| log_odds(precision));
    let balanced = where_precise(BALANCED);
    let sure = where_precise(SURE).max(balanced);
    let known = on_lines(logits, &lines);
    let more = (0..known.classes).map(|class| best_expected_f1(&known.class(class)).min(balanced));
    let steps = Steps {
        sure: vec![sure; known.classes],
        balanced: vec![balanced; known.classes],
        more: more.collect(),
    };
    ThresholdFit {
        thresholds: steps.map(|log_odds| as_scores(log_odds, &lines, calibration)),
        photos: logits.photos(),
        strength,
        sure_probability: sigmoid(sure),
        balanced_probability: sigmoid(balanced),
        crossfitted: steps.map(|log_odds| decide(&left_out, log_odds)),
    }
}

/// Log-odds of labels on photos that the lines have not seen.
fn crossfit(logits: &Scored, strength: f64) -> Scored {
    let photos = logits.photos();
    let folds: Vec<Scored> = (0..FOLDS)
        .into_par_iter()
        .map(|fold| {
            let (left_out, others): (Vec<_>, Vec<_>) =
                (0..photos).partition(|photo| photo % FOLDS == fold);
            on_lines(&logits.pick(&left_out), &fit_platt(&logits.pick(&others), strength))
        })
        .collect();
    let row = |photo: usize| {
        let start = photo / FOLDS * logits.classes;
        &folds[photo % FOLDS].scores[start..start + logits.classes]
    };
    Scored { scores: (0..photos).flat_map(row).copied().collect(), ..logits.clone() }
}

/// Log-odds in place of logits.
fn on_lines(logits: &Scored, lines: &Calibration) -> Scored {
    let rows = logits.scores.chunks_exact(logits.classes);
    Scored { scores: rows.flat_map(|row| lines.log_odds(row)).collect(), ..logits.clone() }
}

/// The cross-entropy of log-odds with the truth, over all photos and labels.
fn cross_entropy(log_odds: &Scored) -> f64 {
    let surprise = |(&value, &truth): (&f32, &bool)| {
        let wrong = f64::from(if truth { -value } else { value });
        wrong.max(0.0) + (-wrong.abs()).exp().ln_1p()
    };
    log_odds.scores.iter().zip(&log_odds.truth).map(surprise).sum()
}

/// The least log-odds for all labels at which precision over all tags is `precision` and a standard
/// error more.
fn least_log_odds(scored: &Scored, precision: f64) -> Option<f32> {
    let mut order: Vec<usize> = (0..scored.scores.len()).collect();
    order.sort_unstable_by(|&left, &right| scored.scores[right].total_cmp(&scored.scores[left]));
    let mut tags = Tags::new(scored.photos());
    let mut least = None;
    for (position, &index) in order.iter().enumerate() {
        tags.give(index / scored.classes, scored.truth[index]);
        let value = scored.scores[index];
        // A threshold cannot part labels of one score.
        let below = order.get(position + 1).map_or(value - 1.0, |&next| scored.scores[next]);
        if below != value && tags.precision() - tags.standard_error() >= precision {
            least = Some((value + below) / 2.0);
        }
    }
    least
}

/// Tags that are given one after the other.
struct Tags {
    /// Right and given ones of each photo.
    photos: Vec<(f64, f64)>,
    right: f64,
    given: f64,
    /// Over photos: right², right · given and given².
    squares: [f64; 3],
}

impl Tags {
    fn new(photos: usize) -> Self {
        Self { photos: vec![(0.0, 0.0); photos], right: 0.0, given: 0.0, squares: [0.0; 3] }
    }

    fn give(&mut self, photo: usize, is_right: bool) {
        let hit = f64::from(u8::from(is_right));
        let (right, given) = &mut self.photos[photo];
        let before = [*right * *right, *right * *given, *given * *given];
        *right += hit;
        *given += 1.0;
        let after = [*right * *right, *right * *given, *given * *given];
        for (square, (after, before)) in self.squares.iter_mut().zip(after.into_iter().zip(before))
        {
            *square += after - before;
        }
        self.right += hit;
        self.given += 1.0;
    }

    fn precision(&self) -> f64 {
        self.right / self.given
    }

    /// Of a ratio of two sums over photos (Cochran 1977): a photo's tags are right or wrong
    /// together more often than those of several.
    fn standard_error(&self) -> f64 {
        let [right, both, given] = self.squares;
        let precision = self.precision();
        let squared_residuals = right - 2.0 * precision * both + precision * precision * given;
        squared_residuals.max(0.0).sqrt() / self.given
    }
}

/// The log-odds at which one label's expected F1 is best.
fn best_expected_f1(log_odds: &[(f32, bool)]) -> f32 {
    let mut sorted: Vec<f32> = log_odds.iter().map(|(value, _)| *value).collect();
    sorted.sort_unstable_by(|left, right| right.total_cmp(left));
    let present: f64 = sorted.iter().map(|&value| f64::from(sigmoid(value))).sum();
    let (mut right, mut best_f1, mut best) = (0.0, -1.0, 0.0);
    for (index, &value) in sorted.iter().enumerate() {
        right += f64::from(sigmoid(value));
        let f1 = 2.0 * right / ((index + 1) as f64 + present);
        if f1 > best_f1 {
            let below = sorted.get(index + 1).copied().unwrap_or(value);
            (best_f1, best) = (f1, (value + below) / 2.0);
        }
    }
    best
}

fn log_odds(probability: f64) -> f32 {
    (probability / (1.0 - probability)).ln() as f32
}

/// The scores of labels whose log-odds on `lines` these are.
fn as_scores(log_odds: &[f32], lines: &Calibration, calibration: &Calibration) -> Vec<f32> {
    let on_line = lines.slope.iter().zip(&lines.offset);
    let logits: Vec<f32> = log_odds
        .iter()
        .zip(on_line)
        .map(|(value, (slope, offset))| (value - offset) / slope)
        .collect();
    calibration.scores(&logits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha12Rng;

    const LABELS: usize = 6;

    /// Photos whose labels are drawn from their log-odds; what the network says of label `l` is
    /// 2 · log-odds + l, so that each has a line of its own. Later labels are rarer.
    fn drawn(photos: usize, seed: u64) -> Scored {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let (mut logits, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..photos {
            let mut present = Vec::new();
            for label in 0..LABELS {
                let log_odds = rng.random_range(-6.0f64..4.0) - label as f64 / 2.0;
                logits.push((2.0 * log_odds) as f32 + label as f32);
                if rng.random_bool(1.0 / (1.0 + (-log_odds).exp())) {
                    present.push(label);
                }
            }
            labels.push(present);
        }
        Scored::new(LABELS, logits, &labels)
    }

    fn fitted(photos: &Scored) -> (Calibration, ThresholdFit) {
        let calibration = fit_platt(photos, 10.0);
        let fit = fit_thresholds(photos, &calibration);
        (calibration, fit)
    }

    #[test]
    fn promises_hold_on_photos_that_nothing_was_fitted_to() {
        let (calibration, fit) = fitted(&drawn(800, 1));
        let new = drawn(20_000, 2).calibrated(&calibration);
        let [sure, balanced, more] = Step::ALL.map(|step| decide(&new, fit.thresholds.at(step)));
        assert!((0.9..0.93).contains(&sure.op), "{sure:?}");
        assert!((0.8..0.84).contains(&balanced.op), "{balanced:?}");
        assert!(sure.or < balanced.or && balanced.or < more.or, "{sure:?} {balanced:?} {more:?}");
        // Half as many tags beyond the best ones, or half as few, must be worse.
        let f1_at = |shift: f32| {
            let moved: Vec<f32> =
                fit.thresholds.more.iter().map(|score| (score + shift).clamp(0.0, 1.0)).collect();
            decide(&new, &moved).macro_f1
        };
        assert!(more.macro_f1 > f1_at(0.15) && more.macro_f1 > f1_at(-0.15), "{more:?}");
    }

    #[test]
    fn a_step_only_adds_tags_to_the_one_before() {
        for seed in 0..5 {
            let Thresholds { sure, balanced, more } = fitted(&drawn(120, seed)).1.thresholds;
            for label in 0..LABELS {
                assert!(sure[label] >= balanced[label] && balanced[label] >= more[label]);
            }
        }
    }

    #[test]
    fn labels_lean_on_one_another_as_far_as_they_are_alike() {
        let different = drawn(400, 3);
        let mut alike = different.clone();
        for row in alike.scores.chunks_exact_mut(LABELS) {
            row.iter_mut().enumerate().for_each(|(label, logit)| *logit -= label as f32);
        }
        let [different, alike] = [different, alike].map(|photos| fitted(&photos).1.strength);
        assert!(different < 30.0 && alike > 30.0, "{different} {alike}");
    }

    #[test]
    fn thresholds_are_of_calibrated_scores() {
        let photos = drawn(300, 4);
        let one = fit_thresholds(&photos, &Calibration::identity(LABELS)).thresholds;
        let steeper = Calibration { slope: vec![2.0; LABELS], offset: vec![-1.0; LABELS] };
        let other = fit_thresholds(&photos, &steeper).thresholds;
        let by_one = decide(&photos.calibrated(&Calibration::identity(LABELS)), &one.balanced);
        let by_other = decide(&photos.calibrated(&steeper), &other.balanced);
        assert_ne!(one, other);
        assert_eq!(by_one, by_other, "the same tags, whatever scores are made of logits");
    }

    #[test]
    fn a_promise_that_cannot_be_shown_is_that_of_each_tag() {
        let scored = Scored::new(1, vec![3.0, 2.0, 1.0], &[vec![], vec![], vec![]]);
        assert_eq!(least_log_odds(&scored, 0.8), None);
        let fit = fit_thresholds(&scored, &Calibration::identity(1));
        assert!((fit.balanced_probability - 0.8).abs() < 1e-6);
        assert!((fit.sure_probability - 0.9).abs() < 1e-6);
    }

    #[test]
    fn the_least_threshold_leaves_a_standard_error() {
        // Two photos of ten right tags each, then wrong ones.
        let truth: Vec<Vec<usize>> = vec![(0..10).collect(); 2];
        let scores: Vec<f32> = (0..2)
            .flat_map(|photo| (0..14).map(move |label| 20.0 - (2 * label + photo) as f32))
            .collect();
        let scored = Scored::new(14, scores, &truth);
        let mut tags = Tags::new(2);
        for label in 0..12 {
            tags.give(0, label < 10);
        }
        tags.give(1, true);
        // By hand: precision 11/13, residuals 10 − 12 · 11/13 and 1 − 11/13.
        let precision = 11.0 / 13.0;
        let residuals = [10.0 - 12.0 * precision, 1.0 - precision];
        let expected = residuals.iter().map(|residual: &f64| residual * residual).sum::<f64>();
        assert!((tags.precision() - precision).abs() < 1e-12);
        assert!((tags.standard_error() - expected.sqrt() / 13.0).abs() < 1e-12);
        // Twenty right and two wrong ones, alike on both photos, have a precision of 0.909.
        let least = least_log_odds(&scored, 0.9).unwrap();
        let given = scored.scores.iter().filter(|&&score| score >= least).count();
        assert_eq!(given, 22);
    }

    #[test]
    fn the_best_expected_f1_is_at_half_of_itself() {
        let mut rng = ChaCha12Rng::seed_from_u64(5);
        let log_odds: Vec<(f32, bool)> =
            (0..2000).map(|_| (rng.random_range(-8.0f32..4.0), false)).collect();
        let threshold = best_expected_f1(&log_odds);
        let probabilities = log_odds.iter().map(|(value, _)| (*value, f64::from(sigmoid(*value))));
        let present: f64 = probabilities.clone().map(|(_, probability)| probability).sum();
        let given = probabilities.filter(|(value, _)| *value >= threshold);
        let (count, right) = given.fold((0.0, 0.0), |(n, sum), (_, p)| (n + 1.0, sum + p));
        let half = right / (count + present);
        assert!((f64::from(sigmoid(threshold)) - half).abs() < 0.01, "{threshold} {half}");
    }
}
