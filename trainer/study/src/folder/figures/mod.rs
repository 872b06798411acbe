//! The study's report.

mod alike;
mod features;
mod looks;
mod networks;
mod photos;
mod ways;

use tagsight_core::photo::DHash;
use tagsight_data::{Dataset, Part, Photo};
use tagsight_report::{Block, Cell, Column, Report, Section, Table};

use super::config::{Config, Way};
use super::explored::{Explored, by_id};
use super::measured::{Compared, Kind};
use super::runs::Run;
use crate::error::StudyError;

/// The longer side of pictures, pixels.
const LONGEST: usize = 192;

/// All that the report tells.
pub(super) struct Told<'a> {
    pub(super) config: &'a Config,
    pub(super) dataset: &'a Dataset,
    pub(super) explored: &'a Explored,
    pub(super) runs: &'a [Run],
    /// The way that became integers.
    pub(super) chosen: Way,
    pub(super) compared: &'a Compared,
}

impl Told<'_> {
    fn labels(&self) -> &[String] {
        &self.dataset.subject.labels
    }

    /// The photos that could be read, with what they look like.
    fn seen(&self) -> Vec<(&Photo, DHash)> {
        let known = by_id(self.dataset);
        self.explored.photos.iter().map(|seen| (known[&seen.id], DHash(seen.hash))).collect()
    }

    /// The table that says what was measured, and how.
    fn setting(&self) -> Section {
        let Self { config, dataset, .. } = self;
        let from = match config.initial_weights.as_str() {
            "" => "none",
            weights => weights,
        };
        let stage = |from: &str| if from.is_empty() { "all layers" } else { from }.to_owned();
        let facts = [
            ("photos", dataset.subject.name.clone()),
            ("network", config.network.clone()),
            ("weights to begin with", from.to_owned()),
            ("side of a photo", format!("{} pixels", config.side)),
            ("fitted from", stage(&config.float.train_from)),
            (
                "epochs of float, of integers",
                format!("{}, {}", config.float.epochs, config.qat.epochs),
            ),
            ("trainings of each way", config.seeds.to_string()),
            ("images to calibrate on", config.calibration_images.to_string()),
            ("seed", config.seed.to_string()),
        ];
        let columns = vec![Column::text("what"), Column::text("which")];
        let mut table = Table::new("setting", "What was studied", columns);
        table.rows.extend(facts.map(|(what, which)| vec![Cell::text(what), Cell::text(which)]));
        Section { title: "What was studied".into(), blocks: vec![Block::Table(table)] }
    }

    fn summary(&self) -> Vec<String> {
        let compared = |kind| networks::Row::of(self, kind);
        let [linear, float, trained] = [Kind::Linear, Kind::Float, Kind::Trained].map(compared);
        let said = |row: &networks::Row| {
            let [accuracy, f1] = [&row.accuracy, &row.macro_f1].map(networks::percent);
            format!("accuracy {accuracy}, macro F1 {f1}")
        };
        let networks = format!(
            "On {} photos that nothing was chosen by: float32 {}; INT8, trained {}. A linear classifier of \
             features that were not fitted has {}.",
            trained.photos,
            said(&float),
            said(&trained),
            said(&linear)
        );
        let mut all = vec![networks, ways::summary(self)];
        all.extend(alike::summary(self));
        all
    }
}

/// The whole report.
pub(super) fn report(told: &Told<'_>) -> Result<Report, StudyError> {
    let mut report = Report::new(format!(
        "{} on a folder of {} classes",
        told.config.network,
        told.labels().len()
    ));
    report.summary = told.summary();
    report.sections = vec![
        told.setting(),
        photos::section(told),
        alike::section(told)?,
        features::section(told),
        ways::section(told),
        networks::section(told),
        looks::section(told)?,
    ];
    Ok(report)
}

/// What a person calls a photo: its folder and its name.
fn name(photo: &Photo) -> String {
    let parts: Vec<_> =
        photo.path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

fn part_name(part: Option<Part>) -> &'static str {
    part.map_or("none", Part::name)
}
