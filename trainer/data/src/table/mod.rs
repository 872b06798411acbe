//! Tables: a row a photo, a column with its file, and others with its label or values and its part, as
//! EchoNet's `FileList.csv` has them.

mod columns;
mod error;
mod files;
mod rows;

use std::path::Path;

use tagsight_core::Goal;
use tagsight_core::task::Quantity;

pub use self::columns::{Answer, Columns, ValueColumn};
pub use self::error::TableError;

use self::rows::{Row, Said, rows};
use crate::classes::learnt;
use crate::dataset::{Dataset, Photo, SameId, by_id};
use crate::hash::fnv1a;
use crate::list::first_few;
use crate::part::Part;
use crate::partition::{Candidate, Partition, leaks};
use crate::target::{Medium, Subject, Target};

impl Dataset {
    /// Reads a table of files that lie in `folder`; their ids are hashes of their names in the table.
    /// Without a column of parts they come into parts by `partition`. Rows that make no sense are left out
    /// and remarked upon, by their lines.
    ///
    /// Values are standardised: an output of 0 is the mean of those to learn from, and 1 their standard
    /// deviation above it.
    ///
    /// # Errors
    /// If the table or the written split cannot be used, or what remains cannot be learnt.
    pub fn read_table(
        table: &Path,
        folder: &Path,
        columns: &Columns,
        partition: &Partition,
    ) -> Result<Self, TableError> {
        let (mut rows, bad) = rows(table, folder, columns)?;
        let mut remarks = Vec::new();
        if !bad.is_empty() {
            remarks.push(format!("left out {} rows: {}", bad.len(), first_few(&bad)));
        }
        if rows.iter().all(|row| row.part.is_none()) {
            let beside = table.with_extension("split.csv");
            let candidates: Vec<Candidate> = rows.iter().map(Row::candidate).collect();
            let assigned = partition.assign(&candidates, &beside)?;
            remarks.extend(assigned.remarks);
            rows.iter_mut().zip(assigned.parts).for_each(|(row, part)| row.part = Some(part));
        }
        let named = rows.iter().filter_map(|r| Some((r.name.as_str(), r.content, r.part?)));
        remarks.extend(leaks(named));
        let name = table.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("files of the table {name}");
        let subject = match &columns.answer {
            Answer::Label(_) => {
                let (labels, absent) = learnt(rows.iter().map(|row| (row.class(), row.part)));
                remarks.extend(absent);
                if labels.len() < 2 {
                    return Err(TableError::TooFewClasses(table.to_owned()));
                }
                Subject { name, labels, task: Goal::SingleLabel, medium: Medium::Photos }
            }
            Answer::Values(values) => {
                let labels = values.iter().map(|value| value.name.clone()).collect();
                let quantities = quantities(&rows, values)?;
                Subject {
                    name,
                    labels,
                    task: Goal::Regression { quantities },
                    medium: Medium::Photos,
                }
            }
        };
        let photos = photos(rows, &subject.labels)?;
        Ok(Self { subject, photos, remarks })
    }
}

/// Scale and offset of each value, by the rows to learn from.
fn quantities(rows: &[Row], values: &[ValueColumn]) -> Result<Vec<Quantity>, TableError> {
    let learnt = rows.iter().filter(|row| row.part == Some(Part::Train));
    let one = |(index, ValueColumn { name, unit }): (usize, &ValueColumn)| {
        let found: Vec<f64> = learnt.clone().map(|row| f64::from(row.values()[index])).collect();
        let mean = found.iter().sum::<f64>() / found.len() as f64;
        let variance =
            found.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / found.len() as f64;
        let (scale, offset) = (variance.sqrt() as f32, mean as f32);
        if !(scale.is_normal() && offset.is_finite()) {
            return Err(TableError::Constant(name.clone()));
        }
        Ok(Quantity { unit: unit.clone(), scale, offset })
    };
    values.iter().enumerate().map(one).collect()
}

/// The rows of these labels, or of values, as photos by their ids.
fn photos(rows: Vec<Row>, labels: &[String]) -> Result<Vec<Photo>, SameId> {
    let photo = |Row { name, path, content, part, said, .. }| {
        let target = match said {
            Said::Values(values) => Target::Values(values),
            Said::Label(label) => Target::Class(labels.binary_search(&label).ok()?),
        };
        let id = fnv1a(name.bytes());
        Some(Photo { part, content: Some(content), ..Photo::new(id, path, target) })
    };
    by_id(rows.into_iter().filter_map(photo))
}

#[cfg(test)]
mod tests;
