//! What a network's outputs stand for, and what becomes of them: scores, probabilities or measured values.

use serde::{Deserialize, Serialize};

use crate::tags::{AtLeast, Calibration, Rule, Tag, softmax};
use crate::thresholds::{Step, Steps, Thresholds};

/// The probability that a label beside the best one needs, where a photo has one label: at the surest
/// step only one can have it.
const BESIDE_THE_BEST: Steps<f32> = Steps { sure: 0.5, balanced: 0.3, more: 0.1 };

/// What a network's outputs stand for, with what brings them there.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Task {
    /// Any of the labels may be on a photo, each for itself.
    MultiLabel {
        /// The score at which each label is given.
        thresholds: Thresholds,
        /// Logits to scores.
        calibration: Calibration,
    },
    /// One of the labels is what a photo shows.
    SingleLabel {
        /// Divides the logits before they become probabilities (Guo et al. 2017, arXiv 1706.04599);
        /// 1 leaves them.
        temperature: f32,
    },
    /// Each output is a value of its own, and its label the value's name.
    Regression {
        /// One an output.
        quantities: Vec<Quantity>,
    },
}

/// What an output of a regression measures: `value = scale · output + offset`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// What the value is given in, as people write it: "cm"; empty for a plain number.
    pub unit: String,
    /// One unit of the output, in that unit.
    pub scale: f32,
    /// The value of an output of 0.
    pub offset: f32,
}

impl Quantity {
    /// The value of an output.
    pub fn value(&self, output: f32) -> f32 {
        self.scale * output + self.offset
    }

    /// The output that means a value.
    pub fn output(&self, value: f32) -> f32 {
        (value - self.offset) / self.scale
    }
}

/// A measured value of a photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Value {
    /// The value's name.
    pub label: String,
    /// In `unit`.
    pub value: f32,
    /// As [`Quantity::unit`].
    pub unit: String,
}

/// What a photo gets.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Labels, best first.
    Tags(Vec<Tag>),
    /// Values, in the order of the network's outputs.
    Values(Vec<Value>),
}

/// What is asked of a network: its [`Task`] before anything is known of its scores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Goal {
    /// Which of the labels are on a photo.
    #[default]
    MultiLabel,
    /// Which one of the labels a photo shows.
    SingleLabel,
    /// Values, one an output.
    Regression {
        /// What each is given in.
        quantities: Vec<Quantity>,
    },
}

impl Goal {
    /// The task of a network of `outputs` outputs: scores and probabilities stay as they come, and
    /// thresholds are a half.
    pub fn uncalibrated(&self, outputs: usize) -> Task {
        match self {
            Self::MultiLabel => Task::MultiLabel {
                thresholds: Steps::all(vec![0.5; outputs]),
                calibration: Calibration::identity(outputs),
            },
            Self::SingleLabel => Task::SingleLabel { temperature: 1.0 },
            Self::Regression { quantities } => Task::Regression { quantities: quantities.clone() },
        }
    }
}

impl Task {
    /// What is asked of the network.
    pub fn goal(&self) -> Goal {
        match self {
            Self::MultiLabel { .. } => Goal::MultiLabel,
            Self::SingleLabel { .. } => Goal::SingleLabel,
            Self::Regression { quantities } => Goal::Regression { quantities: quantities.clone() },
        }
    }

    /// What one photo's logits say, a figure an output: calibrated scores, probabilities that sum to 1,
    /// or values in their units.
    pub fn figures(&self, logits: &[f32]) -> Vec<f32> {
        match self {
            Self::MultiLabel { calibration, .. } => calibration.scores(logits),
            Self::SingleLabel { temperature } => softmax(logits, *temperature),
            Self::Regression { quantities } => {
                let values = quantities.iter().zip(logits);
                values.map(|(quantity, &output)| quantity.value(output)).collect()
            }
        }
    }

    /// What a photo of these [`Self::figures`] gets at `step`; `labels` are the network's.
    pub fn output(&self, labels: &[String], figures: &[f32], step: Step) -> Output {
        match self {
            Self::Regression { quantities } => {
                let named = labels.iter().zip(figures).zip(quantities);
                let value = |((label, &value), quantity): ((&String, &f32), &Quantity)| Value {
                    label: label.clone(),
                    value,
                    unit: quantity.unit.clone(),
                };
                Output::Values(named.map(value).collect())
            }
            _ => {
                let rule = self.rule(labels.len());
                Output::Tags(rule.map_or_else(Vec::new, |rule| rule.tags(labels, figures, step)))
            }
        }
    }

    /// When one of the `labels` becomes a tag; none does where outputs are values.
    pub fn rule(&self, labels: usize) -> Option<Rule> {
        match self {
            Self::MultiLabel { thresholds, .. } => {
                Some(Rule { thresholds: thresholds.clone(), at_least: AtLeast::Nothing })
            }
            Self::SingleLabel { .. } => {
                let thresholds = BESIDE_THE_BEST.map(|&least| vec![least; labels]);
                Some(Rule { thresholds, at_least: AtLeast::Best })
            }
            Self::Regression { .. } => None,
        }
    }

    /// Checks that it fits a network of `outputs` outputs, and what types do not say.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub(crate) fn validate(&self, outputs: usize) -> Result<(), String> {
        match self {
            Self::MultiLabel { thresholds, calibration } => {
                validate_thresholds(thresholds, outputs)?;
                let Calibration { slope, offset } = calibration;
                let finite = slope.iter().chain(offset).all(|value| value.is_finite());
                if slope.len() != outputs || offset.len() != outputs || !finite {
                    return Err("calibration is not one finite pair a label".into());
                }
            }
            Self::SingleLabel { temperature } => {
                if !(temperature.is_normal() && *temperature > 0.0) {
                    return Err("a temperature that is not positive".into());
                }
            }
            Self::Regression { quantities } => {
                if quantities.len() != outputs {
                    return Err("quantities are not one an output".into());
                }
                let fits = |one: &Quantity| one.scale.is_normal() && one.offset.is_finite();
                if !quantities.iter().all(fits) {
                    return Err("a quantity's scale or offset is no number, or 0".into());
                }
            }
        }
        Ok(())
    }
}

fn validate_thresholds(thresholds: &Thresholds, labels: usize) -> Result<(), String> {
    let Steps { sure, balanced, more } = thresholds;
    for thresholds in [sure, balanced, more] {
        let are_scores = thresholds.iter().all(|value| (0.0..=1.0).contains(value));
        if thresholds.len() != labels || !are_scores {
            return Err("thresholds are not one in 0..=1 a label and step".into());
        }
    }
    let falls = |(first, next): (&Vec<f32>, &Vec<f32>)| first.iter().zip(next).all(|(a, b)| a >= b);
    if ![(sure, balanced), (balanced, more)].into_iter().all(falls) {
        return Err("thresholds that rise from a step to the next".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Vec<String> {
        ["dog", "cat", "car"].map(String::from).into()
    }

    fn names(task: &Task, figures: &[f32], step: Step) -> Vec<String> {
        match task.output(&labels(), figures, step) {
            Output::Tags(tags) => tags.into_iter().map(|tag| tag.label).collect(),
            Output::Values(_) => panic!("labels are tags"),
        }
    }

    #[test]
    fn labels_for_themselves_have_sigmoids_and_thresholds() {
        let task = Task::MultiLabel {
            thresholds: Steps::all(vec![0.5; 3]),
            calibration: Calibration::identity(3),
        };
        let scores = task.figures(&[0.0, -1.0, 3.0]);
        assert_eq!(scores[0], 0.5);
        assert_eq!(names(&task, &scores, Step::Balanced), ["car", "dog"]);
        assert_eq!(names(&task, &[0.1; 3], Step::Balanced), [""; 0]);
    }

    /// e² : e¹ : e⁰ of 11.1073.
    #[test]
    fn one_label_has_a_probability_and_the_best_is_always_given() {
        let task = Task::SingleLabel { temperature: 1.0 };
        let probabilities = task.figures(&[1.0, 2.0, 0.0]);
        for (found, expected) in probabilities.iter().zip([0.244_728, 0.665_241, 0.090_031]) {
            assert!((found - expected).abs() < 1e-6, "{probabilities:?}");
        }
        // Half the differences: e^½ : e¹ : e⁰ of 5.367.
        let cooler = Task::SingleLabel { temperature: 2.0 }.figures(&[1.0, 2.0, 0.0]);
        assert!((cooler[1] - 0.506_480).abs() < 1e-6, "{cooler:?}");
        let given = |step| names(&task, &probabilities, step);
        assert_eq!(given(Step::Sure), ["cat"]);
        assert_eq!(given(Step::Balanced), ["cat"]);
        assert_eq!(given(Step::More), ["cat", "dog"]);
        assert_eq!(names(&task, &[0.26, 0.36, 0.38], Step::Sure), ["car"]);
        assert_eq!(names(&task, &[0.26, 0.36, 0.38], Step::Balanced), ["car", "cat"]);
    }

    #[test]
    fn values_are_brought_to_their_units() {
        let quantity = |unit: &str, scale, offset| Quantity { unit: unit.into(), scale, offset };
        let task = Task::Regression { quantities: vec![quantity("cm", 2.0, 10.0)] };
        let figures = task.figures(&[1.5]);
        assert_eq!(figures, [13.0]);
        let value = Value { label: "dog".into(), value: 13.0, unit: "cm".into() };
        assert_eq!(task.output(&labels(), &figures, Step::Sure), Output::Values(vec![value]));
        assert_eq!(task.rule(1), None);
    }

    #[test]
    fn a_goal_is_a_task_that_fits_and_is_asked_again() {
        let quantity = Quantity { unit: "cm".into(), scale: 2.0, offset: 10.0 };
        let goals = [
            Goal::MultiLabel,
            Goal::SingleLabel,
            Goal::Regression { quantities: vec![quantity.clone(); 3] },
        ];
        for goal in goals {
            let task = goal.uncalibrated(3);
            assert_eq!((task.validate(3), task.goal()), (Ok(()), goal));
        }
        assert_eq!(quantity.output(quantity.value(1.5)), 1.5);
    }

    #[test]
    fn what_does_not_fit_the_outputs_is_refused() {
        let quantity = |scale, offset| Quantity { unit: String::new(), scale, offset };
        let regression = |quantities| Task::Regression { quantities };
        assert_eq!(Task::SingleLabel { temperature: 1.0 }.validate(1), Ok(()));
        for temperature in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(Task::SingleLabel { temperature }.validate(1).is_err(), "{temperature}");
        }
        assert_eq!(regression(vec![quantity(-1.0, 0.0)]).validate(1), Ok(()));
        assert!(regression(vec![]).validate(1).is_err());
        assert!(regression(vec![quantity(0.0, 0.0)]).validate(1).is_err());
        assert!(regression(vec![quantity(1.0, f32::NAN)]).validate(1).is_err());
    }
}
