//! `tagsight duplicates`.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;
use tagsight_cli::duplicates::{self, ALIKE, Likeness, Member, Search};
use tagsight_cli::stores::Stores;
use tagsight_cli::survey::Gaps;

use super::args::{EXIT_CODES, Reading};
use super::exit::Exit;
use super::{reasons, stop};

const EXAMPLES: &str = "\
Examples:
  tagsight duplicates Pictures
  tagsight duplicates --distance 0 Pictures        only what looks the same to the last of 64 bits
  tagsight duplicates --format json Pictures Old   a JSON object a group

Photos are the same where their coded pictures are, whatever their names and metadata. They look alike where
64 bits of what the model sees hardly differ: other sizes, other quality, small changes, or the next photo of a
series. Nothing is done to them; look before you delete.";

/// Find photos that are there more than once; no model is needed
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(super) struct DuplicatesArgs {
    /// Folders, with all that is in them, and photos
    #[arg(required = true)]
    places: Vec<PathBuf>,
    /// How many of 64 bits may differ in photos that look alike
    #[arg(long, value_name = "BITS", default_value_t = ALIKE, value_parser = clap::value_parser!(u32).range(0..=16))]
    distance: u32,
    /// The form of what is printed
    #[arg(long, default_value = "table")]
    format: Format,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line a photo, groups apart
    Table,
    /// A JSON object a group: photos, each with its size, whether it is the first's picture, and otherwise its
    /// distance from the nearest
    Json,
}

#[derive(Serialize)]
struct Group<'a> {
    photos: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    photo: Cow<'a, str>,
    bytes: u64,
    same: bool,
    distance: u32,
}

impl DuplicatesArgs {
    pub(super) fn run(&self) -> Result<Exit> {
        let stop = stop::flag()?;
        let Self { places, distance, reading, .. } = self;
        let search = Search { places: places.clone(), distance: *distance, jobs: reading.jobs() };
        let mut stores = Stores::new(reading.place());
        let findings = duplicates::duplicates(&search, &mut stores, stop);
        let findings = findings.map_err(|error| reasons::unusable(error.into()))?;
        reasons::tell(&findings.gaps);
        if !places.iter().all(|place| place.exists()) {
            return Ok(Exit::Unusable);
        }
        let mut output = BufWriter::new(io::stdout().lock());
        for (number, group) in findings.groups.iter().enumerate() {
            match self.format {
                Format::Table => table(&mut output, number, group)?,
                Format::Json => json(&mut output, group)?,
            }
        }
        output.flush()?;
        let Gaps { unread, unseen } = &findings.gaps;
        Ok(match unread.is_empty() && unseen.is_empty() {
            _ if stop.load(Ordering::Relaxed) => Exit::Interrupted,
            true => Exit::Fine,
            false => Exit::Partly,
        })
    }
}

fn table(output: &mut impl Write, number: usize, group: &[Member]) -> io::Result<()> {
    if number > 0 {
        writeln!(output)?;
    }
    for (place, member) in group.iter().enumerate() {
        let why = match member.likeness {
            _ if place == 0 => String::new(),
            Likeness::Same => "  the same picture: ".into(),
            Likeness::Alike(bits) => format!("  alike ({bits} of 64 bits differ): "),
        };
        writeln!(output, "{why}{}", member.path.display())?;
    }
    Ok(())
}

fn json(output: &mut impl Write, group: &[Member]) -> Result<()> {
    let photos = group.iter().map(line).collect();
    writeln!(output, "{}", serde_json::to_string(&Group { photos })?)?;
    Ok(())
}

fn line(member: &Member) -> Line<'_> {
    let Member { path, size, likeness } = member;
    let (same, distance) = match likeness {
        Likeness::Same => (true, 0),
        Likeness::Alike(bits) => (false, *bits),
    };
    Line { photo: path.to_string_lossy(), bytes: *size, same, distance }
}
