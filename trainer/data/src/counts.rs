//! How many photos labels are on.

use crate::target::Target;

/// By their output numbers, the photos of these targets that each of `labels` labels is on.
pub fn label_counts<'a>(targets: impl Iterator<Item = &'a Target>, labels: usize) -> Vec<usize> {
    let mut counts = vec![0; labels];
    for &label in targets.flat_map(Target::labels) {
        counts[label] += 1;
    }
    counts
}

/// Whether each photo has a label that is on fewer photos than labels are on average, of those that are on
/// any.
pub(crate) fn of_minority(targets: &[&Target], labels: usize) -> Vec<bool> {
    let counts = label_counts(targets.iter().copied(), labels);
    let (sum, present): (usize, usize) =
        (counts.iter().sum(), counts.iter().filter(|&&count| count > 0).count());
    let is_rare = |&label: &usize| counts[label] * present < sum;
    targets.iter().map(|target| target.labels().iter().any(is_rare)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minority(targets: &[Target], labels: usize) -> Vec<bool> {
        of_minority(&targets.iter().collect::<Vec<_>>(), labels)
    }

    #[test]
    fn minorities_are_of_labels_below_the_mean() {
        // Four, two and none; three on average.
        let classes = [0, 1, 0, 0, 1, 0].map(Target::Class);
        assert_eq!(label_counts(classes.iter(), 3), [4, 2, 0]);
        assert_eq!(minority(&classes, 3), [false, true, false, false, true, false]);
        assert_eq!(minority(&[0, 1].map(Target::Class), 2), [false; 2]);
        let labels = [vec![0], vec![0, 1], vec![], vec![0]].map(Target::Labels);
        assert_eq!(minority(&labels, 2), [false, true, false, false]);
        assert_eq!(minority(&[Target::Values(vec![1.0])], 1), [false]);
    }
}
