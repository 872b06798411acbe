//! The shipped models' figures.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tagsight_protocol::Score;

use crate::shell::read;
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;
use crate::trainer::data;
use crate::{manifest, models};

/// The integers are the same everywhere; only the scores' last digits may differ.
const TOLERANCE: f64 = 1e-3;

/// A step of the thresholds, the precision that it promises of every model's tags, and the recall
/// that the page's usual model has at the least.
const PROMISES: [(&str, f64, f64); 2] = [("sure", 0.9, 0.40), ("balanced", 0.8, 0.55)];

/// What `trainer evaluate` says of a model, and its card of the same.
#[derive(Deserialize)]
struct Figures {
    #[serde(alias = "int8_score")]
    score: Score,
    #[serde(alias = "int8_at_steps")]
    at_steps: BTreeMap<String, Tags>,
}

/// Precision and recall over all tags.
#[derive(Deserialize)]
struct Tags {
    op: f64,
    or: f64,
}

#[derive(Deserialize)]
struct Card {
    measured: Figures,
}

/// Fails if a shipped model tags COCO's validation photos worse than its card says, or than the steps
/// of its thresholds promise.
pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let Some(data) = data() else {
        job.skipped("the shipped models' figures");
        return Ok(Outcome::Skipped);
    };
    for model in manifest::stored()?.models {
        let folder = models::folder(&model.name);
        let card: Card = serde_json::from_slice(&read(&folder.join("card.json"))?)
            .with_context(|| format!("the card of {}; run `trainer card`", model.name))?;
        let found = evaluate(job, made.trainer()?, &folder, &data.join("coco"))?;
        compare(job, &model.name, &card.measured, &found)?;
        check_promises(&found.at_steps, model.default)
            .with_context(|| format!("{} does not keep a promise", model.name))?;
    }
    Ok(Outcome::Passed)
}

fn compare(job: &Job, model: &str, card: &Figures, found: &Figures) -> Result<()> {
    let check = |what: &str, found: f64, card: f64| {
        job.say(&format!("{model}: {what} {found:.4}, {card:.4} on its card"));
        ensure!(found >= card - TOLERANCE, "{model} has become worse");
        Ok(())
    };
    let [of, on_card] = [found.score, card.score].map(|score| (score.metric, score.over));
    ensure!(of == on_card, "{model} was measured by {}", manifest::words(&card.score));
    check(&manifest::words(&found.score), found.score.value, card.score.value)?;
    ensure!(card.at_steps.keys().eq(found.at_steps.keys()), "{model}'s card has other steps");
    for ((step, card), found) in card.at_steps.iter().zip(found.at_steps.values()) {
        check(&format!("precision over all tags, {step},"), found.op, card.op)?;
        check(&format!("recall over all tags, {step},"), found.or, card.or)?;
    }
    Ok(())
}

fn check_promises(found: &BTreeMap<String, Tags>, is_default: bool) -> Result<()> {
    for (step, precision, recall) in PROMISES {
        let Tags { op, or } = found.get(step).with_context(|| format!("no step {step}"))?;
        ensure!(*op >= precision, "{step}: precision {op:.4}, not {precision}");
        ensure!(!is_default || *or >= recall, "{step}: recall {or:.4}, not {recall}");
    }
    Ok(())
}

/// Figures on COCO's validation photos.
fn evaluate(job: &Job, trainer: &Path, artifact: &Path, coco: &Path) -> Result<Figures> {
    let report = job.output(
        Command::new(trainer)
            .args(["evaluate", "--json", "--artifact"])
            .arg(artifact)
            .arg("--images")
            .arg(coco.join("val"))
            .arg("--annotations")
            .arg(coco.join("annotations/instances_val.json")),
    )?;
    serde_json::from_str(&report).context("trainer evaluate")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_of_precision_and_for_the_default_of_recall() {
        let steps = |op: f64, or: f64| {
            let steps = PROMISES.map(|(step, ..)| (step.to_owned(), Tags { op, or }));
            BTreeMap::from(steps)
        };
        check_promises(&steps(0.9, 0.55), true).unwrap();
        check_promises(&steps(0.9, 0.1), false).unwrap();
        let error = check_promises(&steps(0.89, 0.55), false).unwrap_err().to_string();
        assert!(error.contains("sure: precision"), "{error}");
        let error = check_promises(&steps(0.9, 0.54), true).unwrap_err().to_string();
        assert!(error.contains("balanced: recall"), "{error}");
        assert!(check_promises(&BTreeMap::new(), false).is_err());
    }

    #[test]
    fn cards_and_reports_have_the_same_figures() {
        let tags = r#"{ "sure": { "op": 0.9, "or": 0.4, "of1": 0.5 } }"#;
        let score = r#"{ "metric": "map", "over": 80, "value": 0.5 }"#;
        let read = |of: &str| -> Figures {
            let text = format!(r#"{{"{of}score": {score}, "{of}at_steps": {tags}}}"#);
            serde_json::from_str(&text).unwrap()
        };
        let (card, report) = (read("int8_"), read(""));
        assert_eq!(
            (card.score, card.at_steps["sure"].or),
            (report.score, report.at_steps["sure"].or)
        );
    }
}
