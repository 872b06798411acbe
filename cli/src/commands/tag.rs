//! `tagsight tag`.

use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tagsight_cli::clock;
use tagsight_cli::settings::{Settings, Write};
use tagsight_cli::stores::Stores;
use tagsight_cli::tag::{self, Event, Request, Summary};
use tagsight_cli::work::{Task, Terms};

use super::args::{EXIT_CODES, Tagging, Working};
use super::exit::Exit;
use super::report::Report;
use super::{reasons, stop};

const EXAMPLES: &str = "\
Examples:
  tagsight tag Pictures                         sidecars beside all photos
  tagsight tag --dry-run Pictures               what would be written, and where
  tagsight tag --write embed --lang ko Pictures Korean words, into the photos
  tagsight tag --write none --format json a.jpg only the scores
  tagsight tag --undo Pictures                  take back all that was written

What is known of photos is kept in Pictures/.tagsight, so the next run looks at new and changed photos only,
and an interrupted one goes on. Keywords that you remove with another program stay removed.";

/// Tag photos: new and changed ones, on all cores
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(super) struct TagArgs {
    /// Folders, with all that is in them, or photos: JPEG, PNG, WebP, GIF, BMP, TIFF
    #[arg(required = true, value_name = "FOLDER")]
    places: Vec<PathBuf>,
    #[command(flatten)]
    tagging: Tagging,
    /// Write nothing; show for each file which lists would change, from and to
    #[arg(long)]
    dry_run: bool,
    /// Take back what was written: tags go from sidecars and photos, and sidecars that hold nothing else
    #[arg(long, conflicts_with = "force")]
    undo: bool,
    /// Tag photos again that did not change
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    working: Working,
}

impl TagArgs {
    pub(super) fn run(&self) -> Result<Exit> {
        let settings = self.tagging.settings();
        let Working { format, model, reading } = &self.working;
        ensure!(self.places.iter().any(|place| place.exists()), "there is no {}", self.named());
        let model = if self.undo { None } else { Some(model.find()?) };
        let stop = stop::flag()?;
        let writes = settings.write != Write::None || self.undo;
        let request = Request {
            places: self.places.clone(),
            terms: Terms {
                task: if self.undo { Task::Undo } else { Task::Tag },
                settings,
                is_dry: self.dry_run,
                is_forced: self.force,
                model: model.as_ref(),
                now: clock::now,
            },
            jobs: reading.jobs(),
            is_kept: !self.dry_run && (writes || reading.index.is_some()),
        };
        let output = BufWriter::new(io::stdout());
        let teller = Teller {
            report: RefCell::new(Report::new(output, *format, settings, self.dry_run)?),
            bar: bar(),
            settings,
        };
        let mut listener = |event: Event<'_>| teller.hear(event);
        let result = tag::run(&request, &mut Stores::new(reading.place()), stop, &mut listener);
        teller.bar.finish_and_clear();
        let summary = result.map_err(reasons::unusable)?;
        teller.report.into_inner().finish()?;
        self.conclude(&summary);
        Ok(Exit::from(&summary))
    }

    /// What was given, in words.
    fn named(&self) -> String {
        let names: Vec<String> =
            self.places.iter().map(|place| place.display().to_string()).collect();
        names.join(", ")
    }

    /// The last words, for people.
    fn conclude(&self, summary: &Summary) {
        let Summary { known, done, changed, failed, is_stopped } = summary;
        if !io::stderr().is_terminal() && !is_stopped && *failed == 0 {
            return;
        }
        let did = if self.undo { "gone over" } else { "tagged" };
        let would = if self.dry_run { "would change" } else { "changed" };
        let mut words =
            format!("{done} photos {did}, {known} as they were, {changed} files {would}");
        if *failed > 0 {
            words += &format!(", {failed} not done");
        }
        if *is_stopped {
            words += "; interrupted: run it again to go on";
        }
        eprintln!("{words}");
    }
}

/// Tells people what happens.
struct Teller<W> {
    report: RefCell<Report<W>>,
    bar: ProgressBar,
    settings: Settings,
}

impl<W: io::Write> Teller<W> {
    fn hear(&self, event: Event<'_>) -> io::Result<()> {
        let mut report = self.report.borrow_mut();
        match event {
            Event::Begun { to_do, .. } => {
                self.bar.set_length(to_do as u64);
                self.bar.reset_eta();
            }
            Event::Ticked => self.bar.inc(1),
            Event::Unseen(path, error) => self.complain(path, error),
            Event::Failed(path, trouble) => self.complain(path, trouble),
            Event::Known(path, told) => report.photo(path, Some(told), &[])?,
            Event::Done(path, done, told) => {
                report.photo(path, told, &done.changes)?;
                if let Some(refusal) =
                    done.refusal.as_ref().filter(|_| self.settings.write == Write::Embed)
                {
                    self.complain(path, &reasons::refused(refusal));
                }
                if self.bar.is_hidden() || io::stdout().is_terminal() {
                    self.bar.suspend(|| report.flush())?;
                }
            }
        }
        Ok(())
    }

    fn complain(&self, path: &Path, why: &dyn std::fmt::Display) {
        self.bar.suspend(|| {
            // There is nobody to tell where this cannot be told.
            let _ = writeln!(io::stderr(), "{}: {why}", path.display());
        });
    }
}

/// A bar where there is a terminal to show it.
fn bar() -> ProgressBar {
    let is_shown = io::stderr().is_terminal();
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} photos, {per_sec}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(0), target);
    bar.set_style(style.expect("the template is right"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
