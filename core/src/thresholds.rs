//! How sure a label must be to become a tag: three steps to choose from, each with a threshold a
//! label.

use serde::{Deserialize, Serialize};

/// What is asked of tags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Few tags, nine of ten right.
    Sure,
    /// Four of five right: what is chosen unless somebody chooses.
    #[default]
    Balanced,
    /// Most of what is there, at the best F1, with more wrong ones.
    More,
}

impl Step {
    /// Every step, from few tags to many.
    pub const ALL: [Self; 3] = [Self::Sure, Self::Balanced, Self::More];

    /// Its name in files, commands and pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Balanced => "balanced",
            Self::More => "more",
        }
    }

    /// The step of that [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// Something of each [`Step`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps<T> {
    /// At [`Step::Sure`].
    pub sure: T,
    /// At [`Step::Balanced`].
    pub balanced: T,
    /// At [`Step::More`].
    pub more: T,
}

/// The score in `0..=1` that a label must reach, one a label. No label's threshold rises from a
/// step to the next, so a later step only adds tags.
pub type Thresholds = Steps<Vec<f32>>;

impl<T> Steps<T> {
    /// The same at every step.
    pub fn all(value: T) -> Self
    where
        T: Clone,
    {
        Self { sure: value.clone(), balanced: value.clone(), more: value }
    }

    /// What belongs to `step`.
    pub const fn at(&self, step: Step) -> &T {
        match step {
            Step::Sure => &self.sure,
            Step::Balanced => &self.balanced,
            Step::More => &self.more,
        }
    }

    /// What `change` makes of each.
    pub fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> Steps<U> {
        Steps {
            sure: change(&self.sure),
            balanced: change(&self.balanced),
            more: change(&self.more),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_found_by_name_and_hold_what_is_theirs() {
        let steps = Steps { sure: "sure", balanced: "balanced", more: "more" };
        for step in Step::ALL {
            assert_eq!(Step::from_name(step.name()), Some(step));
            assert_eq!(*steps.at(step), step.name());
            assert_eq!(*steps.map(|name| name.len()).at(step), step.name().len());
        }
        assert_eq!(Step::from_name("Sure"), None);
        assert_eq!(Step::default(), Step::Balanced);
    }
}
