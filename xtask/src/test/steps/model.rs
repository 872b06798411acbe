//! The shipped models' figures.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::test::Terms;
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::times::Outcome;
use crate::trainer::data;
use crate::{manifest, models};

/// The integers are the same everywhere; only the scores' last digits may differ.
const MAP_TOLERANCE: f64 = 1e-3;

/// Fails if a shipped model tags COCO's validation photos worse than its card says.
pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let Some(data) = data() else {
        job.skipped("the shipped models' mean average precision");
        return Ok(Outcome::Skipped);
    };
    for model in manifest::stored()?.models {
        let artifact = models::folder(&model.name);
        let map = evaluate(job, made.trainer()?, &artifact, &data.join("coco"))?;
        job.say(&format!(
            "{}: mAP over 80 labels {map:.4}, {:.4} on its card",
            model.name, model.map_80
        ));
        ensure!(map >= model.map_80 - MAP_TOLERANCE, "{} has become worse", model.name);
    }
    Ok(Outcome::Passed)
}

/// Mean average precision on COCO's validation photos.
fn evaluate(job: &Job, trainer: &Path, artifact: &Path, coco: &Path) -> Result<f64> {
    let report = job.output(
        Command::new(trainer)
            .args(["evaluate", "--json", "--artifact"])
            .arg(artifact)
            .arg("--images")
            .arg(coco.join("val"))
            .arg("--annotations")
            .arg(coco.join("annotations/instances_val.json")),
    )?;
    let report: serde_json::Value = serde_json::from_str(&report).context("trainer evaluate")?;
    report["map_80"].as_f64().context("trainer evaluate gives no map_80")
}
