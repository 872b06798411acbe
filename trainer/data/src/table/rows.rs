//! The text of a table → its rows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, StringRecord};

use super::columns::{Answer, Columns};
use super::error::TableError;
use super::files::Files;
use crate::hash;
use crate::list::first_few;
use crate::part::Part;
use crate::partition::Candidate;

/// A row that makes sense.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) content: u64,
    pub(super) part: Option<Part>,
    pub(super) said: Said,
}

/// What it says of the file.
pub(super) enum Said {
    Label(String),
    Values(Vec<f32>),
}

impl Row {
    pub(super) fn class(&self) -> &str {
        match &self.said {
            Said::Label(label) => label,
            Said::Values(_) => "",
        }
    }

    pub(super) fn values(&self) -> &[f32] {
        match &self.said {
            Said::Label(_) => &[],
            Said::Values(values) => values,
        }
    }

    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { name: &self.name, class: self.class(), source: None, content: self.content }
    }
}

/// Numbers of the columns.
struct Places {
    file: usize,
    answer: Vec<usize>,
    part: Option<usize>,
}

/// The rows that make sense, and why others do not, each with its line.
///
/// # Errors
/// If the table cannot be read, lacks a column, or no row makes sense.
pub(super) fn rows(
    table: &Path,
    folder: &Path,
    columns: &Columns,
) -> Result<(Vec<Row>, Vec<String>), TableError> {
    let io = |source| TableError::Io { path: table.to_owned(), source };
    let bytes = std::fs::read(table).map_err(io)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&bytes))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let header = reader.byte_headers().map_err(|error| io(error.into()))?.clone();
    let places = Places::of(&header, columns, table)?;
    let mut files = Files::new(folder);
    let (mut rows, mut bad, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for record in reader.byte_records() {
        let record = record.map_err(|error| io(error.into()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = places.row(record, columns, &mut files);
        match row.and_then(|row| match names.insert(row.name.clone()) {
            true => Ok(row),
            false => Err(format!("{} was there before", row.name)),
        }) {
            Ok(row) => rows.push(row),
            Err(reason) => bad.push(format!("line {line} ({reason})")),
        }
    }
    if rows.is_empty() {
        let reasons = if bad.is_empty() { "it has none".into() } else { first_few(&bad) };
        return Err(TableError::NoRows { path: table.to_owned(), reasons });
    }
    Ok((rows, bad))
}

/// What separates columns: the comma, semicolon or tab that is in the first line most often.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|&&byte| byte == wanted).count();
    *b"\t;,".iter().max_by_key(|&&byte| count(byte)).expect("there are three")
}

impl Places {
    fn of(header: &ByteRecord, columns: &Columns, table: &Path) -> Result<Self, TableError> {
        let find = |name: &str| header.iter().position(|column| column == name.as_bytes());
        let names = || header.iter().map(|name| String::from_utf8_lossy(name).into_owned());
        let place = |name: &str| {
            find(name).ok_or_else(|| TableError::NoColumn {
                path: table.to_owned(),
                name: name.to_owned(),
                found: first_few(&names().collect::<Vec<_>>()),
            })
        };
        let answer = match &columns.answer {
            Answer::Label(name) => vec![place(name)?],
            Answer::Values(values) => {
                values.iter().map(|value| place(&value.name)).collect::<Result<_, _>>()?
            }
        };
        let part = columns.part.as_deref().and_then(find);
        Ok(Self { file: place(&columns.file)?, answer, part })
    }

    /// One row, or what is wrong with it.
    fn row(&self, record: ByteRecord, columns: &Columns, files: &mut Files) -> Result<Row, String> {
        let record = StringRecord::from_byte_record(record).map_err(|_| "it is not UTF-8")?;
        let field = |place: usize| record.get(place).filter(|field| !field.is_empty());
        let name = field(self.file).ok_or("it names no file")?;
        let part = match self.part {
            Some(place) => Some(field(place).ok_or("it names no part")?.parse()?),
            None => None,
        };
        let said = match &columns.answer {
            Answer::Label(_) => {
                Said::Label(field(self.answer[0]).ok_or("it names no label")?.to_owned())
            }
            Answer::Values(_) => {
                let values = self.answer.iter().map(|&place| number(field(place)));
                Said::Values(values.collect::<Result<_, _>>()?)
            }
        };
        let path = files.locate(name).map_err(|reason| format!("{name}: {reason}"))?;
        let content = hash::content_of(&path).map_err(|error| format!("{name}: {error}"))?;
        Ok(Row { name: name.to_owned(), path, content, part, said })
    }
}

fn number(field: Option<&str>) -> Result<f32, String> {
    let text = field.ok_or("a value is missing")?;
    let value: Option<f32> = text.parse().ok().filter(|value: &f32| value.is_finite());
    value.ok_or_else(|| format!("{text:?} is no number"))
}
