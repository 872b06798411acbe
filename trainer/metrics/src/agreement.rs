//! How well groups that nobody named agree with classes.

use std::collections::BTreeMap;

/// Photos by group and class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// A row a group: how many photos of each class it has.
    counts: Vec<Vec<usize>>,
}

impl Agreement {
    /// Of photos whose groups and classes are given by number.
    ///
    /// # Panics
    /// If there are not as many groups as classes, or a number is not below `sizes`.
    pub fn of(groups: &[usize], classes: &[usize], sizes: [usize; 2]) -> Self {
        assert_eq!(groups.len(), classes.len(), "a group and a class a photo");
        let mut counts = vec![vec![0; sizes[1]]; sizes[0]];
        for (&group, &class) in groups.iter().zip(classes) {
            counts[group][class] += 1;
        }
        Self { counts }
    }

    /// A row a group: how many photos of each class it has.
    pub fn rows(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// The part of the photos that are of their group's commonest class; 0 without photos.
    pub fn purity(&self) -> f64 {
        let commonest = self.counts.iter().filter_map(|row| row.iter().max());
        let photos: usize = self.counts.iter().flatten().sum();
        commonest.sum::<usize>() as f64 / photos.max(1) as f64
    }

    /// The adjusted Rand index (Hubert and Arabie 1985): 1 where groups are the classes, about 0 where they
    /// have nothing to do with one another, and 1 where there is nothing to tell apart.
    pub fn adjusted_rand(&self) -> f64 {
        let pairs = |count: usize| (count * count.saturating_sub(1) / 2) as f64;
        let mut classes = BTreeMap::<usize, usize>::new();
        for (class, count) in self.counts.iter().flat_map(|row| row.iter().enumerate()) {
            *classes.entry(class).or_default() += count;
        }
        let together: f64 = self.counts.iter().flatten().map(|&count| pairs(count)).sum();
        let of_groups: f64 = self.counts.iter().map(|row| pairs(row.iter().sum())).sum();
        let of_classes: f64 = classes.values().map(|&count| pairs(count)).sum();
        let photos: usize = classes.values().sum();
        let by_chance = of_groups * of_classes / pairs(photos).max(1.0);
        let most = 0.5 * (of_groups + of_classes);
        if most == by_chance { 1.0 } else { (together - by_chance) / (most - by_chance) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of scikit-learn's guide, which has 0.24 for it.
    #[test]
    fn groups_agree_as_scikit_learn_says() {
        let agreement = Agreement::of(&[0, 0, 1, 1, 2, 2], &[0, 0, 0, 1, 1, 1], [3, 2]);
        assert_eq!(agreement.rows(), [[2, 0], [1, 1], [0, 2]]);
        assert!((agreement.adjusted_rand() - 8.0 / 33.0).abs() < 1e-12);
        assert!((agreement.purity() - 5.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_of_groups_mean_nothing_and_one_group_says_nothing() {
        let same = Agreement::of(&[2, 2, 0, 1], &[0, 0, 1, 2], [3, 3]);
        assert_eq!((same.adjusted_rand(), same.purity()), (1.0, 1.0));
        let one = Agreement::of(&[0; 4], &[0, 1, 0, 1], [1, 2]);
        assert_eq!((one.adjusted_rand(), one.purity()), (0.0, 0.5));
        let none = Agreement::of(&[], &[], [1, 1]);
        assert_eq!((none.adjusted_rand(), none.purity()), (1.0, 0.0));
    }
}
