//! Photos that look alike.

use tagsight_data::Photo;
use tagsight_report::{Block, Cell, Column, Picture, Section, Table};

use super::super::alike::{self, Alike};
use super::told::{LONGEST, Told, name, part_name};
use crate::error::StudyError;
use crate::features::class;
use crate::thumbnail::of_file;

/// Pairs that the table has.
const LISTED: usize = 200;
/// Pairs that are shown.
const SHOWN: usize = 6;

/// A pair, and why it matters.
struct Pair<'a> {
    photos: [&'a Photo; 2],
    distance: u32,
    /// One is measured on, the other is not.
    is_leak: bool,
    /// They are said to be of different classes.
    is_doubtful: bool,
}

/// Those that matter first.
fn pairs<'a>(told: &'a Told<'_>) -> Vec<Pair<'a>> {
    let seen = told.seen();
    let of = |Alike { photos, distance }: Alike| {
        let photos = photos.map(|at| seen[at].0);
        let [one, other] = photos.map(class);
        Pair { photos, distance, is_leak: alike::is_leak(photos), is_doubtful: one != other }
    };
    let mut pairs: Vec<Pair> = alike::pairs(&seen, told.config.near).into_iter().map(of).collect();
    pairs.sort_by_key(|pair| (!pair.is_leak, !pair.is_doubtful, pair.distance));
    pairs
}

pub(super) fn summary(told: &Told<'_>) -> Option<String> {
    let pairs = pairs(told);
    let leaks = pairs.iter().filter(|pair| pair.is_leak).count();
    let doubtful = pairs.iter().filter(|pair| pair.is_doubtful).count();
    (leaks + doubtful > 0).then(|| {
        format!(
            "Of {} pairs of photos that look alike, {leaks} have one photo that is measured on and one that is \
             not, which flatters figures, and {doubtful} are said to be of different classes.",
            pairs.len()
        )
    })
}

pub(super) fn section(told: &Told<'_>) -> Result<Section, StudyError> {
    let pairs = pairs(told);
    let near = told.config.near;
    let mut said = format!(
        "{} pairs of photos have the same file, or hashes (dHash) that differ in at most {near} of 64 bits.",
        pairs.len()
    );
    if pairs.len() > LISTED {
        said.push_str(&format!(" The {LISTED} that matter most are listed."));
    }
    let mut blocks = vec![Block::Paragraph(said)];
    if !pairs.is_empty() {
        blocks.push(Block::Table(table(told, &pairs)));
        let shown = pairs.iter().filter(|pair| pair.is_leak || pair.is_doubtful).take(SHOWN);
        let pictures: Vec<Picture> =
            shown.flat_map(|pair| pictures(told, pair)).collect::<Result<_, _>>()?;
        if !pictures.is_empty() {
            blocks.push(Block::Pictures(pictures));
        }
    }
    Ok(Section { title: "Photos that look alike".into(), blocks })
}

fn table(told: &Told<'_>, pairs: &[Pair]) -> Table {
    let mut columns: Vec<Column> =
        ["one", "its part", "its class", "other", "its part", "its class"].map(Column::text).into();
    columns.extend([Column::number("bits that differ", "", 0), Column::text("what it does")]);
    let mut table = Table::new("alike", "Pairs of photos that look alike", columns);
    for pair in pairs.iter().take(LISTED) {
        let half = |photo: &Photo| {
            let label = &told.labels()[class(photo)];
            [name(photo), part_name(photo.part).to_owned(), label.clone()].map(Cell::text)
        };
        let mut row: Vec<Cell> = pair.photos.iter().flat_map(|photo| half(photo)).collect();
        row.extend([Cell::number(f64::from(pair.distance)), Cell::text(effect(pair))]);
        table.rows.push(row);
    }
    table
}

fn effect(pair: &Pair) -> &'static str {
    match (pair.is_leak, pair.is_doubtful) {
        (true, true) => "leaks into the test; one class is wrong, or both are right",
        (true, false) => "leaks into the test",
        (false, true) => "one class is wrong, or both are right",
        (false, false) => "counts twice",
    }
}

fn pictures(told: &Told<'_>, pair: &Pair) -> [Result<Picture, StudyError>; 2] {
    pair.photos.map(|photo| {
        let label = &told.labels()[class(photo)];
        let described = format!("{}, said to be {label}", name(photo));
        let mut picture = of_file(&photo.path, LONGEST, described)?.picture;
        let part = part_name(photo.part);
        picture.caption = format!("{}: {label}, {part}; {}", name(photo), effect(pair));
        Ok(picture)
    })
}
