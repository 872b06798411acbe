//! `trainer card`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use tagsight_data::Dataset;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_trainer::card::{Card, FloatFigures, Measured, MeasuredClass, MeasuredFigures};
use tagsight_trainer::report::Figures;

use super::args::BackendArgs;
use super::data::MeasuredArgs;
use super::evaluate::{Evaluated, difference, evaluate_artifact, evaluate_checkpoint};

/// Measure an artifact and its checkpoint, and write the figures into its card
///
/// Without the checkpoint, what the card says of the float network stays, which asks for the same
/// photos and integers of the same score as when it was written: so can an artifact
/// be measured whose thresholds were fitted anew.
#[derive(Args)]
pub(super) struct CardArgs {
    /// Folder of the artifact, models/NAME
    #[arg(long)]
    artifact: PathBuf,
    /// The checkpoint that it was exported from [default: the card's figures of it stay]
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// What the photos are, in words for the card [default: what the card says]
    #[arg(long)]
    data_name: Option<String>,
    /// A limit to state in plain words; may be given several times [default: those of the card]
    #[arg(long = "limit")]
    limits: Vec<String>,
    #[command(flatten)]
    engine: BackendArgs,
    #[command(flatten)]
    data: MeasuredArgs,
}

impl CardArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let mut card = Card::read(&self.artifact)?;
        let dataset = self.data.dataset()?;
        let artifact = super::args::read_artifact(&self.artifact)?;
        let int8 = evaluate_artifact(&artifact, &self.engine, &dataset)?;
        super::args::report_skipped(&int8.predictions.skipped);
        let before = card.measured.as_ref();
        let float = match &self.checkpoint {
            Some(path) => {
                let architecture = artifact.metadata.architecture();
                let architecture =
                    architecture.context("no checkpoint is of the artifact's network")?;
                let checkpoint = Checkpoint::read_as(path, architecture)?;
                compare(&checkpoint, &int8, &dataset)?
            }
            None => before
                .and_then(|before| before.float_figures(int8.report.photos, &int8.report.score))
                .context(
                    "the card has no figures of a float network over these photos and with these \
                     integers; give its --checkpoint",
                )?,
        };
        let data = self.data_name.clone().or_else(|| Some(before?.data.clone()));
        let data = data.context("say what the photos are: --data-name")?;
        card.measured = Some(measured(float, &int8, data));
        if !self.limits.is_empty() {
            card.limits.clone_from(&self.limits);
        }
        card.write(&self.artifact)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Measures the float network beside its integers.
fn compare(checkpoint: &Checkpoint, int8: &Evaluated, dataset: &Dataset) -> Result<FloatFigures> {
    let float = evaluate_checkpoint(checkpoint, dataset)?;
    Ok(FloatFigures { score: float.report.score, minus_int8: difference(&float, int8) })
}

fn measured(float: FloatFigures, int8: &Evaluated, data: String) -> Measured {
    let report = &int8.report;
    Measured {
        data,
        photos: report.photos,
        float_score: float.score,
        int8_score: report.score,
        float_minus_int8: float.minus_int8.difference,
        float_minus_int8_standard_error: float.minus_int8.standard_error,
        figures: figures(&report.figures),
    }
}

fn figures(figures: &Figures) -> MeasuredFigures {
    match figures {
        Figures::Labels(figures) => {
            let per_class = figures.per_class.iter().map(|class| MeasuredClass {
                label: class.label.clone(),
                positives: class.positives,
                int8_ap: class.ap,
            });
            MeasuredFigures::Labels {
                int8_pr_auc: figures.pr_auc,
                int8_at_steps: Some(figures.at_steps),
                per_class: per_class.collect(),
            }
        }
        Figures::Classes(figures) => MeasuredFigures::Classes { int8: figures.clone() },
        Figures::Values(figures) => MeasuredFigures::Values { int8: figures.clone() },
    }
}
