//! How many photos there are of what, and how large.

use std::collections::BTreeMap;

use tagsight_data::Part;
use tagsight_report::{Axis, Block, Cell, Column, Drawing, Kind, Plot, Section, Table};

use super::told::Told;
use crate::features::class;

/// Bins of the histogram.
const BINS: usize = 24;

pub(super) fn section(told: &Told<'_>) -> Section {
    let mut blocks: Vec<Block> =
        told.dataset.remarks.iter().map(|remark| Block::Paragraph(sentence(remark))).collect();
    let unreadable = &told.explored.unreadable;
    if !unreadable.is_empty() {
        let many = format!("{} photos cannot be read and are left out:", unreadable.len());
        blocks.push(Block::Paragraph([&[many], &unreadable[..]].concat().join(" ")));
    }
    blocks.push(Block::Table(counts(told)));
    blocks.extend(sizes(told).map(Block::Plot));
    Section { title: "The photos".into(), blocks }
}

fn sentence(remark: &str) -> String {
    if remark.ends_with('.') { remark.to_owned() } else { format!("{remark}.") }
}

/// Photos by class and part, commonest first.
fn counts(told: &Told<'_>) -> Table {
    let mut counts = BTreeMap::<usize, [usize; 3]>::new();
    for photo in &told.dataset.photos {
        let part = Part::ALL.iter().position(|part| photo.part == Some(*part));
        counts.entry(class(photo)).or_default()[part.unwrap_or(0)] += 1;
    }
    let photos: usize = counts.values().flatten().sum();
    let parts = Part::ALL.map(|part| Column::number(part.name(), "", 0));
    let mut columns = vec![Column::text("class")];
    columns.extend(parts);
    columns.extend([Column::number("all", "", 0), Column::number("share", "%", 1)]);
    let mut table = Table::new("classes", "Photos by class and part", columns);
    let mut rows: Vec<(usize, [usize; 3])> = counts.into_iter().collect();
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    for (class, counts) in rows {
        let all: usize = counts.iter().sum();
        let mut row = vec![Cell::text(&told.labels()[class])];
        row.extend(counts.map(|count| Cell::number(count as f64)));
        row.extend([Cell::number(all as f64), Cell::number(100.0 * all as f64 / photos as f64)]);
        table.rows.push(row);
    }
    table
}

/// How long the shorter sides are; none where all are the same.
fn sizes(told: &Told<'_>) -> Option<Plot> {
    let sides = || told.explored.photos.iter().map(|seen| seen.size[0].min(seen.size[1]));
    let (least, most) = (sides().min()?, sides().max()?);
    if least == most {
        return None;
    }
    let width = (most - least + 1).div_ceil(BINS);
    let mut bins = vec![0; (most - least + 1).div_ceil(width)];
    sides().for_each(|side| bins[(side - least) / width] += 1);
    let small = sides().filter(|&side| side < told.config.side).count();
    Some(Plot {
        title: "Shorter sides of the photos".into(),
        description: format!(
            "From {least} to {most} pixels; {small} are shorter than the {} that the network takes, and \
             enlarged for it.",
            told.config.side
        ),
        kind: Kind::Figure,
        drawing: Drawing::Histogram {
            x: Axis::linear("pixels"),
            from: least as f64,
            to: (least + width * bins.len()) as f64,
            counts: bins,
        },
    })
}
