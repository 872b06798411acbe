//! The study's report.

mod alike;
mod features;
mod looks;
mod networks;
mod photos;
mod told;
mod ways;

use tagsight_report::{Block, Report, Section, Table};

pub(super) use self::told::Told;

use super::measured::Kind;
use crate::error::StudyError;

/// The whole report.
pub(super) fn report(told: &Told<'_>) -> Result<Report, StudyError> {
    let mut report = Report::new(format!(
        "{} on a folder of {} classes",
        told.config.network,
        told.labels().len()
    ));
    report.summary = summary(told);
    report.sections = vec![
        setting(told),
        photos::section(told),
        alike::section(told)?,
        features::section(told),
        ways::section(told),
        networks::section(told),
        looks::section(told)?,
    ];
    Ok(report)
}

/// The table that says what was measured, and how.
fn setting(told: &Told<'_>) -> Section {
    let Told { config, dataset, .. } = told;
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
        ("epochs of float, of integers", format!("{}, {}", config.float.epochs, config.qat.epochs)),
        ("trainings of each way", config.seeds.to_string()),
        ("images to calibrate on", config.calibration_images.to_string()),
        ("seed", config.seed.to_string()),
    ];
    let table = Table::facts("setting", "What was studied", facts);
    Section { title: "What was studied".into(), blocks: vec![Block::Table(table)] }
}

fn summary(told: &Told<'_>) -> Vec<String> {
    let compared = |kind| networks::Row::of(told, kind);
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
    let mut all = vec![networks, ways::summary(told)];
    all.extend(alike::summary(told));
    all
}
