//! What a report says.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::kind::Kind;
use super::picture::Picture;
use super::plot::Plot;
use super::table::Table;

/// A study's report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The study and what it was of.
    pub title: String,
    /// What came out, a paragraph each; all that many will read.
    pub summary: Vec<String>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// One thing that a section says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Plain text.
    Paragraph(String),
    /// A sentence on when, where or how fast it was made, which differs from run to run.
    Occasion(String),
    /// Rows and columns.
    Table(Table),
    /// A drawing of numbers.
    Plot(Plot),
    /// Photos beside one another.
    Pictures(Vec<Picture>),
}

impl Report {
    /// A report that says nothing yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), summary: Vec::new(), sections: Vec::new() }
    }

    /// All tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// A hash (SHA-256, hexadecimal) of all that follows from the settings: the same for two runs that
    /// differ in times alone.
    pub fn digest(&self) -> String {
        let json = serde_json::to_vec(&self.without_times()).expect("plain data serialises");
        Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same without what was timed.
    fn without_times(&self) -> Self {
        let mut report = self.clone();
        for section in &mut report.sections {
            section.blocks.retain_mut(|block| match block {
                Block::Occasion(_) => false,
                Block::Plot(plot) => plot.kind == Kind::Figure,
                Block::Table(table) => {
                    table.remove_times();
                    true
                }
                Block::Paragraph(_) | Block::Pictures(_) => true,
            });
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, Column};

    fn report(millis: f64, decibels: f64, said: &str) -> Report {
        let columns = vec![Column::number("dB", "dB", 1), Column::number("ms", "ms", 1).timed()];
        let mut table = Table::new("t", "A table", columns);
        table.rows.push(vec![Cell::number(decibels), Cell::number(millis)]);
        let blocks = vec![Block::Table(table), Block::Occasion(said.into())];
        let sections = vec![Section { title: "One".into(), blocks }];
        Report { sections, ..Report::new("A study") }
    }

    #[test]
    fn times_do_not_count_and_figures_do() {
        let digest = report(1.0, 20.0, "today").digest();
        assert_eq!(digest, report(2.0, 20.0, "tomorrow").digest());
        assert_ne!(digest, report(1.0, 20.1, "today").digest());
    }
}
