//! `trainer distil`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use tagsight_data as data;
use tagsight_data::augment::Views;
use tagsight_metrics::{self as metrics, Scored};
use tagsight_train::config::TrainConfig;
use tagsight_train::distil::{self, Scores, Teacher, TeacherConfig, Weighted};
use tagsight_train::fit::SplitViews;

use super::data::{CocoArgs, Purpose};

/// Ask a run's teachers of its views beforehand, or measure the teachers
///
/// Scores that are there already are left alone, so an interrupted command goes on where it was.
/// `trainer train` reads them, and asks for those that are missing.
#[derive(Args)]
pub(super) struct DistilArgs {
    /// The settings (TOML) of the run to be taught
    #[arg(long)]
    config: PathBuf,
    /// Numbers of the views, e.g. 0..6 [default: all of the configuration's]
    #[arg(long, value_parser = range)]
    views: Option<Range<usize>>,
    /// Measure the teachers on whole validation photos instead
    #[arg(long)]
    evaluate: bool,
    /// Folder of the scores; runs share it
    #[arg(long, default_value = "runs/cache")]
    cache: PathBuf,
    #[command(flatten)]
    data: CocoArgs,
}

impl DistilArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let text = std::fs::read_to_string(&self.config)
            .with_context(|| format!("cannot read {}", self.config.display()))?;
        let config =
            TrainConfig::from_toml(&text).with_context(|| self.config.display().to_string())?;
        ensure!(!config.teachers.is_empty(), "{} names no [[teachers]]", self.config.display());
        let teachers = distil::load(&config.teachers, &data::data_dir())?;
        if self.evaluate {
            self.evaluate(&config.teachers, &teachers)?;
        } else {
            self.ask(&config, &teachers)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn ask(&self, config: &TrainConfig, teachers: &[Weighted]) -> Result<()> {
        let views = SplitViews::new(&self.data.dataset(Purpose::Fit)?, config);
        let numbers = self.views.clone().unwrap_or(0..config.augment.views);
        for Weighted { teacher, .. } in teachers {
            score(teacher.as_ref(), &views.validation, 0, &self.cache)?;
            for number in numbers.clone() {
                score(teacher.as_ref(), &views.fitted, number, &self.cache)?;
            }
        }
        Ok(())
    }

    fn evaluate(&self, configs: &[TeacherConfig], teachers: &[Weighted]) -> Result<()> {
        let (photos, skipped) = data::readable(&self.data.dataset(Purpose::Measure)?);
        super::args::report_skipped(&skipped);
        let views = Views::whole(photos);
        for (config, Weighted { teacher, .. }) in configs.iter().zip(teachers) {
            let logits = score(teacher.as_ref(), &views, 0, &self.cache)?.logits();
            let classes = views.dataset().subject.labels.len();
            let scored = Scored::of_targets(classes, logits, &views.targets());
            let map = metrics::mean_average_precision(&scored);
            println!("{}: mAP over all labels {map:.4}", config.model.display());
        }
        let joint = distil::joint_scored(teachers, &views, &self.cache)?;
        println!("together: mAP over all labels {:.4}", metrics::mean_average_precision(&joint));
        Ok(())
    }
}

/// Scores of one view of each photo; says how fast they came.
fn score(teacher: &dyn Teacher, views: &Views, number: usize, cache: &Path) -> Result<Scores> {
    let start = Instant::now();
    let scores = Scores::of_views(teacher, views, number, cache)?;
    let (photos, seconds) = (views.dataset().photos.len(), start.elapsed().as_secs_f64());
    let rate = photos as f64 / seconds;
    eprintln!("{}, view {number}: {photos} photos, {rate:.0} a second", teacher.name());
    Ok(scores)
}

/// Parses `FIRST..END`.
fn range(text: &str) -> Result<Range<usize>, String> {
    let parse =
        |part: &str| part.parse().map_err(|_| "give it as FIRST..END, e.g. 0..6".to_owned());
    let (first, end) = text.split_once("..").unwrap_or((text, ""));
    Ok(parse(first)?..parse(end)?)
}
