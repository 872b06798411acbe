//! Arguments that commands have in common, and what they stand for.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use clap::ValueEnum;
use tagsight_cli::settings::{self, Settings};
use tagsight_cli::sidecar;
use tagsight_cli::stores::Place;
use tagsight_core::Step;

use super::model::ModelArgs;
use super::report::Format;

/// How commands end, for scripts.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0    all went well (find: something was found)
  1    some photos could not be read or written; they are named, the others are done (find: nothing was found)
  2    wrong use, no model, or a folder that cannot be worked on
  130  interrupted; run it again and it goes on";

/// Where tags go.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Write {
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
pub(super) enum SidecarName {
    /// IMG.jpg.xmp: darktable, digiKam, Immich
    Full,
    /// IMG.xmp: Adobe's rule
    Stem,
}

/// How sure tags are.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Thresholds {
    /// Few tags, nine of ten meant to be right
    Sure,
    /// Four of five
    Balanced,
    /// Most of what is there, with more wrong ones
    More,
}

/// In which words.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Lang {
    /// English
    En,
    /// Korean
    Ko,
    /// Both
    Both,
}

/// What tags a photo gets, and where.
#[derive(clap::Args)]
pub(super) struct Tagging {
    /// Where tags go
    #[arg(long, value_name = "WHERE", default_value = "sidecar")]
    pub(super) write: Write,
    /// What new sidecars are called; one that is there under the other name is used
    #[arg(long, value_name = "NAME", default_value = "full")]
    pub(super) sidecar_name: SidecarName,
    /// How sure tags are to be
    #[arg(long, value_name = "STEP", default_value = "balanced")]
    pub(super) thresholds: Thresholds,
    /// The language of tags, as they are written and shown
    #[arg(long, default_value = "en")]
    pub(super) lang: Lang,
    /// Write the category as well: `animal|dog` where lists have paths, and `animal` where they have not
    #[arg(long)]
    pub(super) add_parent: bool,
}

/// How the work is done and told.
#[derive(clap::Args)]
pub(super) struct Working {
    /// The form of the report
    #[arg(long, default_value = "table")]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) model: ModelArgs,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// How photos are read, and where what is known of them is.
#[derive(clap::Args)]
pub(super) struct Reading {
    /// How many photos at once [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZero<usize>>,
    /// Where what is known of photos is kept, instead of in .tagsight in the folder
    #[arg(long, value_name = "FILE")]
    pub(super) index: Option<PathBuf>,
}

impl Reading {
    /// So many as asked for, or else as the machine has cores.
    pub(super) fn jobs(&self) -> NonZero<usize> {
        let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        self.jobs.unwrap_or_else(cores)
    }

    pub(super) fn place(&self) -> Place {
        self.index.clone().map_or(Place::Folders, Place::File)
    }
}

impl Tagging {
    pub(super) fn settings(&self) -> Settings {
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
    pub(super) fn step(self) -> Step {
        match self {
            Self::Sure => Step::Sure,
            Self::Balanced => Step::Balanced,
            Self::More => Step::More,
        }
    }
}

impl Lang {
    pub(super) fn words(self) -> settings::Words {
        match self {
            Self::En => settings::Words::En,
            Self::Ko => settings::Words::Ko,
            Self::Both => settings::Words::Both,
        }
    }
}
