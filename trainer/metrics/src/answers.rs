//! What a network answers of photos beside what is true of them, for each kind of task.

use tagsight_core::Goal;
use tagsight_data::Target;

use super::{Classified, Confusion, Measured, Score, Scored};

/// A network's outputs for photos, joined with what is true of each.
#[derive(Debug, Clone, PartialEq)]
pub enum Answers {
    /// Logits of labels that are on a photo each for itself.
    Labels(Scored),
    /// Logits of labels of which a photo has one.
    Classes(Classified),
    /// Values in their units.
    Values(Measured),
}

impl Answers {
    /// Joins `outputs`, as many for each photo, with the photos' targets.
    ///
    /// # Panics
    /// If there are not as many for each photo, or a target is not of the task.
    pub fn new(task: &Goal, width: usize, outputs: Vec<f32>, targets: &[Target]) -> Self {
        assert_eq!(outputs.len(), width * targets.len(), "one output a label and photo");
        match task {
            Goal::MultiLabel => Self::Labels(Scored::of_targets(width, outputs, targets)),
            Goal::SingleLabel => {
                let class = |target: &Target| match target {
                    Target::Class(class) => *class,
                    other => panic!("a photo has one label, not {other:?}"),
                };
                let truth = targets.iter().map(class).collect();
                Self::Classes(Classified { classes: width, scores: outputs, truth })
            }
            Goal::Regression { quantities } => {
                let values = |target: &Target| match target {
                    Target::Values(values) => values.clone(),
                    other => panic!("a photo has values, not {other:?}"),
                };
                let named = outputs.iter().zip(quantities.iter().cycle());
                let values_given =
                    named.map(|(&output, quantity)| quantity.value(output)).collect();
                let truth = targets.iter().flat_map(values).collect();
                Self::Values(Measured { quantities: width, values: values_given, truth })
            }
        }
    }

    /// How good they are.
    pub fn score(&self) -> Score {
        match self {
            Self::Labels(scored) => scored.score(),
            Self::Classes(classified) => Confusion::of(classified).score(),
            Self::Values(measured) => measured.score(),
        }
    }

    /// Number of photos.
    pub fn photos(&self) -> usize {
        match self {
            Self::Labels(scored) => scored.photos(),
            Self::Classes(classified) => classified.truth.len(),
            Self::Values(measured) => measured.truth.len() / measured.quantities,
        }
    }

    /// Logits or values, photo by photo.
    pub fn outputs(&self) -> &[f32] {
        match self {
            Self::Labels(scored) => &scored.scores,
            Self::Classes(classified) => &classified.scores,
            Self::Values(measured) => &measured.values,
        }
    }

    /// The photos of the given numbers, in that order; a number may come twice.
    pub fn pick(&self, photos: &[usize]) -> Self {
        match self {
            Self::Labels(scored) => Self::Labels(scored.pick(photos)),
            Self::Classes(classified) => Self::Classes(classified.pick(photos)),
            Self::Values(measured) => Self::Values(measured.pick(photos)),
        }
    }

    /// Whether both are of the same photos, as far as what is true of them tells.
    pub(super) fn is_of_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Labels(one), Self::Labels(other)) => one.truth == other.truth,
            (Self::Classes(one), Self::Classes(other)) => one.truth == other.truth,
            (Self::Values(one), Self::Values(other)) => one.truth == other.truth,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use tagsight_core::task::Quantity;

    use super::*;
    use crate::Metric;

    #[test]
    fn each_task_has_its_metric() {
        let labels = [Target::Labels(vec![0]), Target::Labels(vec![0, 1])];
        let answers = Answers::new(&Goal::MultiLabel, 2, vec![1.0, -1.0, 2.0, 1.0], &labels);
        assert_eq!(answers.score(), Score { metric: Metric::Map, over: 2, value: 1.0 });
        let classes = [Target::Class(0), Target::Class(0)];
        let answers = Answers::new(&Goal::SingleLabel, 2, vec![1.0, -1.0, 1.0, 2.0], &classes);
        assert_eq!(answers.score(), Score { metric: Metric::Accuracy, over: 2, value: 0.5 });
        assert_eq!((answers.photos(), answers.pick(&[0]).score().value), (2, 1.0));
    }

    #[test]
    fn values_are_compared_in_their_units() {
        let quantity = Quantity { unit: "cm".into(), scale: 2.0, offset: 10.0 };
        let task = Goal::Regression { quantities: vec![quantity] };
        let truth = [Target::Values(vec![10.0]), Target::Values(vec![14.0])];
        let answers = Answers::new(&task, 1, vec![0.5, 1.5], &truth);
        assert_eq!(answers.outputs(), [11.0, 13.0]);
        // Errors of 1 around a mean of 12: 1 − 2/8.
        assert_eq!(answers.score(), Score { metric: Metric::R2, over: 1, value: 0.75 });
    }
}
