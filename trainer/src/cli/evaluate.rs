//! `trainer evaluate`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Args;
use serde_json::json;
use tagsight_core::{Artifact, Metadata, Step};
use tagsight_data::Dataset;
use tagsight_metrics::{
    Decisions, Metric, PairedDifference, Predictions, Score, paired_difference,
};
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::predict::checkpoint_logits;
use tagsight_trainer::predict;
use tagsight_trainer::report::{
    ClassFigures, ClassReport, Evaluation, Figures, LabelFigures, ValueFigures, ValueReport,
};

use super::args::BackendArgs;
use super::data::MeasuredArgs;

/// Measure an artifact, a float checkpoint, or both and their difference
///
/// With --json one object is printed: photos, skipped, score (metric: "map", "accuracy" or "r2", over: how
/// many outputs, value), and more of the task. Of labels that are on a photo each for itself: map_present
/// (over those that are on some photo), classes_present, pr_auc (trapezoids), at_steps (sure, balanced,
/// more), at_half, at_best_global, at_best_per_class (each cp, cr, cf1, op, or, of1, macro_f1) and
/// per_class. Where a photo has one label: macro_f1, confusion (a row a true label) and per_class. Of
/// values: per_value (unit, mae, r2). With both an artifact and a checkpoint it is the artifact's, and has
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
    engine: BackendArgs,
    #[command(flatten)]
    data: MeasuredArgs,
}

/// A model's report with the predictions it is of.
pub(super) struct Evaluated {
    pub(super) report: Evaluation,
    pub(super) predictions: Predictions,
}

impl EvaluateArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let dataset = self.data.dataset()?;
        let artifact = self.artifact.as_deref().map(super::args::read_artifact).transpose()?;
        let checkpoint = self.checkpoint.as_deref().map(Checkpoint::read).transpose()?;
        let int8 = artifact
            .map(|artifact| evaluate_artifact(&artifact, &self.engine, &dataset))
            .transpose()?;
        let float =
            checkpoint.map(|checkpoint| evaluate_checkpoint(&checkpoint, &dataset)).transpose()?;
        let subject = int8.as_ref().or(float.as_ref()).expect("clap demands one of them");
        super::args::report_skipped(&subject.predictions.skipped);
        ensure!(
            subject.report.photos > 0,
            "there is no readable photo to measure on; give --images the folder that the names of \
             the photos are relative to"
        );
        let paired = match (&float, &int8) {
            (Some(float), Some(int8)) => Some(difference(float, int8)),
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
                let of = format!("float {}", words(&float.report.score));
                println!("{of:<26} {:.4}", float.report.score.value);
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
    engine: &BackendArgs,
    dataset: &Dataset,
) -> Result<Evaluated> {
    let Metadata { labels, task, .. } = &artifact.metadata;
    super::args::check_subject(dataset, labels, &task.goal())?;
    let predictions = predict::integer_logits(artifact, engine.backend(), dataset)?;
    let report = Evaluation::new(&predictions.answers, labels, task, predictions.skipped.len());
    Ok(Evaluated { report, predictions })
}

/// Measures a float or fake-quantised network; it has no thresholds or calibration, so 0.5 and none.
pub(super) fn evaluate_checkpoint(checkpoint: &Checkpoint, dataset: &Dataset) -> Result<Evaluated> {
    let CheckpointMetadata { labels, task, .. } = &checkpoint.metadata;
    super::args::check_subject(dataset, labels, task)?;
    let predictions = checkpoint_logits(checkpoint, dataset);
    let task = task.uncalibrated(labels.len());
    let report = Evaluation::new(&predictions.answers, labels, &task, predictions.skipped.len());
    Ok(Evaluated { report, predictions })
}

/// Float minus INT8 on the same photos.
pub(super) fn difference(float: &Evaluated, int8: &Evaluated) -> PairedDifference {
    let (float, int8) = (&float.predictions.answers, &int8.predictions.answers);
    paired_difference(float, int8, 0)
}

fn print_report(report: &Evaluation) {
    println!("photos                     {} ({} skipped)", report.photos, report.skipped);
    println!("{:<26} {:.4}", words(&report.score), report.score.value);
    match &report.figures {
        Figures::Labels(figures) => print_labels(figures),
        Figures::Classes(figures) => print_classes(figures),
        Figures::Values(figures) => print_values(figures),
    }
}

/// A score for people.
fn words(score: &Score) -> &'static str {
    match score.metric {
        Metric::Map => "mAP over all labels",
        Metric::Accuracy => "accuracy",
        Metric::R2 => "R², mean over all values",
    }
}

fn print_classes(figures: &ClassFigures) {
    println!("macro F1                   {:.4}", figures.macro_f1);
    println!("label                      photos  F1     taken most often for");
    for (row, (class, given)) in figures.per_class.iter().zip(&figures.confusion).enumerate() {
        let others = given.iter().enumerate().filter(|&(other, &count)| other != row && count > 0);
        let worst = others.max_by_key(|&(_, count)| count);
        let worst =
            worst.map(|(other, count)| format!("{} ({count})", figures.per_class[other].label));
        let ClassReport { label, positives, f1 } = class;
        println!("{label:<26} {positives:>6}  {f1:.3}  {}", worst.unwrap_or_default());
    }
}

fn print_values(figures: &ValueFigures) {
    println!("value                      mean absolute error   R²");
    for ValueReport { label, unit, mae, r2 } in &figures.per_value {
        let r2 = r2.map_or_else(|| "none".to_owned(), |r2| format!("{r2:.3}"));
        println!("{label:<26} {:<20}  {r2}", format!("{mae:.4} {unit}"));
    }
}

fn print_labels(report: &LabelFigures) {
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
