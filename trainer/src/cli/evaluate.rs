//! `trainer evaluate`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Args;
use serde_json::json;
use tagsight_core::tags::Calibration;
use tagsight_core::{Artifact, Step, Steps};
use tagsight_data::Dataset;
use tagsight_metrics::{Decisions, PairedDifference, Predictions, paired_difference};
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::predict::checkpoint_logits;
use tagsight_trainer::predict;
use tagsight_trainer::report::Report;

use super::args::{DataArgs, EngineArgs};

/// Measure an artifact, a float checkpoint, or both and their difference
///
/// With --json one object is printed: photos, skipped, score (metric: "map", over: how many labels,
/// value), map_present (over those that are on some photo), classes_present, pr_auc (trapezoids),
/// at_steps (sure, balanced, more), at_half, at_best_global, at_best_per_class (each cp, cr, cf1, op,
/// or, of1, macro_f1) and per_class. With both an artifact and a checkpoint it is the artifact's, and has
/// "float", the checkpoint's, and "float_minus_int8" {difference, standard_error} besides.
#[derive(Args)]
#[group(id = "subject", required = true, multiple = true, args = ["artifact", "checkpoint"])]
pub(super) struct EvaluateArgs {
    /// Folder of an artifact
    #[arg(long)]
    artifact: Option<PathBuf>,
    /// A run's checkpoint
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// A model's report with the predictions it is of.
pub(super) struct Evaluated {
    pub(super) report: Report,
    pub(super) predictions: Predictions,
}

impl EvaluateArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let dataset = self.data.dataset("val")?;
        let artifact = self.artifact.as_deref().map(super::args::read_artifact).transpose()?;
        let checkpoint = self.checkpoint.as_deref().map(Checkpoint::read).transpose()?;
        let int8 = artifact
            .map(|artifact| evaluate_artifact(&artifact, &self.engine, &dataset))
            .transpose()?;
        let float = checkpoint.map(|checkpoint| evaluate_checkpoint(&checkpoint, &dataset));
        let subject = int8.as_ref().or(float.as_ref()).expect("clap demands one of them");
        super::args::report_skipped(&subject.predictions.skipped);
        ensure!(
            subject.report.photos > 0,
            "there is no readable photo to measure on; give --images the folder that the names of \
             the photos are relative to"
        );
        let paired = match (&float, &int8) {
            (Some(float), Some(int8)) => Some(difference(float, int8)?),
            _ => None,
        };
        if self.json {
            let mut value = serde_json::to_value(&subject.report)?;
            if let (Some(float), Some(paired)) = (&float, paired) {
                value["float"] = json!(float.report);
                value["float_minus_int8"] = json!(paired);
            }
            println!("{value}");
        } else {
            print_report(&subject.report);
            if let (Some(float), Some(paired)) = (&float, paired) {
                println!("float mAP over all labels  {:.4}", float.report.score.value);
                println!(
                    "float − INT8 (paired)      {:+.4} ± {:.4}",
                    paired.difference, paired.standard_error
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Measures an artifact at its own thresholds.
pub(super) fn evaluate_artifact(
    artifact: &Artifact,
    engine: &EngineArgs,
    dataset: &Dataset,
) -> Result<Evaluated> {
    let predictions = predict::integer_logits(artifact, engine.backend(), dataset)?;
    let metadata = &artifact.metadata;
    let scores = predictions.logits.calibrated(&metadata.calibration);
    let skipped = predictions.skipped.len();
    let (labels, thresholds) = (&metadata.labels, &metadata.thresholds);
    let report = Report::new(&predictions.logits, &scores, labels, thresholds, skipped);
    Ok(Evaluated { report, predictions })
}

/// Measures a float or fake-quantised network; it has no thresholds or calibration, so 0.5 and none.
pub(super) fn evaluate_checkpoint(checkpoint: &Checkpoint, dataset: &Dataset) -> Evaluated {
    let predictions = checkpoint_logits(checkpoint, dataset);
    let logits = &predictions.logits;
    let scores = logits.calibrated(&Calibration::identity(logits.classes));
    let thresholds = Steps::all(vec![0.5; logits.classes]);
    let labels = &checkpoint.metadata.labels;
    let report = Report::new(logits, &scores, labels, &thresholds, predictions.skipped.len());
    Evaluated { report, predictions }
}

/// Float minus INT8 on the same photos.
pub(super) fn difference(float: &Evaluated, int8: &Evaluated) -> Result<PairedDifference> {
    let (float, int8) = (&float.predictions.logits, &int8.predictions.logits);
    ensure!(float.classes == int8.classes, "checkpoint and artifact have other labels");
    Ok(paired_difference(float, int8, 0))
}

fn print_report(report: &Report) {
    println!("photos                     {} ({} skipped)", report.photos, report.skipped);
    println!("mAP over all labels        {:.4}", report.score.value);
    println!(
        "mAP over labels present    {:.4} ({} labels)",
        report.map_present, report.classes_present
    );
    println!("PR-AUC, trapezoids         {:.4}", report.pr_auc);
    println!("thresholds                 CP     CR     CF1    OP     OR     OF1    macro F1");
    let line = |name: &str, decisions: &Decisions| {
        let Decisions { cp, cr, cf1, op, or, of1, macro_f1 } = decisions;
        println!(
            "{name:<26} {cp:.3}  {cr:.3}  {cf1:.3}  {op:.3}  {or:.3}  {of1:.3}  {macro_f1:.3}"
        );
    };
    for step in Step::ALL {
        line(&format!("the model's, {}", step.name()), report.at_steps.at(step));
    }
    line("0.5", &report.at_half);
    let global = &report.at_best_global;
    line(&format!("best global here, {:.2}", global.threshold), &global.decisions);
    line("best per label here", &report.at_best_per_class);
}
