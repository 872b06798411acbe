//! `trainer point`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Args;
use serde::Serialize;
use tagsight_core::{Isa, Tagger};
use tagsight_data::{Boxed, progress};
use tagsight_metrics::{Pointing, mean_pointing};

use super::data::{CocoArgs, Purpose};

/// Measure how often a label's map peaks in a box of that label, by label (the pointing game)
///
/// Maps are those of `tagsight why`. Beside each rate is that of the photo's middle, which a map has to beat.
/// Annotations are boxes of labels, as COCO's files have them; by default those of val in $TAGSIGHT_DATA.
#[derive(Args)]
pub(super) struct PointArgs {
    /// Folder of the artifact
    #[arg(long)]
    artifact: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: CocoArgs,
}

#[derive(Serialize)]
struct Pointings {
    photos: usize,
    skipped: usize,
    /// Mean over labels.
    rate: f64,
    centre_rate: f64,
    per_class: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    label: String,
    photos: usize,
    rate: f64,
    centre_rate: f64,
}

impl PointArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let (images, annotations) = self.data.paths(Purpose::Measure, "boxes_val.json");
        let photos = Boxed::read(&annotations, &images)?;
        let mut tagger = Tagger::new(&super::args::model_bytes(&self.artifact)?, Isa::best())?;
        tagger.engine_mut().set_parallel(true);
        let labels = tagger.metadata().labels.clone();
        let mut counts = vec![Pointing::default(); labels.len()];
        let mut skipped = 0;
        let bar = progress::bar(photos.len(), "photos");
        for photo in &photos {
            if let Err(error) = count(&mut tagger, photo, &mut counts) {
                eprintln!("{}: {error:#}", photo.path.display());
                skipped += 1;
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        ensure!(
            skipped < photos.len(),
            "there is no readable photo with a box; give --images and --annotations"
        );
        let (rate, centre_rate) = mean_pointing(&counts);
        let present = labels.into_iter().zip(&counts).filter(|(_, counts)| counts.photos > 0);
        let per_class = present.map(|(label, counts)| Line::new(label, counts)).collect();
        let report =
            Pointings { photos: photos.len() - skipped, skipped, rate, centre_rate, per_class };
        if self.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            report.print();
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Counts the peaks of all labels on a photo.
fn count(tagger: &mut Tagger, boxed: &Boxed, counts: &mut [Pointing]) -> Result<()> {
    let mut photo = tagger.decode(&fs::read(&boxed.path)?)?;
    let labels: Vec<usize> = boxed.boxes.keys().copied().collect();
    let (_, maps) = tagger.explain(&mut photo, &labels);
    for (label, map) in labels.into_iter().zip(maps) {
        counts[label].count(&boxed.boxes[&label], photo.full_size(), map.peak_centre());
    }
    Ok(())
}

impl Line {
    fn new(label: String, counts: &Pointing) -> Self {
        let (rate, centre_rate) = (counts.rate(), counts.centre_rate());
        Self { label, photos: counts.photos, rate, centre_rate }
    }
}

impl Pointings {
    fn print(&self) {
        println!("label            photos   peak  middle");
        for Line { label, photos, rate, centre_rate } in &self.per_class {
            println!("{label:<16} {photos:>6}  {rate:.3}   {centre_rate:.3}");
        }
        let Self { photos, skipped, rate, centre_rate, .. } = self;
        println!("mean of labels   {photos:>6}  {rate:.3}   {centre_rate:.3}");
        if *skipped > 0 {
            println!("{skipped} photos could not be read");
        }
    }
}
