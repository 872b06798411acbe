//! The commands: their arguments, and every word that people read.

mod exit;
mod find;
mod model;
mod reasons;
mod report;
mod stop;
mod tag;
mod watch;
mod why;

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use clap::{Parser, Subcommand, ValueEnum};
use tagsight_cli::settings::{self, Settings};
use tagsight_cli::sidecar;
use tagsight_cli::stores::Place;
use tagsight_core::Step;

use exit::Exit;
use model::ModelArgs;
use report::Format;

const EXIT_CODES: &str = "\
Exit codes:
  0    all went well (find: something was found)
  1    some photos could not be read or written; they are named, the others are done (find: nothing was found)
  2    wrong use, no model, or a folder that cannot be worked on
  130  interrupted; run it again and it goes on";

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
    Watch(watch::WatchArgs),
    Why(why::WhyArgs),
}

/// Parses the arguments and runs the command.
pub(crate) fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Tag(args) => args.run(),
        Command::Find(args) => args.run(),
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

/// Where tags go.
#[derive(Clone, Copy, ValueEnum)]
enum Write {
    /// Beside the photo: IMG.jpg.xmp. The photo stays as it is
    Sidecar,
    /// Into the photo, its picture untouched; into a sidecar where that would do harm. A sidecar that
    /// is there is kept up too
    Embed,
    /// Nowhere: only the report
    None,
}

/// What a new sidecar is called.
#[derive(Clone, Copy, ValueEnum)]
enum SidecarName {
    /// IMG.jpg.xmp: darktable, digiKam, Immich
    Full,
    /// IMG.xmp: Adobe's rule
    Stem,
}

/// How sure tags are.
#[derive(Clone, Copy, ValueEnum)]
enum Thresholds {
    /// Few tags, nine of ten meant to be right
    Sure,
    /// Four of five
    Balanced,
    /// Most of what is there, with more wrong ones
    More,
}

/// In which words.
#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Korean
    Ko,
    /// Both
    Both,
}

/// What tags a photo gets, and where.
#[derive(clap::Args)]
struct Tagging {
    /// Where tags go
    #[arg(long, value_name = "WHERE", default_value = "sidecar")]
    write: Write,
    /// What new sidecars are called; one that is there under the other name is used
    #[arg(long, value_name = "NAME", default_value = "full")]
    sidecar_name: SidecarName,
    /// How sure tags are to be
    #[arg(long, value_name = "STEP", default_value = "balanced")]
    thresholds: Thresholds,
    /// The language of tags, as they are written and shown
    #[arg(long, default_value = "en")]
    lang: Lang,
    /// Write the category as well: `animal|dog` where lists have paths, and `animal` where they have not
    #[arg(long)]
    add_parent: bool,
}

/// How the work is done and told.
#[derive(clap::Args)]
struct Working {
    /// The form of the report
    #[arg(long, default_value = "table")]
    format: Format,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    reading: Reading,
}

/// How photos are read, and where what is known of them is.
#[derive(clap::Args)]
struct Reading {
    /// How many photos at once [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Where what is known of photos is kept, instead of in .tagsight in the folder
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,
}

impl Reading {
    /// So many as asked for, or else as the machine has cores.
    fn jobs(&self) -> NonZero<usize> {
        let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        self.jobs.unwrap_or_else(cores)
    }

    fn place(&self) -> Place {
        self.index.clone().map_or(Place::Folders, Place::File)
    }
}

impl Tagging {
    fn settings(&self) -> Settings {
        Settings {
            write: match self.write {
                Write::Sidecar => settings::Write::Sidecar,
                Write::Embed => settings::Write::Embed,
                Write::None => settings::Write::None,
            },
            naming: match self.sidecar_name {
                SidecarName::Full => sidecar::Naming::Full,
                SidecarName::Stem => sidecar::Naming::Stem,
            },
            step: self.thresholds.step(),
            words: self.lang.words(),
            add_parent: self.add_parent,
        }
    }
}

impl Thresholds {
    fn step(self) -> Step {
        match self {
            Self::Sure => Step::Sure,
            Self::Balanced => Step::Balanced,
            Self::More => Step::More,
        }
    }
}

impl Lang {
    fn words(self) -> settings::Words {
        match self {
            Self::En => settings::Words::En,
            Self::Ko => settings::Words::Ko,
            Self::Both => settings::Words::Both,
        }
    }
}
