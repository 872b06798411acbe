//! `trainer status`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use clap::Args;
use tagsight_train::watch::{STATUS, Status};
use tagsight_trainer::progress;

use super::train::RUNS;

/// Tell how far training runs are, and when they will be done
#[derive(Args)]
pub(super) struct StatusArgs {
    /// Folders of runs [default: all of those in runs]
    runs: Vec<PathBuf>,
    /// One JSON object a line: run, state ("fitting", "interrupted" or "finished"), epochs, epochs_done,
    /// steps, steps_done, seconds_left (null if nothing is known of the pace)
    #[arg(long)]
    json: bool,
}

impl StatusArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        let runs = if self.runs.is_empty() { all()? } else { self.runs.clone() };
        for run in &runs {
            let status = Status::read(run)
                .with_context(|| format!("{} is no folder of a run", run.display()))?;
            match self.json {
                true => println!("{}", progress::object(run, &status, now)),
                false => println!("{}", progress::line(run, &status, now)),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The folders of runs, in the order of their names.
fn all() -> Result<Vec<PathBuf>> {
    let folders = std::fs::read_dir(RUNS).into_iter().flatten().flatten();
    let mut runs: Vec<PathBuf> = folders.map(|folder| folder.path()).collect();
    runs.retain(|run| run.join(STATUS).is_file());
    runs.sort();
    ensure!(!runs.is_empty(), "there are no runs in the folder {RUNS}; name a run's folder");
    Ok(runs)
}
