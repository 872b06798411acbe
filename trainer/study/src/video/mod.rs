//! A value of a video by a mean over its frames: as floats, as integers rounded after training, and as integers
//! trained, all of every convolution, on the same device.
//!
//! A network sees each frame by itself, and what it says is averaged: as the head is linear and comes last, that
//! is the mean of features over time.

mod config;
mod figures;
mod fits;
mod measured;

use std::num::NonZero;
use std::path::Path;

use tagsight_data::drawn::{HeartPlan, write_hearts};
use tagsight_data::{Answer, Columns, Dataset, Medium, Part, Partition};
use tagsight_report::Report;

pub use config::{Config, Drawn, Fit};

use crate::error::StudyError;
use crate::kept::{Kept, digest};
use crate::study::Study;

/// The folder of videos that are drawn.
const HEARTS: &str = "hearts";

/// The study of somebody's videos, or of hearts that it draws.
#[derive(Debug, Clone)]
pub struct Video(pub Option<Dataset>);

impl Study for Video {
    const NAME: &'static str = "video";
    const DEFAULTS: &'static str = include_str!("../../../configs/studies/video.toml");
    type Config = Config;

    fn check(config: &Config) -> Result<(), StudyError> {
        config.check()
    }

    fn miniature(config: &mut Config) {
        config.network = "resnet-1-1-1-1-w8".into();
        config.side = 32;
        config.calibration_images = 8;
        config.timed_runs = 2;
        config.drawn = Drawn { videos: [8, 4, 6], frames: 4, looked_at: 2, side: 40 };
        for fit in [&mut config.float, &mut config.qat] {
            (fit.epochs, fit.batch_size) = (1, 4);
        }
    }

    fn report(
        &self,
        config: &Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Report, StudyError> {
        let dataset = match &self.0 {
            Some(dataset) => dataset.clone(),
            None => hearts(config, folder)?,
        };
        let test = dataset.filter(|video| video.part == Some(Part::Test));
        if test.photos.len() < 2 {
            let (purpose, found) = ("of the part test to measure on", test.photos.len());
            return Err(StudyError::Photos { purpose, found, least: 2 });
        }
        let contents = |video: &tagsight_data::Photo| (video.id, video.content);
        let contents: Vec<_> = dataset.photos.iter().map(contents).collect();
        let source = digest(&(config, dataset.subject.medium.pictures(), contents));
        let measured = kept.get_or("networks", &source, || {
            let (networks, rounded) = fits::networks(config, &dataset, folder)?;
            measured::all(config, &networks, &rounded, &dataset, &test)
        })?;
        Ok(figures::report(config, &dataset, &test, &measured))
    }
}

/// Draws the videos; those that are there from an earlier run are the same.
fn hearts(config: &Config, folder: &Path) -> Result<Dataset, StudyError> {
    let Drawn { videos, frames, looked_at, side } = config.drawn;
    let folder = folder.join(HEARTS);
    let plan = HeartPlan { frames, side, ..HeartPlan::default() };
    write_hearts(&folder, &plan, videos, config.seed).map_err(StudyError::drawn(&folder))?;
    let columns = Columns {
        file: "FileName".into(),
        answer: Answer::Values(vec!["EF=%".parse().expect("a column and its unit")]),
        part: Some("Split".into()),
    };
    let table = folder.join("FileList.csv");
    let read = Dataset::read_table(&table, &folder, &columns, &Partition::default());
    let mut dataset = read.map_err(StudyError::drawn(&folder))?;
    let frames = NonZero::new(looked_at).expect("settings are checked");
    dataset.subject.name = "hearts that the study draws, and their ejection fractions".into();
    dataset.subject.medium = Medium::Videos { frames };
    Ok(dataset)
}
