//! Everything that `evaluate` says of one model on one dataset.

use serde::Serialize;
use tagsight_core::{Steps, Thresholds};

use tagsight_metrics::{self as metrics, Decisions, Score, Scored};

/// Quality of a model's scores. As JSON these are `evaluate`'s keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Photos that were scored.
    pub photos: usize,
    /// Photos that could not be read.
    pub skipped: usize,
    /// Mean average precision over all labels; one that is on no photo counts as 0.
    pub score: Score,
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
    pub per_class: Vec<ClassReport>,
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
pub struct ClassReport {
    /// The label.
    pub label: String,
    /// Photos that it is on.
    pub positives: usize,
    /// Average precision; none without photos.
    pub ap: Option<f64>,
    /// The model's thresholds.
    pub thresholds: Steps<f32>,
}

impl Report {
    /// Measures scores in `0..=1` against `thresholds`. Ranking is judged by
    /// `logits`, since scores near 1 can be equal where logits are not.
    ///
    /// # Panics
    /// If there is not one label and threshold a class.
    pub fn new(
        logits: &Scored,
        scores: &Scored,
        labels: &[String],
        thresholds: &Thresholds,
        skipped: usize,
    ) -> Self {
        let class = |index: usize| {
            let column = logits.class(index);
            ClassReport {
                label: labels[index].clone(),
                positives: column.iter().filter(|(_, truth)| *truth).count(),
                ap: metrics::average_precision(&column),
                thresholds: thresholds.map(|labels| labels[index]),
            }
        };
        let per_class: Vec<ClassReport> = (0..logits.classes).map(class).collect();
        let areas: Vec<f64> =
            (0..logits.classes).filter_map(|index| metrics::pr_auc(&logits.class(index))).collect();
        let global = metrics::best_global_threshold(scores);
        let everywhere = |threshold: f32| vec![threshold; scores.classes];
        let best = metrics::best_thresholds(scores, global);
        Self {
            photos: logits.photos(),
            skipped,
            score: metrics::map_score(logits),
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
