//! `tagsight why`.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use serde::Serialize;
use tagsight_cli::atomic;
use tagsight_cli::why::{self, Reason};
use tagsight_core::heatmap::Place;

use super::args::Thresholds;
use super::exit::Exit;
use super::model::ModelArgs;

const EXAMPLES: &str = "\
Examples:
  tagsight why a.jpg                  where each of its tags is
  tagsight why a.jpg dog -o map.png   the photo with what speaks for a dog over it
  tagsight why a.jpg 개 --format json what every place adds to the score

A map is of the network's last layer: some ten fields a side. It shows what the network goes by, which need
not be the thing itself; it may be what usually is around it.";

/// Show where in a photo the model sees a label
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WhyArgs {
    /// The photo: JPEG, PNG, WebP, GIF, BMP, TIFF
    photo: PathBuf,
    /// The label, in English or Korean, whether the photo has it or not [default: all that it has]
    label: Option<String>,
    /// A PNG to write: the photo with the map of the label, or of its best one, over it
    #[arg(short, long, value_name = "FILE.png")]
    output: Option<PathBuf>,
    /// How much of the photo the map hides, 0 to 1
    #[arg(long, value_name = "PART", default_value = "0.5", value_parser = part)]
    opacity: f32,
    /// How sure tags are to be
    #[arg(long, value_name = "STEP", default_value = "balanced")]
    thresholds: Thresholds,
    /// The form of what is printed
    #[arg(long, default_value = "table")]
    format: Format,
    #[command(flatten)]
    model: ModelArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line a label: its score, and where it is
    Table,
    /// A JSON object a line: label, score, place, and what each place of the map adds, row by row
    Json,
}

#[derive(Serialize)]
struct Line<'a> {
    label: &'a str,
    score: f32,
    place: Option<&'static str>,
    /// The peak's middle, as parts of the photo's width and height.
    peak: [f64; 2],
    columns: usize,
    rows: usize,
    shares: &'a [i32],
}

fn part(text: &str) -> Result<f32, String> {
    let part = text.parse().ok().filter(|part| (0.0..=1.0).contains(part));
    part.ok_or_else(|| "a number from 0 to 1".to_owned())
}

impl WhyArgs {
    pub(super) fn run(&self) -> Result<Exit> {
        if let Some(output) = &self.output {
            let is_png =
                output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
            ensure!(is_png, "{} is written as a PNG: name it so", output.display());
            let is_photo = matches!((output.canonicalize(), self.photo.canonicalize()), (Ok(a), Ok(b)) if a == b);
            ensure!(!is_photo, "{} is the photo itself: name another file", output.display());
        }
        let model = self.model.find()?;
        let labels = &model.facts().labels;
        let label = self.label.as_deref().map(|word| {
            let number = why::label(labels, word);
            number.with_context(|| {
                format!("the model has no label {word}; it has {}", labels.join(", "))
            })
        });
        let label = label.transpose()?;
        let shown = || self.photo.display().to_string();
        let photo = fs::read(&self.photo).with_context(shown)?;
        let step = self.thresholds.step();
        let (mut tagger, rule) = (model.tagger()?, &model.facts().rule);
        let reasons = why::reasons(&mut tagger, rule, &photo, label, step).with_context(shown)?;
        for reason in &reasons {
            self.print(reason, labels)?;
        }
        let Some(best) = reasons.first() else {
            eprintln!("{}: it has no tags; name a label to see what speaks for it", shown());
            return Ok(Exit::Partly);
        };
        if let Some(output) = &self.output {
            let picture = why::picture(&photo, &best.map, self.opacity).with_context(shown)?;
            atomic::replace(output, &picture)
                .with_context(|| format!("cannot write {}", output.display()))?;
        }
        Ok(Exit::Fine)
    }

    fn print(&self, reason: &Reason, labels: &[String]) -> io::Result<()> {
        let (label, place) = (&labels[reason.label], reason.map.place().map(named));
        let mut output = io::stdout().lock();
        match self.format {
            Format::Table => {
                let place = place.unwrap_or("nowhere");
                writeln!(output, "{label}  {:.0} %  {place}", reason.score * 100.0)
            }
            Format::Json => {
                let ((x, y), (columns, rows)) = (reason.map.peak_centre(), reason.map.size());
                let (score, shares) = (reason.score, reason.map.shares());
                let line = Line { label, score, place, peak: [x, y], columns, rows, shares };
                writeln!(output, "{}", serde_json::to_string(&line)?)
            }
        }
    }
}

fn named(place: Place) -> &'static str {
    match place {
        Place::UpperLeft => "upper left",
        Place::Upper => "upper middle",
        Place::UpperRight => "upper right",
        Place::Left => "left",
        Place::Centre => "centre",
        Place::Right => "right",
        Place::LowerLeft => "lower left",
        Place::Lower => "lower middle",
        Place::LowerRight => "lower right",
    }
}
