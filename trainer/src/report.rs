//! Everything that `evaluate` says of one model on one dataset.

use serde::{Deserialize, Serialize};
use tagsight_core::task::Quantity;
use tagsight_core::{Steps, Task, Thresholds};

use tagsight_metrics::{
    self as metrics, Answers, Classified, Confusion, Decisions, Measured, Score, Scored,
};

/// Quality of a model's answers. As JSON these are `evaluate`'s keys, together with those of its figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Photos that were scored.
    pub photos: usize,
    /// Photos that could not be read.
    pub skipped: usize,
    /// How good it is, by the task's metric.
    pub score: Score,
    /// More of what that task is measured by.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What a task is measured by.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figures {
    /// Labels, each for itself.
    Labels(Box<LabelFigures>),
    /// One label a photo.
    Classes(ClassFigures),
    /// Values.
    Values(ValueFigures),
}

/// Figures of labels that are on a photo each for itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelFigures {
    /// Mean average precision over the labels that are on some photo.
    pub map_present: f64,
    /// Number of those.
    pub classes_present: usize,
    /// Mean area under the precision-recall curve by trapezoids, over the labels present.
    pub pr_auc: f64,
    /// Tags at each step of the model's own thresholds.
    pub at_steps: Steps<Decisions>,
    /// Tags at 0.5.
    pub at_half: Decisions,
    /// Tags at the one threshold that is best on these very photos: an upper bound.
    pub at_best_global: AtThreshold,
    /// Tags at the thresholds that are best on these very photos, one a label: an upper bound.
    pub at_best_per_class: Decisions,
    /// Average precision by label.
    pub per_class: Vec<LabelReport>,
}

/// Tags at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtThreshold {
    /// The threshold.
    pub threshold: f32,
    /// What it gives.
    #[serde(flatten)]
    pub decisions: Decisions,
}

/// One label's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelReport {
    /// The label.
    pub label: String,
    /// Photos that it is on.
    pub positives: usize,
    /// Average precision; none without photos.
    pub ap: Option<f64>,
    /// The model's thresholds.
    pub thresholds: Steps<f32>,
}

/// Figures where each photo has one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassFigures {
    /// Mean of the labels' F1.
    pub macro_f1: f64,
    /// How many photos of each label, row by row, were given each label.
    pub confusion: Vec<Vec<usize>>,
    /// F1 by label.
    pub per_class: Vec<ClassReport>,
}

/// One label's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassReport {
    /// The label.
    pub label: String,
    /// Photos that show it.
    pub positives: usize,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
}

/// Figures of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueFigures {
    /// Errors by value.
    pub per_value: Vec<ValueReport>,
}

/// One value's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueReport {
    /// The value's name.
    pub label: String,
    /// What it is given in.
    pub unit: String,
    /// Mean absolute error, in that unit.
    pub mae: f64,
    /// Coefficient of determination; none if the true values do not vary.
    pub r2: Option<f64>,
}

impl Evaluation {
    /// Measures the answers of a network with these labels and this task.
    ///
    /// # Panics
    /// If the answers are of another task, or there is not one label an output.
    pub fn new(answers: &Answers, labels: &[String], task: &Task, skipped: usize) -> Self {
        let figures = match (answers, task) {
            (Answers::Labels(logits), Task::MultiLabel { thresholds, calibration }) => {
                let scores = logits.calibrated(calibration);
                Figures::Labels(Box::new(LabelFigures::new(logits, &scores, labels, thresholds)))
            }
            (Answers::Classes(logits), Task::SingleLabel { .. }) => {
                Figures::Classes(ClassFigures::new(logits, labels))
            }
            (Answers::Values(values), Task::Regression { quantities }) => {
                Figures::Values(ValueFigures::new(values, labels, quantities))
            }
            _ => panic!("answers are of the task that was asked"),
        };
        Self { photos: answers.photos(), skipped, score: answers.score(), figures }
    }
}

impl LabelFigures {
    /// Measures scores in `0..=1` against `thresholds`. Ranking is judged by
    /// `logits`, since scores near 1 can be equal where logits are not.
    fn new(logits: &Scored, scores: &Scored, labels: &[String], thresholds: &Thresholds) -> Self {
        let class = |index: usize| {
            let column = logits.class(index);
            LabelReport {
                label: labels[index].clone(),
                positives: column.iter().filter(|(_, truth)| *truth).count(),
                ap: metrics::average_precision(&column),
                thresholds: thresholds.map(|labels| labels[index]),
            }
        };
        let per_class: Vec<LabelReport> = (0..logits.classes).map(class).collect();
        let areas: Vec<f64> =
            (0..logits.classes).filter_map(|index| metrics::pr_auc(&logits.class(index))).collect();
        let global = metrics::best_global_threshold(scores);
        let everywhere = |threshold: f32| vec![threshold; scores.classes];
        let best = metrics::best_thresholds(scores, global);
        Self {
            map_present: metrics::mean_average_precision_present(logits),
            classes_present: areas.len(),
            pr_auc: areas.iter().sum::<f64>() / areas.len().max(1) as f64,
            at_steps: thresholds.map(|labels| metrics::decide(scores, labels)),
            at_half: metrics::decide(scores, &everywhere(0.5)),
            at_best_global: AtThreshold {
                threshold: global,
                decisions: metrics::decide(scores, &everywhere(global)),
            },
            at_best_per_class: metrics::decide(scores, &best),
            per_class,
        }
    }
}

impl ClassFigures {
    fn new(logits: &Classified, labels: &[String]) -> Self {
        let confusion = Confusion::of(logits);
        let class = |(index, label): (usize, &String)| ClassReport {
            label: label.clone(),
            positives: confusion.photos(index),
            f1: confusion.f1(index),
        };
        Self {
            macro_f1: confusion.macro_f1(),
            confusion: confusion.rows().into_iter().map(<[usize]>::to_vec).collect(),
            per_class: labels.iter().enumerate().map(class).collect(),
        }
    }
}

impl ValueFigures {
    fn new(values: &Measured, labels: &[String], quantities: &[Quantity]) -> Self {
        let value = |(index, (label, quantity)): (usize, (&String, &Quantity))| ValueReport {
            label: label.clone(),
            unit: quantity.unit.clone(),
            mae: values.mean_absolute_error(index),
            r2: values.r2(index),
        };
        Self { per_value: labels.iter().zip(quantities).enumerate().map(value).collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tagsight_core::Goal;
    use tagsight_data::Target;

    use super::*;

    fn report(
        goal: &Goal,
        labels: &[&str],
        outputs: &[f32],
        targets: &[Target],
    ) -> serde_json::Value {
        let labels: Vec<String> = labels.iter().map(|&label| label.into()).collect();
        let answers = Answers::new(goal, labels.len(), outputs.to_vec(), targets);
        let task = goal.uncalibrated(labels.len());
        serde_json::to_value(Evaluation::new(&answers, &labels, &task, 1)).unwrap()
    }

    #[test]
    fn one_label_a_photo_has_accuracy_f1_and_confusion() {
        let targets = [0, 0, 1].map(Target::Class);
        let outputs = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let found = report(&Goal::SingleLabel, &["dog", "cat"], &outputs, &targets);
        let third = 2.0 / 3.0;
        let expected = json!({
            "photos": 3, "skipped": 1,
            "score": { "metric": "accuracy", "over": 2, "value": third },
            "macro_f1": third, "confusion": [[1, 1], [0, 1]],
            "per_class": [
                { "label": "dog", "positives": 2, "f1": third },
                { "label": "cat", "positives": 1, "f1": third },
            ],
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn values_have_errors_in_their_units() {
        let quantity = Quantity { unit: "cm".into(), scale: 2.0, offset: 10.0 };
        let goal = Goal::Regression { quantities: vec![quantity] };
        let targets = [10.0, 14.0].map(|value| Target::Values(vec![value]));
        let expected = json!({
            "photos": 2, "skipped": 1, "score": { "metric": "r2", "over": 1, "value": 0.75 },
            "per_value": [{ "label": "height", "unit": "cm", "mae": 1.0, "r2": 0.75 }],
        });
        assert_eq!(report(&goal, &["height"], &[0.5, 1.5], &targets), expected);
    }
}
