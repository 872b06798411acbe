//! The commands and their arguments.

mod analyse;
mod args;
mod bench;
mod card;
mod crops;
mod data;
mod distil;
mod evaluate;
mod export;
mod import;
mod point;
mod post_training;
mod runtime;
mod status;
mod study;
mod tag;
mod thresholds;
mod timing;
mod train;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use tagsight_train::config::DEFAULTS;

/// Fits, exports, measures and runs Tagsight's models
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print every setting of a training run with its default and meaning (TOML)
    Config,
    Crops(crops::CropsArgs),
    Train(train::TrainArgs),
    Status(status::StatusArgs),
    #[command(alias = "teach")]
    Distil(distil::DistilArgs),
    Export(export::ExportArgs),
    Import(import::ImportArgs),
    Thresholds(thresholds::ThresholdsArgs),
    Evaluate(evaluate::EvaluateArgs),
    Point(point::PointArgs),
    Analyse(analyse::AnalyseArgs),
    Card(card::CardArgs),
    Tag(tag::TagArgs),
    Bench(bench::BenchArgs),
    Runtime(runtime::RuntimeArgs),
    Study(study::StudyArgs),
}

/// Parses the arguments and runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Config => {
            print!("{DEFAULTS}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Crops(args) => args.run(),
        Command::Train(args) => args.run(),
        Command::Status(args) => args.run(),
        Command::Distil(args) => args.run(),
        Command::Export(args) => args.run(),
        Command::Import(args) => args.run(),
        Command::Thresholds(args) => args.run(),
        Command::Evaluate(args) => args.run(),
        Command::Point(args) => args.run(),
        Command::Analyse(args) => args.run(),
        Command::Card(args) => args.run(),
        Command::Tag(args) => args.run(),
        Command::Bench(args) => args.run(),
        Command::Runtime(args) => args.run(),
        Command::Study(args) => args.run(),
    }
}
