//! `trainer card`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use tagsight_trainer::card::{Card, Measured, MeasuredClass};
use tagsight_trainer::checkpoint::Checkpoint;

use super::evaluate::{Evaluated, difference, evaluate_artifact, evaluate_checkpoint};
use super::{DataArgs, EngineArgs};

/// Measure an artifact and its checkpoint, and write the figures into its card
#[derive(Args)]
pub(super) struct CardArgs {
    /// Folder of the artifact, models/NAME
    #[arg(long)]
    artifact: PathBuf,
    /// The checkpoint that it was exported from
    #[arg(long)]
    checkpoint: PathBuf,
    /// What the photos are, in words for the card
    #[arg(long)]
    data_name: String,
    /// A limit to state in plain words; may be given several times
    #[arg(long = "limit")]
    limits: Vec<String>,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    data: DataArgs,
}

impl CardArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let mut card = Card::read(&self.artifact)?;
        let dataset = self.data.dataset("val")?;
        let artifact = super::read_artifact(&self.artifact)?;
        let checkpoint = Checkpoint::read_as(&self.checkpoint, artifact.metadata.architecture())?;
        let int8 = evaluate_artifact(&artifact, &self.engine, &dataset)?;
        let float = evaluate_checkpoint(&checkpoint, &dataset);
        card.measured = Some(measured(&float, &int8, &self.data_name)?);
        card.limits.clone_from(&self.limits);
        card.write(&self.artifact)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn measured(float: &Evaluated, int8: &Evaluated, data: &str) -> Result<Measured> {
    let paired = difference(float, int8)?;
    let report = &int8.report;
    let decisions = report.at_model_thresholds;
    let per_class = report.per_class.iter().map(|class| MeasuredClass {
        label: class.label.clone(),
        positives: class.positives,
        int8_ap: class.ap,
    });
    Ok(Measured {
        data: data.to_owned(),
        photos: report.photos,
        float_map_80: float.report.map_80,
        int8_map_80: report.map_80,
        float_minus_int8: paired.difference,
        float_minus_int8_standard_error: paired.standard_error,
        int8_pr_auc: report.pr_auc,
        int8_cf1: decisions.cf1,
        int8_of1: decisions.of1,
        int8_macro_f1: decisions.macro_f1,
        per_class: per_class.collect(),
    })
}
