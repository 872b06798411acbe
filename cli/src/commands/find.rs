//! `tagsight find`.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;
use tagsight_cli::find::{self, Found, Search};
use tagsight_cli::stores::Stores;

use super::args::{EXIT_CODES, Reading, Thresholds};
use super::exit::Exit;
use super::{reasons, stop};

const EXAMPLES: &str = "\
Examples:
  tagsight find Pictures \"dog and not person\"
  tagsight find Pictures '개 -사람'
  tagsight find Pictures -- -person               with -- before a query that begins with a dash
  tagsight find Pictures '(cat or dog) 2026-11'   by when they were taken, too
  tagsight find --print0 Pictures kite | xargs -0 cp -t Kites

Words are labels in English or Korean, their synonyms and categories, other keywords in the photos, file
names and dates. Photos that `tagsight tag` knows are found without looking into them.";

/// Find photos by their tags and keywords; no model is needed
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(super) struct FindArgs {
    /// Folder, with all that is in it
    folder: PathBuf,
    /// What is on the photos: dog beach; dog or cat; dog and not person; "traffic light"; 개 -사람
    #[arg(required = true)]
    query: Vec<String>,
    /// The form of what is printed
    #[arg(long, default_value = "paths")]
    format: Format,
    /// End every path with a NUL instead of a line's end, for xargs -0
    #[arg(long, conflicts_with = "format")]
    print0: bool,
    /// How sure tags are to be [default: as sure as when they were given]
    #[arg(long, value_name = "STEP")]
    thresholds: Option<Thresholds>,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A path a line
    Paths,
    /// A JSON object a line: photo, tags with scores, words, taken
    Json,
}

#[derive(Serialize)]
struct Line<'a> {
    photo: &'a str,
    tags: Vec<Tag<'a>>,
    words: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    taken: &'a str,
}

#[derive(Serialize)]
struct Tag<'a> {
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
}

impl FindArgs {
    pub(super) fn run(&self) -> Result<Exit> {
        let stop = stop::flag()?;
        let search = Search {
            places: vec![self.folder.clone()],
            query: self.query.join(" "),
            step: self.thresholds.map(Thresholds::step),
            jobs: self.reading.jobs(),
        };
        let place = self.reading.place();
        let findings = find::find(&search, &mut Stores::new(place), stop)?;
        reasons::tell(&findings.gaps);
        if !self.folder.exists() {
            return Ok(Exit::Unusable);
        }
        let mut output = BufWriter::new(io::stdout().lock());
        for found in &findings.found {
            self.print(&mut output, found)?;
        }
        output.flush()?;
        let is_stopped = stop.load(std::sync::atomic::Ordering::Relaxed);
        Ok(match findings.found.is_empty() {
            _ if is_stopped => Exit::Interrupted,
            true => Exit::Partly,
            false => Exit::Fine,
        })
    }

    fn print(&self, output: &mut impl Write, found: &Found) -> Result<()> {
        if self.format == Format::Json {
            let tags = found.tags.iter().map(|(label, score)| Tag { label, score: *score });
            let (tags, words, taken) = (tags.collect(), &found.words[..], &found.taken[..]);
            let line = Line { photo: &found.path.to_string_lossy(), tags, words, taken };
            writeln!(output, "{}", serde_json::to_string(&line)?)?;
            return Ok(());
        }
        // Other programs get the name's own bytes, whatever they mean.
        output.write_all(found.path.as_os_str().as_encoded_bytes())?;
        output.write_all(if self.print0 { b"\0" } else { b"\n" })?;
        Ok(())
    }
}
