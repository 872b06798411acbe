//! Metrics against scikit-learn's.

use serde_json::Value;
use tagsight_metrics::{
    Decisions, Scored, average_precision, decide, mean_average_precision, pr_auc,
};

use crate::golden_json;

/// Both sides sum in float64.
const TOLERANCE: f64 = 1e-9;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn scored(golden: &Value) -> Scored {
    let rows = golden["scores"].as_array().unwrap();
    let scores = rows.iter().flat_map(numbers).map(|score| score as f32).collect();
    let labels = golden["labels"].as_array().unwrap().iter();
    let labels: Vec<Vec<usize>> =
        labels.map(|row| numbers(row).into_iter().map(|label| label as usize).collect()).collect();
    Scored::new(numbers(&rows[0]).len(), scores, &labels)
}

fn assert_decisions(ours: &Decisions, theirs: &Value) {
    let ours = serde_json::to_value(ours).unwrap();
    for key in ["cp", "cr", "op", "or", "of1", "macro_f1"] {
        let (ours, theirs) = (ours[key].as_f64().unwrap(), theirs[key].as_f64().unwrap());
        assert!((ours - theirs).abs() < TOLERANCE, "{key}: {ours} {theirs}");
    }
    let (cp, cr) = (ours["cp"].as_f64().unwrap(), ours["cr"].as_f64().unwrap());
    assert!((ours["cf1"].as_f64().unwrap() - 2.0 * cp * cr / (cp + cr)).abs() < TOLERANCE);
}

#[test]
fn precision_recall_and_areas_are_scikit_learns() {
    let golden = golden_json("metrics.json");
    let scored = scored(&golden);
    let (expected_ap, expected_area) = (numbers(&golden["ap"]), numbers(&golden["pr_auc"]));
    for class in 0..scored.classes {
        let column = scored.class(class);
        let (ap, area) = (average_precision(&column).unwrap(), pr_auc(&column).unwrap());
        assert!((ap - expected_ap[class]).abs() < TOLERANCE, "AP of {class}: {ap}");
        assert!((area - expected_area[class]).abs() < TOLERANCE, "area of {class}: {area}");
    }
    let mean = expected_ap.iter().sum::<f64>() / expected_ap.len() as f64;
    assert!((mean_average_precision(&scored) - mean).abs() < TOLERANCE);
}

#[test]
fn decisions_are_scikit_learns() {
    let golden = golden_json("metrics.json");
    let scored = scored(&golden);
    let thresholds: Vec<f32> =
        numbers(&golden["thresholds"]).into_iter().map(|value| value as f32).collect();
    assert_decisions(&decide(&scored, &thresholds), &golden["at_thresholds"]);
    assert_decisions(&decide(&scored, &[0.5; 5]), &golden["at_half"]);
}

/// The comparison above must notice one photo that is judged differently.
#[test]
fn another_truth_is_noticed() {
    let golden = golden_json("metrics.json");
    let mut scored = scored(&golden);
    let first = scored.truth[5];
    scored.truth[5] = !first;
    let ap = average_precision(&scored.class(0)).unwrap();
    assert!((ap - numbers(&golden["ap"])[0]).abs() > TOLERANCE);
}
