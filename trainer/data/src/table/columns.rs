//! Which columns of a table say what.

use std::str::FromStr;

/// Names of a table's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Files, relative to their folder; an extension may be left out where only one file is called so.
    pub file: String,
    /// What is true of them.
    pub answer: Answer,
    /// Their part; without it, or where the table has no such column, they come into parts by drawing.
    pub part: Option<String>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The one label in this column.
    Label(String),
    /// Values.
    Values(Vec<ValueColumn>),
}

/// A column of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueColumn {
    /// Its name, and the value's.
    pub name: String,
    /// What values are given in; empty for plain numbers.
    pub unit: String,
}

/// `EF` or `EF=%`
impl FromStr for ValueColumn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, unit) = text.split_once('=').unwrap_or((text, ""));
        let (name, unit) = (name.trim().to_owned(), unit.trim().to_owned());
        if name.is_empty() {
            Err("give it as COLUMN or COLUMN=UNIT".into())
        } else {
            Ok(Self { name, unit })
        }
    }
}
