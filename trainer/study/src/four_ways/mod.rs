//! One classifier four ways: own floats, own integers, ONNX floats and ONNX integers, in every runtime that is
//! here, on the same photos and the same device.

mod config;
mod figures;
mod files;
mod measured;
mod pictures;
mod way;

use std::fs;
use std::path::{Path, PathBuf};

use tagsight_core::Goal;
use tagsight_data::{Dataset, Part, Partition};
use tagsight_report::Report;

pub use config::{Boxes, Config};

use self::figures::Told;
use self::files::Calibration;
use self::measured::{Cell, Questions};
use self::way::Way;
use crate::boxes::{BoxedPhotos, crops_folder};
use crate::error::StudyError;
use crate::fit::fit;
use crate::kept::{Kept, digest};
use crate::networks::{Networks, calibration_images};
use crate::runtimes::{Asked, Runtime, write_pixels};
use crate::study::Study;
use crate::subject::Photos;
use crate::transfer::beginning;

/// Fewer photos to measure on say nothing.
const LEAST: usize = 2;

/// Photos of which a classifier is made.
#[derive(Debug, Clone)]
pub enum Source {
    /// Photos by class.
    Folder(Dataset),
    /// What is in boxes on photos.
    Boxes(BoxedPhotos),
    /// Pills that the study draws.
    Drawn,
}

/// The study.
#[derive(Debug, Clone)]
pub struct FourWays {
    /// Of what.
    pub source: Source,
    /// This program, which runs its own networks as others' programs run theirs.
    pub own: PathBuf,
    /// Others' runtimes.
    pub runtimes: Vec<Runtime>,
    /// The program of onnxruntime's quantiser: `static|dynamic MODEL PIXELS PHOTOS OUT`.
    pub quantiser: Option<PathBuf>,
}

impl Study for FourWays {
    const NAME: &'static str = "four-ways";
    const DEFAULTS: &'static str = include_str!("../../../configs/studies/four-ways.toml");
    type Config = Config;

    fn check(config: &Config) -> Result<(), StudyError> {
        config.check()
    }

    fn miniature(config: &mut Config) {
        config.network = "resnet-1-1-1-1-w8".into();
        config.initial_weights = String::new();
        config.side = 32;
        config.calibration_images = 8;
        (config.rounds, config.timed_runs) = (1, 2);
        config.pictures = 4;
        config.boxes.drawn = 40;
        config.augment.views = 2;
        for fit in [&mut config.float, &mut config.qat] {
            (fit.epochs, fit.batch_size, fit.train_from) = (2, 8, String::new());
            fit.learning_rate = 4e-3;
        }
    }

    fn report(
        &self,
        config: &Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Report, StudyError> {
        let dataset = self.dataset(config, kept, folder)?;
        let test = dataset.filter(|photo| photo.part == Some(Part::Test));
        let purpose = "of the part test to measure on";
        let photos = Photos::first(&test, config.side, config.photos, purpose, LEAST)?;
        let kinds = dataset
            .photos
            .iter()
            .map(|photo| (photo.id, photo.content, photo.part.map(Part::name)));
        let kinds: Vec<_> = kinds.collect();
        let programs: Vec<&str> =
            self.runtimes.iter().map(|runtime| runtime.name.as_str()).collect();
        let source = digest(&(config, kinds, programs, self.quantiser.is_some()));
        let cells =
            kept.get_or("cells", &source, || self.cells(config, &dataset, &photos, folder))?;
        let labels = &dataset.subject.labels;
        let mut report =
            figures::report(&Told { config, dataset: &dataset, photos: &photos, cells: &cells });
        if let Source::Folder(_) = self.source {
            return Ok(report);
        }
        let said = measured::answers(&cells, labels.len());
        report.sections.push(pictures::section(
            config,
            &crops_folder(folder),
            &test,
            &photos,
            labels,
            &said,
        )?);
        Ok(report)
    }
}

impl FourWays {
    fn dataset(
        &self,
        config: &Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Dataset, StudyError> {
        let partition = Partition { seed: config.seed, ..Partition::default() };
        let plan = config.crop_plan();
        match &self.source {
            Source::Folder(dataset) if dataset.subject.task == Goal::SingleLabel => {
                Ok(dataset.clone())
            }
            Source::Folder(_) => Err(StudyError::Subject),
            Source::Boxes(photos) => photos.crops(&plan, &partition, kept, folder),
            Source::Drawn => {
                let photos = config.boxes.drawn;
                BoxedPhotos::drawn_crops(photos, &plan, &partition, kept, folder)
            }
        }
    }

    /// Fits the networks, writes their files, and has them run.
    fn cells(
        &self,
        config: &Config,
        dataset: &Dataset,
        photos: &Photos,
        folder: &Path,
    ) -> Result<Vec<Cell>, StudyError> {
        let architecture = config.architecture().expect("settings are checked");
        let runs = folder.join("runs");
        let from = |weights: &str| config.training(&config.float, weights);
        let begin = beginning(architecture, &from(&config.initial_weights), dataset, &runs)?;
        let begin = begin.to_str().ok_or_else(|| StudyError::Name(begin.clone()))?;
        let float = fit(architecture, &from(begin), dataset, None, &runs.join("float"))?;
        let qat = config.training(&config.qat, begin);
        let networks = Networks::of(&float, &qat, dataset, &runs.join("qat"))?;
        let files = folder.join("files");
        fs::create_dir_all(&files).map_err(StudyError::io(&files))?;
        let calibration = calibration_images(dataset, &qat, config.calibration_images)?;
        let pixels =
            ["photos", "first", "calibration"].map(|name| files.join(format!("{name}.f32")));
        let [all, first, calibrated] = &pixels;
        write_pixels(all, &photos.images)?;
        write_pixels(first, &photos.images[..1])?;
        write_pixels(calibrated, &calibration)?;
        let calibration = Calibration { pixels: calibrated, photos: calibration.len() };
        let files =
            files::write(&float, &networks, self.quantiser.as_deref(), calibration, &files)?;
        let asked = |pixels, photos, runs| Asked { pixels, photos, runs, threads: config.threads };
        let questions = Questions {
            all: asked(all, photos.images.len(), 0),
            one: asked(first, 1, config.timed_runs),
            rounds: config.rounds,
        };
        let cells = measured::all(&files, &self.own(), &self.runtimes, &questions);
        for pixels in &pixels {
            fs::remove_file(pixels).map_err(StudyError::io(pixels))?;
        }
        Ok(cells)
    }

    /// This program's engines.
    fn own(&self) -> [(Way, Runtime); 3] {
        let runtime = |name: &str, further: &[&str]| Runtime {
            name: name.to_owned(),
            program: self.own.clone(),
            arguments: ["runtime"].iter().chain(further).map(|&word| word.to_owned()).collect(),
        };
        [
            (Way::OwnFloat, runtime("Tagsight, processor", &[])),
            (Way::OwnIntegers, runtime("Tagsight, processor", &[])),
            (Way::OwnIntegers, runtime("Tagsight, WebGPU", &["--backend", "webgpu"])),
        ]
    }
}
