//! `trainer thresholds`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::Value;
use tagsight_core::{Metadata, Step, Task, artifact};
use tagsight_data::write_atomically;
use tagsight_data::{self as data, Dataset};
use tagsight_metrics::Answers;
use tagsight_quantiser::scores::{ThresholdFit, fit_thresholds};
use tagsight_trainer::card::{Card, MeasuredFigures, Origin};
use tagsight_trainer::predict;

use super::args::BackendArgs;
use super::data::{CocoArgs, Purpose};

/// Fit an artifact's thresholds anew; weights and scores stay
///
/// They are fitted to the photos that its training held back, which follow from the card and the
/// photos it was trained with.
#[derive(Args)]
pub(super) struct ThresholdsArgs {
    /// Folder of the artifact, models/NAME
    #[arg(long)]
    artifact: PathBuf,
    #[command(flatten)]
    engine: BackendArgs,
    #[command(flatten)]
    data: CocoArgs,
}

impl ThresholdsArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let mut card = Card::read(&self.artifact)?;
        let mut artifact = super::args::read_artifact(&self.artifact)?;
        let Metadata { labels, task, .. } = &artifact.metadata;
        let dataset = self.data.dataset(Purpose::Fit)?;
        super::args::check_subject(&dataset, labels, &task.goal())?;
        let validation = validation(&dataset, &card.made_from)?;
        let predictions = predict::integer_logits(&artifact, self.engine.backend(), &validation)?;
        super::args::report_skipped(&predictions.skipped);
        let (Answers::Labels(logits), Task::MultiLabel { thresholds, calibration }) =
            (&predictions.answers, &mut artifact.metadata.task)
        else {
            bail!("only labels that are on a photo each for itself have thresholds");
        };
        let fit = fit_thresholds(logits, calibration);
        thresholds.clone_from(&fit.thresholds);
        let bytes = artifact.write()?;
        let path = self.artifact.join(artifact::FILE_NAME);
        write_atomically(&path, &bytes).with_context(|| path.display().to_string())?;
        card.describe(&bytes);
        card.made_from.thresholds = fit.describe();
        let figures = card.measured.as_mut().map(|measured| &mut measured.figures);
        if let Some(MeasuredFigures::Labels { int8_at_steps, .. }) = figures {
            *int8_at_steps = None;
        }
        card.write(&self.artifact)?;
        print(&fit);
        println!("next: trainer card --artifact {}, cargo xtask manifest", self.artifact.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// The photos that were held back from training; others would be seen photos, whose scores promise
/// too much.
fn validation(dataset: &Dataset, origin: &Origin) -> Result<Dataset> {
    let setting = |name| origin.training.get(name);
    let seed = setting("seed").and_then(Value::as_u64);
    let holdout = setting("holdout").and_then(Value::as_f64);
    let (seed, holdout) = seed.zip(holdout).context(
        "the card does not say which photos its training held back (training.seed and .holdout); \
         export the model again",
    )?;
    let validation = data::split_off(dataset, holdout, seed).validation;
    let (found, expected) = (validation.photos.len(), origin.validation_photos);
    ensure!(
        found == expected,
        "training held back {expected} photos, of these it would be {found}: give the --images and \
         --annotations that the model was trained with"
    );
    Ok(validation)
}

fn print(fit: &ThresholdFit) {
    println!("cross-fitted on {} validation photos", fit.photos);
    println!("          precision  recall  F1");
    for step in Step::ALL {
        let figures = fit.crossfitted.at(step);
        println!("{:<9} {:<9.3}  {:<6.3}  {:.3}", step.name(), figures.op, figures.or, figures.of1);
    }
}
