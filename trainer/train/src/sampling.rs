//! Which photos an epoch shows, and how often each.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};
use tagsight_data::{Photo, Target, label_counts};

/// How often an epoch shows a photo. It has as many as there are photos in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// Once.
    #[default]
    EachOnce,
    /// The more often, the rarer its rarest label is (Gupta et al. 2019, arXiv 1908.03195): where photos have
    /// one label, all labels are shown equally often.
    ByClass,
}

impl Sampling {
    /// Numbers of the photos that an epoch shows, in the seed's order.
    pub(crate) fn order(self, photos: &[Photo], labels: usize, seed: u64) -> Vec<usize> {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..photos.len()).collect();
        order.shuffle(&mut rng);
        if self == Self::ByClass {
            order = resampled(&order, &weights(photos, labels), rng.random());
            order.shuffle(&mut rng);
        }
        order
    }
}

/// One over how often each photo's rarest label is; photos without one are as those of a label of their own.
fn weights(photos: &[Photo], labels: usize) -> Vec<f64> {
    let targets = || photos.iter().map(|photo| &photo.target);
    let counts = label_counts(targets(), labels);
    let without = targets().filter(|target| target.labels().is_empty()).count();
    let rarest = |target: &Target| {
        let counts = target.labels().iter().map(|&label| counts[label]);
        counts.min().unwrap_or(without)
    };
    targets().map(|target| 1.0 / rarest(target) as f64).collect()
}

/// Systematic resampling (Kitagawa 1996): as many as there are, each as often as its weight says, up or down to
/// a whole number. `start` is in `0..1`.
fn resampled(order: &[usize], weights: &[f64], start: f64) -> Vec<usize> {
    let each = weights.iter().sum::<f64>() / order.len() as f64;
    let (mut picked, mut sum) = (Vec::with_capacity(order.len()), 0.0);
    for &photo in order {
        sum += weights[photo] / each;
        while picked.len() < order.len() && picked.len() as f64 + start < sum {
            picked.push(photo);
        }
    }
    // The last sum may be a hair too small.
    picked.extend(order.last().filter(|_| picked.len() < order.len()));
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photos(targets: impl Iterator<Item = Target>) -> Vec<Photo> {
        (0..).zip(targets).map(|(id, target)| Photo::new(id, "x", target)).collect()
    }

    #[test]
    fn by_class_every_label_is_shown_equally_often() {
        // Nine of ten are of label 0.
        let classes = (0..200).map(|number| usize::from(number % 10 == 0));
        let photos = photos(classes.clone().map(Target::Class));
        let classes: Vec<usize> = classes.collect();
        let mut shown = vec![0; 200];
        for seed in 0..18 {
            let order = Sampling::ByClass.order(&photos, 2, seed);
            assert_eq!(order, Sampling::ByClass.order(&photos, 2, seed));
            assert_eq!(order.len(), 200);
            let rare = order.iter().filter(|&&photo| classes[photo] == 1).count();
            assert!((99..=101).contains(&rare), "{rare}");
            for &photo in &order {
                shown[photo] += 1;
            }
            let halves = order[..100].iter().filter(|&&photo| classes[photo] == 1).count();
            assert!((30..70).contains(&halves), "mixed: {halves}");
        }
        // Of 18 epochs, ten of each usual photo and ninety of each rare one on average.
        for (shown, class) in shown.into_iter().zip(classes) {
            let expected = if class == 1 { 80..=100 } else { 2..=18 };
            assert!(expected.contains(&shown), "{shown} of {class}");
        }
    }

    #[test]
    fn each_once_and_weights_that_are_equal_show_all() {
        let values = photos((0..50).map(|value| Target::Values(vec![value as f32])));
        for sampling in [Sampling::EachOnce, Sampling::ByClass] {
            let mut order = sampling.order(&values, 1, 3);
            assert_ne!(order, (0..50).collect::<Vec<_>>());
            order.sort();
            assert_eq!(order, (0..50).collect::<Vec<_>>(), "{sampling:?}");
            assert_eq!(sampling.order(&[], 1, 3), [0; 0]);
        }
    }

    #[test]
    fn of_several_labels_the_rarest_counts() {
        let labels = [vec![0], vec![0, 1], vec![0], vec![], vec![]];
        let found = weights(&photos(labels.into_iter().map(Target::Labels)), 2);
        assert_eq!(found, [1.0 / 3.0, 1.0, 1.0 / 3.0, 0.5, 0.5]);
    }
}
