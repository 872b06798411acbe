//! `tagsight watch`.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use tagsight_cli::clock;
use tagsight_cli::settings::Write;
use tagsight_cli::tag::{Event, Request};
use tagsight_cli::watch::{Notice, Watch};
use tagsight_cli::work::{Task, Terms};

use super::args::{Tagging, Working};
use super::exit::Exit;
use super::report::Report;
use super::{reasons, stop};

const EXAMPLES: &str = "\
Examples:
  tagsight watch /srv/photos
  tagsight watch --every 60 --write embed --jobs 1 /srv/photos

It ends with Ctrl-C or SIGTERM, as systemd sends it, and then exits with 0. A photo that is still being
copied is waited for; a folder that goes away is tagged when it is back.";

/// Tag what is in a folder, then whatever comes, until it is ended; a line a photo
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WatchArgs {
    /// Folders, with all that is in them
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Seconds between two looks
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    every: Duration,
    #[command(flatten)]
    tagging: Tagging,
    #[command(flatten)]
    working: Working,
}

impl WatchArgs {
    pub(super) fn run(&self) -> Result<Exit> {
        let settings = self.tagging.settings();
        let Working { format, model, reading } = &self.working;
        let is_kept = settings.write != Write::None || reading.index.is_some();
        ensure!(is_kept, "with --write none, name a file for what is found out with --index FILE");
        for folder in &self.folders {
            let listed = std::fs::read_dir(folder);
            listed.with_context(|| format!("cannot watch {}", folder.display()))?;
        }
        let model = model.find()?;
        let stop = stop::flag()?;
        let terms = Terms {
            task: Task::Tag,
            settings,
            is_dry: false,
            is_forced: false,
            model: Some(&model),
            now: clock::now,
        };
        let (places, jobs) = (self.folders.clone(), reading.jobs());
        let watch = Watch {
            request: Request { places, terms, jobs, is_kept },
            place: reading.place(),
            every: self.every,
        };
        let mut report = Report::new(io::stdout(), *format, settings, false)?;
        let mut listener = |notice: Notice<'_>| hear(&mut report, notice);
        watch.run(stop, &mut listener).map_err(reasons::unusable)?;
        // Whoever ends it wants it to end.
        Ok(Exit::Fine)
    }
}

fn hear(report: &mut Report<io::Stdout>, notice: Notice<'_>) -> io::Result<()> {
    match notice {
        Notice::Photo(Event::Done(path, done, told)) => {
            report.photo(path, told, &done.changes)?;
            report.flush()?;
            if let Some(refusal) = &done.refusal {
                complain(&format!("{}: {}", path.display(), reasons::refused(refusal)));
            }
        }
        Notice::Photo(Event::Failed(path, trouble)) => {
            complain(&format!("{}: {trouble}", path.display()));
        }
        Notice::Photo(_) => (),
        Notice::Gone(error) => complain(&format!("{error}; waiting for it")),
        Notice::Back => complain("the folder is back"),
    }
    Ok(())
}

fn complain(words: &str) {
    // There is nobody to tell where this cannot be told.
    let _ = writeln!(io::stderr(), "{words}");
}

/// Parses a time to wait.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is wanted".to_owned())?;
    let is_usable = (0.1..=86_400.0).contains(&seconds);
    is_usable.then(|| Duration::from_secs_f64(seconds)).ok_or_else(|| "0.1 to 86400 seconds".into())
}
