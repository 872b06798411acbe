//! How well a network survives fewer bits: bits of weights × bits of activations × what shares a scale ×
//! what is calibrated on × how it is rounded, each cell measured; on top the cheapest setting within a
//! given loss, and bits by layer under a budget.
//!
//! Cells that an engine runs are measured on it, as the very artifact that is exported; others are
//! simulated on floats, and say why they run nowhere.

mod bench;
mod bytes;
mod config;
mod control;
mod engines;
mod figures;
mod knapsack;
mod mixed;
mod plots;
mod row;
mod setting;
mod trained;
mod way;

use std::path::Path;

use tagsight_data::progress;
use tagsight_report::Report;

pub use config::{AccuracyControl, Config, FLOAT_BITS, MixedPrecision, Qat};
pub use setting::Setting;
pub use way::{Calibration, Method, Sharing};

use self::bench::Bench;
use self::row::Row;
use crate::error::StudyError;
use crate::kept::Kept;
use crate::study::Study;
use crate::subject::Subject;

/// The folder of training runs.
const RUNS: &str = "runs";

/// The study of a network.
#[derive(Debug, Clone)]
pub struct Matrix(pub Subject);

impl Study for Matrix {
    const NAME: &'static str = "matrix";
    const DEFAULTS: &'static str = include_str!("../../../configs/studies/matrix.toml");
    type Config = Config;

    fn check(config: &Config) -> Result<(), StudyError> {
        config.check()
    }

    fn miniature(config: &mut Config) {
        config.weights = vec![3, 8, FLOAT_BITS];
        config.activations = vec![7];
        // Rounding is learned for the bits by layer alone.
        config.methods.retain(|method| *method != Method::Adaround);
        config.calibration_images = 8;
        config.adaround_steps = 5;
        config.timed_runs = 2;
        config.mixed_precision.images = 8;
        config.mixed_precision.budgets = vec![0.7];
        config.qat.photos = 0;
        config.qat.epochs = 1;
        config.qat.batch_size = 8;
        // Activations of random weights are so small that larger steps of biases would be out of range.
        config.qat.learning_rate = 1e-6;
    }

    fn report(
        &self,
        config: &Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Report, StudyError> {
        let Self(subject) = self;
        let bench = Bench::new(subject, config)?;
        let mut rows = cells(&bench, subject, kept, folder)?;
        let (sensitivities, mixed) = if config.mixed_precision.budgets.is_empty() {
            Default::default()
        } else {
            let sensitivities = mixed::sensitivities(&bench, kept)?;
            let mixed = mixed::under_budgets(&bench, &sensitivities, kept, folder)?;
            (sensitivities, mixed)
        };
        rows.extend(mixed.iter().filter_map(Row::of_mixed));
        let found = figures::Found {
            subject,
            bench: &bench,
            rows: &rows,
            sensitivities: &sensitivities,
            mixed: &mixed,
            engines: engines::all(&bench)?,
        };
        Ok(found.report())
    }
}

/// All cells, each measured or taken from an earlier run.
fn cells(
    bench: &Bench<'_>,
    subject: &Subject,
    kept: &mut Kept,
    folder: &Path,
) -> Result<Vec<Row>, StudyError> {
    let settings = Setting::all(bench.config);
    let bar = progress::bar(settings.len(), "cells");
    let mut rows = Vec::new();
    for setting in settings {
        bar.set_message(setting.name());
        let config = bench.config;
        let (steps, images) = (config.adaround_steps, config.calibration_images);
        let is_trained = setting.method == Method::Qat;
        let digest = if is_trained {
            bench.digest(&(setting, &config.qat))
        } else {
            bench.digest(&(setting, (setting.method == Method::Adaround).then_some(steps), images))
        };
        let measured = kept.get_or(&setting.name(), &digest, || {
            if is_trained {
                trained::measure(bench, subject, &setting, &folder.join(RUNS))
            } else {
                bench.measure(&setting)
            }
        })?;
        rows.push(Row::of_cell(&setting, measured));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}
