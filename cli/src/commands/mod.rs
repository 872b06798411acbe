//! The commands: their arguments, and every word that people read.

mod args;
mod duplicates;
mod exit;
mod find;
mod model;
mod reasons;
mod report;
mod stop;
mod tag;
mod watch;
mod why;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use args::EXIT_CODES;
use exit::Exit;

/// Tags photos with the 80 labels of COCO, on this machine, and finds them again
///
/// Nothing leaves the machine. Tags go into sidecars (IMG.jpg.xmp) or into the photos, where digiKam,
/// Lightroom, darktable, Immich and others read them, beside the keywords that are there.
#[derive(Parser)]
#[command(version, name = "tagsight", after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Tag(tag::TagArgs),
    Find(find::FindArgs),
    Duplicates(duplicates::DuplicatesArgs),
    Watch(watch::WatchArgs),
    Why(why::WhyArgs),
}

/// Parses the arguments and runs the command.
pub(crate) fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Tag(args) => args.run(),
        Command::Find(args) => args.run(),
        Command::Duplicates(args) => args.run(),
        Command::Watch(args) => args.run(),
        Command::Why(args) => args.run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_closed_pipe(&error) => Exit::Interrupted.into(),
        Err(error) => {
            eprintln!("tagsight: {error:#}");
            Exit::Unusable.into()
        }
    }
}
