//! `trainer study`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use tagsight_core::Goal;
use tagsight_data::{self as data, Dataset, Medium, Partition};
use tagsight_study::folder::Folder;
use tagsight_study::four_ways::{FourWays, Source};
use tagsight_study::matrix::Matrix;
use tagsight_study::video::Video;
use tagsight_study::{BoxedPhotos, Length, Runtime, Study, Subject};

use super::data::{CocoArgs, DataArgs, Purpose};

/// Make a whole comparison, which ends in a report (HTML, JSON, CSV)
#[derive(Args)]
pub(super) struct StudyArgs {
    #[command(subcommand)]
    study: StudyName,
}

#[derive(Subcommand)]
enum StudyName {
    Folder(FolderArgs),
    FourWays(FourWaysArgs),
    Matrix(MatrixArgs),
    Video(VideoArgs),
}

/// A folder of photos by class: looked at, learnt from a few ways, and as integers
///
/// Says what there is (counts, sizes, photos that look alike, features in groups), fits a network to it with and
/// without more of rare classes, rounds and trains its integers, and shows where networks look. Leaves
/// report.html, report.json and a CSV file a table in --out. Without --folder the study draws pills. One that was
/// interrupted goes on from what is kept in --out.
#[derive(Args)]
struct FolderArgs {
    #[command(flatten)]
    how: HowArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// One classifier as own floats, own integers, ONNX floats and ONNX integers, in every runtime that is here
///
/// Learns what is in boxes on photos, or photos by class, and leaves report.html, report.json and a CSV file a
/// table in --out, and the networks' files. Without photos the study draws pills. One that was interrupted goes on
/// from what is kept in --out.
#[derive(Args)]
struct FourWaysArgs {
    #[command(flatten)]
    how: HowArgs,
    /// Folder of photos with boxes
    #[arg(long, requires = "annotations", conflicts_with = "folder")]
    images: Option<PathBuf>,
    /// COCO's instances_*.json with boxes; or a folder of such files, one a photo
    #[arg(long, requires = "images")]
    annotations: Option<PathBuf>,
    /// Folder with a folder of photos a class, instead of boxes
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Folder of programs that run ONNX, as cargo xtask runtimes makes it
    #[arg(long)]
    runtimes: Option<PathBuf>,
}

/// How well a network survives fewer bits of weights and activations, and what is cheapest within a loss
///
/// Leaves report.html, report.json and a CSV file a table in --out, and the artifacts with bits by layer in
/// folders of their own. A study that was interrupted goes on from what is kept in --out.
#[derive(Args)]
#[group(id = "network", args = ["checkpoint", "artifact", "quick"])]
struct MatrixArgs {
    #[command(flatten)]
    how: HowArgs,
    /// A float checkpoint
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Folder of an artifact, in place of a float checkpoint: what its integers stand for is studied
    #[arg(long)]
    artifact: Option<PathBuf>,
    #[command(flatten)]
    photos: PhotosArgs,
}

/// A value of a video, as floats, as integers rounded after training and as integers trained
///
/// Leaves report.html, report.json and a CSV file a table in --out. Without --table the study draws hearts, whose
/// ejection fraction it knows. A study that was interrupted goes on from what is kept in --out.
#[derive(Args)]
struct VideoArgs {
    #[command(flatten)]
    how: HowArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// What every study is asked.
#[derive(Args)]
struct HowArgs {
    /// Settings (TOML) that differ from the defaults, which --settings prints
    #[arg(long)]
    config: Option<PathBuf>,
    /// Print every setting with its default and meaning
    #[arg(long)]
    settings: bool,
    /// Folder for the report and all that is kept
    #[arg(long, required_unless_present = "settings")]
    out: Option<PathBuf>,
    /// In miniature: a small random network on pictures that the study draws; needs no data
    #[arg(long)]
    quick: bool,
}

/// Photos to learn from, and others to measure on.
#[derive(Args)]
struct PhotosArgs {
    /// Folder of the photos [default: those of COCO in $TAGSIGHT_DATA]
    #[arg(long, requires = "annotations")]
    images: Option<PathBuf>,
    /// COCO's instances_*.json; a part of the photos is held out to measure on
    #[arg(long, requires = "images")]
    annotations: Option<PathBuf>,
}

/// The program of onnxruntime's quantiser in a folder of runtimes.
const QUANTISER: &str = "quantise-onnxruntime";

/// Part of a person's own photos that is measured on.
const HELD_OUT: f64 = 0.3;

impl StudyArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        match &self.study {
            StudyName::Folder(args) => args.run(),
            StudyName::FourWays(args) => args.run(),
            StudyName::Matrix(args) => args.run(),
            StudyName::Video(args) => args.run(),
        }
    }
}

impl MatrixArgs {
    fn run(&self) -> Result<ExitCode> {
        self.how.run(|folder| Ok(Matrix(self.subject(folder)?)))
    }

    fn subject(&self, folder: &Path) -> Result<Subject> {
        if self.how.quick {
            return Ok(Subject::miniature(folder)?);
        }
        let [fitted, measured] = self.photos.read()?;
        if let Some(path) = &self.checkpoint {
            return Ok(Subject::of_checkpoint(path, fitted, measured)?);
        }
        let artifact = self.artifact.as_ref();
        ensure!(artifact.is_some(), "name a network: --checkpoint, --artifact or --quick");
        let artifact = super::args::read_artifact(artifact.expect("just checked"))?;
        Ok(Subject::of_artifact(&artifact, fitted, measured)?)
    }
}

impl FolderArgs {
    fn run(&self) -> Result<ExitCode> {
        let photos = self.data.of_parts()?.map(|(_, dataset)| dataset);
        let is_of_classes = |dataset: &Dataset| {
            dataset.subject.task == Goal::SingleLabel && dataset.subject.medium == Medium::Photos
        };
        ensure!(
            photos.as_ref().is_none_or(is_of_classes),
            "the study is of photos by class: give --folder, or --table and --label-column"
        );
        self.how.run(|_| Ok(Folder(photos)))
    }
}

impl FourWaysArgs {
    fn run(&self) -> Result<ExitCode> {
        let own = std::env::current_exe().context("cannot find this program")?;
        let runtimes = self.runtimes.as_deref().map(Runtime::of_folder).transpose()?;
        let quantiser = self.runtimes.as_deref().map(|folder| folder.join(QUANTISER));
        let study = FourWays {
            source: self.source()?,
            own,
            runtimes: runtimes.unwrap_or_default(),
            quantiser: quantiser.filter(|program| program.is_file()),
        };
        self.how.run(|_| Ok(study))
    }

    fn source(&self) -> Result<Source> {
        if let Some(folder) = &self.folder {
            return Ok(Source::Folder(Dataset::read_folder(folder, &Partition::default())?));
        }
        let boxes = self.images.clone().zip(self.annotations.clone());
        let boxes = boxes.map(|(images, annotations)| BoxedPhotos { images, annotations });
        Ok(boxes.map_or(Source::Drawn, Source::Boxes))
    }
}

impl VideoArgs {
    fn run(&self) -> Result<ExitCode> {
        let videos = self.data.of_parts()?.map(|(_, dataset)| dataset);
        let is_of_values = |dataset: &Dataset| {
            matches!(dataset.subject.task, Goal::Regression { .. })
                && dataset.subject.medium != Medium::Photos
        };
        ensure!(
            videos.as_ref().is_none_or(is_of_values),
            "the study is of values of videos: give --table, --value-column and --frames"
        );
        self.how.run(|_| Ok(Video(videos)))
    }
}

impl HowArgs {
    /// Makes the study of what `of` makes of the folder.
    fn run<S: Study>(&self, of: impl FnOnce(&Path) -> Result<S>) -> Result<ExitCode> {
        let Some(out) = self.out.as_ref().filter(|_| !self.settings) else {
            print!("{}", S::DEFAULTS);
            return Ok(ExitCode::SUCCESS);
        };
        let settings = match &self.config {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?,
            None => String::new(),
        };
        std::fs::create_dir_all(out)
            .with_context(|| format!("cannot make the folder {}", out.display()))?;
        let length = if self.quick { Length::Miniature } else { Length::Full };
        let done = tagsight_study::run(&of(out)?, &settings, length, out)?;
        for paragraph in &done.report.summary {
            println!("{paragraph}");
        }
        let (report, reused, made) = (out.join("report.html"), done.reused, done.made);
        println!("{} ({made} results made, {reused} taken from before)", report.display());
        Ok(ExitCode::SUCCESS)
    }
}

impl PhotosArgs {
    /// Those to learn from, and those to measure on.
    fn read(&self) -> Result<[Dataset; 2]> {
        let (images, annotations) = (self.images.clone(), self.annotations.clone());
        let coco = CocoArgs { images, annotations };
        let fitted = coco.dataset(Purpose::Fit)?;
        if self.annotations.is_none() {
            return Ok([fitted, coco.dataset(Purpose::Measure)?]);
        }
        let split = data::split_off(&fitted, HELD_OUT, 0);
        Ok([split.fitted, split.validation])
    }
}
