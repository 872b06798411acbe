//! How good the answers are where each photo has one label: the confusion matrix and what follows from it.

use super::decisions::Counts;
use super::{Metric, Score, mean};

/// Scores (or logits) of photos and which label each truly shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified {
    /// Scores a photo.
    pub classes: usize,
    /// Photo by photo, `classes` each.
    pub scores: Vec<f32>,
    /// The number of each photo's label.
    pub truth: Vec<usize>,
}

impl Classified {
    /// The number of each photo's best label; of equal ones the first.
    pub fn answers(&self) -> Vec<usize> {
        let best = |scores: &[f32]| {
            let better =
                |best: usize, next: usize| if scores[next] > scores[best] { next } else { best };
            (1..scores.len()).fold(0, better)
        };
        self.scores.chunks_exact(self.classes).map(best).collect()
    }

    /// The mean of the negative logarithms of what the true labels' probabilities are, `scores` being logits; 0
    /// without photos.
    pub fn cross_entropy(&self) -> f64 {
        let rows = self.scores.chunks_exact(self.classes).zip(&self.truth);
        mean(rows.map(|(logits, &truth)| {
            let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f64 = logits.iter().map(|&logit| f64::from(logit - largest).exp()).sum();
            sum.ln() - f64::from(logits[truth] - largest)
        }))
    }

    /// The photos of the given numbers, in that order; a number may come twice.
    pub fn pick(&self, photos: &[usize]) -> Self {
        let row = |photo: usize| photo * self.classes..(photo + 1) * self.classes;
        let scores = photos.iter().flat_map(|&photo| &self.scores[row(photo)]).copied();
        let truth = photos.iter().map(|&photo| self.truth[photo]);
        Self { classes: self.classes, scores: scores.collect(), truth: truth.collect() }
    }
}

/// How many photos of each label were given each label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// Row by row the true label's, `classes` each.
    counts: Vec<usize>,
}

impl Confusion {
    /// Counts photos.
    pub fn of(classified: &Classified) -> Self {
        let classes = classified.classes;
        let mut counts = vec![0; classes * classes];
        for (truth, answer) in classified.truth.iter().zip(classified.answers()) {
            counts[truth * classes + answer] += 1;
        }
        Self { classes, counts }
    }

    /// A row for each true label: how many of its photos were given each label.
    pub fn rows(&self) -> Vec<&[usize]> {
        self.counts.chunks_exact(self.classes).collect()
    }

    /// Photos of a label.
    pub fn photos(&self, class: usize) -> usize {
        self.counts(class).present
    }

    /// F1 of a label: the harmonic mean of its precision and recall, 0 where nothing is right.
    pub fn f1(&self, class: usize) -> f64 {
        self.counts(class).f1()
    }

    /// The part of the photos whose label is right; 0 without photos.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes).map(|class| self.counts(class).right).sum();
        right as f64 / self.counts.iter().sum::<usize>().max(1) as f64
    }

    /// [`Self::accuracy`] with its name.
    pub fn score(&self) -> Score {
        Score { metric: Metric::Accuracy, over: self.classes, value: self.accuracy() }
    }

    /// Mean of all labels' F1, each as important as the other however many photos it has.
    pub fn macro_f1(&self) -> f64 {
        mean((0..self.classes).map(|class| self.f1(class)))
    }

    fn counts(&self, class: usize) -> Counts {
        let row = &self.counts[class * self.classes..(class + 1) * self.classes];
        let column = self.counts.iter().skip(class).step_by(self.classes);
        Counts { right: row[class], given: column.sum(), present: row.iter().sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six photos of three labels: of label 0 two are right and one is taken for 1, of label 1 one is right
    /// and one is taken for 2, and the one of label 2 is taken for 1.
    fn classified() -> Classified {
        let given = [0, 0, 1, 1, 2, 1];
        let scores =
            given.iter().flat_map(|&given| (0..3).map(move |c| f32::from(c == given as u8)));
        Classified { classes: 3, scores: scores.collect(), truth: vec![0, 0, 0, 1, 1, 2] }
    }

    #[test]
    fn photos_are_counted_by_label_and_answer() {
        let confusion = Confusion::of(&classified());
        assert_eq!(confusion.rows(), [[2, 1, 0], [0, 1, 1], [0, 1, 0]]);
        assert_eq!([0, 1, 2].map(|class| confusion.photos(class)), [3, 2, 1]);
        assert_eq!(confusion.accuracy(), 0.5);
        assert_eq!(confusion.score(), Score { metric: Metric::Accuracy, over: 3, value: 0.5 });
    }

    /// By hand: precision 2/2 and recall 2/3; 1/3 and 1/2; 0/1 and 0/1.
    #[test]
    fn macro_f1_is_the_mean_over_labels() {
        let confusion = Confusion::of(&classified());
        let expected = [0.8, 0.4, 0.0];
        for (class, expected) in expected.into_iter().enumerate() {
            assert!((confusion.f1(class) - expected).abs() < 1e-12, "{class}");
        }
        assert!((confusion.macro_f1() - 0.4).abs() < 1e-12);
    }

    /// Of probabilities 1/4 and 3/4, whatever is added to logits.
    #[test]
    fn cross_entropy_is_of_probabilities() {
        let logits = vec![0.0, 3.0f32.ln(), 1000.0 + 3.0f32.ln(), 1000.0];
        let classified = Classified { classes: 2, scores: logits, truth: vec![0, 0] };
        let expected = (4.0f64.ln() + (4.0f64 / 3.0).ln()) / 2.0;
        assert!((classified.cross_entropy() - expected).abs() < 1e-4);
        assert_eq!(classified.pick(&[]).cross_entropy(), 0.0);
    }

    #[test]
    fn of_equal_scores_the_first_counts_and_photos_can_be_picked() {
        let tied = Classified { classes: 2, scores: vec![0.5, 0.5, -2.0, -1.0], truth: vec![1, 1] };
        assert_eq!(tied.answers(), [0, 1]);
        assert_eq!(tied.pick(&[1, 1, 0]).answers(), [1, 1, 0]);
        assert_eq!(Confusion::of(&tied.pick(&[])).accuracy(), 0.0);
    }
}
