//! The commands and their arguments.

mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use tagsight_core::Architecture;
use tagsight_trainer::data::{self, Dataset};

/// Fits, exports, measures and runs Tagsight's models.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Train(train::TrainArgs),
}

/// Parses the arguments and runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Train(args) => args.run(),
    }
}

/// Photos and what is on them.
#[derive(Args)]
struct DataArgs {
    /// Folder of the photos [default: $TAGSIGHT_DATA/coco/SPLIT]
    #[arg(long)]
    images: Option<PathBuf>,
    /// COCO's instances_*.json [default: $TAGSIGHT_DATA/coco/annotations/instances_SPLIT.json]
    #[arg(long)]
    annotations: Option<PathBuf>,
}

impl DataArgs {
    fn dataset(&self, split: &str) -> Result<Dataset> {
        let coco = data::data_dir().join("coco");
        let images = self.images.clone().unwrap_or_else(|| coco.join(split));
        let annotations = self.annotations.clone().unwrap_or_else(|| {
            coco.join("annotations").join(format!("instances_{split}.json"))
        });
        Ok(Dataset::read(&annotations, &images)?)
    }
}

/// Parses an architecture's name.
fn architecture(name: &str) -> Result<Architecture, String> {
    Architecture::from_name(name).ok_or_else(|| {
        let known = Architecture::ALL.map(Architecture::name).join(", ");
        format!("unknown model; there are {known}")
    })
}
