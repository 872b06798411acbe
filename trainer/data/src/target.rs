//! What is asked of photos, and what is true of one: all that a source of data has to say besides where
//! its photos are.

use std::num::NonZero;

use tagsight_core::Goal;

/// What a dataset's files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Medium {
    /// Photos.
    #[default]
    Photos,
    /// Videos, of which so many frames are looked at, evenly spaced. A network sees each by itself, and its
    /// outputs are averaged; as its head is linear, that is a mean of features over time.
    Videos {
        /// Of one video.
        frames: NonZero<usize>,
    },
}

impl Medium {
    /// Pictures that a network sees of one file.
    pub fn pictures(self) -> usize {
        match self {
            Self::Photos => 1,
            Self::Videos { frames } => frames.get(),
        }
    }
}

/// What is asked of a dataset's photos.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subject {
    /// The photos and what is known of them, in words for the cards of models that are made from them.
    pub name: String,
    /// One label an output.
    pub labels: Vec<String>,
    /// What is asked.
    pub task: Goal,
    /// What the files are.
    pub medium: Medium,
}

/// What is true of a photo.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Output numbers of the labels on it, ascending; may be none.
    Labels(Vec<usize>),
    /// Output number of the label that it shows.
    Class(usize),
    /// A value an output, each in its own unit.
    Values(Vec<f32>),
}

impl Target {
    /// Output numbers of the labels on the photo; none where values are asked for.
    pub fn labels(&self) -> &[usize] {
        match self {
            Self::Labels(labels) => labels,
            Self::Class(class) => std::slice::from_ref(class),
            Self::Values(_) => &[],
        }
    }
}

impl Subject {
    /// Whether a network of these labels and this task can be measured by it. A regression's own scales are
    /// its affair: values are compared in their units.
    pub fn is_asked_of(&self, labels: &[String], task: &Goal) -> bool {
        let is_same_kind = match (&self.task, task) {
            (Goal::Regression { quantities: ours }, Goal::Regression { quantities: theirs }) => {
                ours.iter().map(|one| &one.unit).eq(theirs.iter().map(|one| &one.unit))
            }
            (ours, theirs) => ours == theirs,
        };
        self.labels == labels && is_same_kind
    }

    /// What a network should give of a picture that shows photos of these targets: the probability of
    /// each label, or outputs that mean the values. Of several photos all labels are there, each class has
    /// its share, and values are averaged.
    pub fn outputs<'a>(&self, targets: impl ExactSizeIterator<Item = &'a Target>) -> Vec<f32> {
        let share = 1.0 / targets.len() as f32;
        let mut outputs = vec![0.0; self.labels.len()];
        for target in targets {
            match (target, &self.task) {
                (Target::Labels(labels), _) => {
                    labels.iter().for_each(|&label| outputs[label] = 1.0);
                }
                (Target::Class(class), _) => outputs[*class] += share,
                (Target::Values(values), Goal::Regression { quantities }) => {
                    for ((output, quantity), &value) in
                        outputs.iter_mut().zip(quantities).zip(values)
                    {
                        *output += share * quantity.output(value);
                    }
                }
                (Target::Values(_), _) => unreachable!("values are asked for by a regression"),
            }
        }
        outputs
    }
}

#[cfg(test)]
mod tests {
    use tagsight_core::task::Quantity;

    use super::*;

    fn subject(task: Goal) -> Subject {
        let labels = ["dog", "cat", "car"].map(String::from).into();
        Subject { labels, task, ..Subject::default() }
    }

    #[test]
    fn outputs_are_labels_classes_or_values_of_all_photos_of_a_picture() {
        let both = [Target::Labels(vec![0, 2]), Target::Labels(vec![2])];
        assert_eq!(subject(Goal::MultiLabel).outputs(both.iter()), [1.0, 0.0, 1.0]);
        let classes = [1, 1, 0, 1].map(Target::Class);
        assert_eq!(subject(Goal::SingleLabel).outputs(classes.iter()), [0.25, 0.75, 0.0]);
        assert_eq!(subject(Goal::SingleLabel).outputs(classes[..1].iter()), [0.0, 1.0, 0.0]);
        let quantity = Quantity { unit: "cm".into(), scale: 2.0, offset: 10.0 };
        let subject = subject(Goal::Regression { quantities: vec![quantity; 3] });
        let values = [vec![10.0, 12.0, 8.0], vec![14.0, 12.0, 8.0]].map(Target::Values);
        assert_eq!(subject.outputs(values.iter()), [1.0, 1.0, -1.0]);
    }

    #[test]
    fn networks_are_measured_by_photos_of_their_labels_and_task() {
        let quantity = |unit: &str, scale| Quantity { unit: unit.into(), scale, offset: 0.0 };
        let regression = |unit, scale| Goal::Regression { quantities: vec![quantity(unit, scale)] };
        let values = subject(regression("cm", 1.0));
        assert!(values.is_asked_of(&values.labels, &regression("cm", 2.0)));
        assert!(!values.is_asked_of(&values.labels, &regression("m", 1.0)));
        assert!(!values.is_asked_of(&values.labels, &Goal::SingleLabel));
        assert!(!values.is_asked_of(&values.labels[1..], &regression("cm", 1.0)));
    }
}
