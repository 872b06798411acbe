//! Tables of typed cells.

use serde::{Serialize, Serializer};

use super::kind::Kind;

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Its file's name without the ending, and its place in the page: letters, digits and hyphens.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// One a cell of every row.
    pub columns: Vec<Column>,
    /// In the order in which they are shown first.
    pub rows: Vec<Vec<Cell>>,
}

/// What a table's cells below one another are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Of its numbers; may be empty.
    pub unit: String,
    /// Digits after the point.
    pub decimals: usize,
    /// Which of its numbers is marked.
    pub best: Best,
    /// Whether it was timed.
    pub kind: Kind,
}

/// The number of a column that is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Best {
    /// None.
    #[default]
    None,
    /// The largest.
    Highest,
    /// The smallest.
    Lowest,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number in its column's unit.
    Number {
        /// The number; infinite where nothing differs from what it is measured by.
        #[serde(serialize_with = "finite_or_words")]
        value: f64,
        /// Its standard error.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<f64>,
    },
    /// There is none, because of that.
    Absent(String),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number without an error.
    pub fn number(value: f64) -> Self {
        Self::Number { value, error: None }
    }

    /// A number with its standard error.
    pub fn with_error(value: f64, error: f64) -> Self {
        Self::Number { value, error: Some(error) }
    }

    /// The number, if it is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// JSON has no infinity.
fn finite_or_words<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() {
        serializer.serialize_f64(*value)
    } else {
        serializer.serialize_str(&value.to_string())
    }
}

impl Column {
    /// A column of words.
    pub fn text(name: impl Into<String>) -> Self {
        Self::number(name, "", 0)
    }

    /// A column of numbers.
    pub fn number(name: impl Into<String>, unit: &str, decimals: usize) -> Self {
        let (name, unit) = (name.into(), unit.to_owned());
        Self { name, unit, decimals, best: Best::None, kind: Kind::Figure }
    }

    /// The same with the best number marked.
    pub fn marking(self, best: Best) -> Self {
        Self { best, ..self }
    }

    /// The same of what was timed.
    pub fn timed(self) -> Self {
        Self { kind: Kind::Time, ..self }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(id: &str, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { id: id.to_owned(), caption: caption.into(), columns, rows: Vec::new() }
    }

    /// A table of what was so, and which, such as a study's setting.
    pub fn facts<'a>(
        id: &str,
        caption: impl Into<String>,
        facts: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Self {
        let mut table = Self::new(id, caption, ["what", "which"].map(Column::text).into());
        let row = |(what, which)| vec![Cell::text(what), Cell::Text(which)];
        table.rows.extend(facts.into_iter().map(row));
        table
    }

    /// The rows whose number in a column is the best there; all that share it.
    pub(super) fn best_rows(&self, column: usize) -> Vec<usize> {
        let sign = match self.columns[column].best {
            Best::None => return Vec::new(),
            Best::Highest => 1.0,
            Best::Lowest => -1.0,
        };
        let numbers = self.rows.iter().enumerate();
        let numbers: Vec<(usize, f64)> = numbers
            .filter_map(|(row, cells)| Some((row, sign * cells[column].value()?)))
            .filter(|(_, value)| value.is_finite())
            .collect();
        let best = numbers.iter().map(|(_, value)| *value).max_by(f64::total_cmp);
        numbers.into_iter().filter(|(_, value)| Some(*value) == best).map(|(row, _)| row).collect()
    }

    /// Takes away the columns that were timed.
    pub(super) fn remove_times(&mut self) {
        let is_kept: Vec<bool> =
            self.columns.iter().map(|column| column.kind == Kind::Figure).collect();
        let mut kept = is_kept.iter();
        self.columns.retain(|_| *kept.next().expect("one a column"));
        for row in &mut self.rows {
            let mut kept = is_kept.iter();
            row.retain(|_| *kept.next().expect("one cell a column"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_number_is_marked_wherever_it_stands() {
        let columns = [Best::Highest, Best::Lowest, Best::None]
            .map(|b| Column::number("n", "", 1).marking(b));
        let mut table = Table::new("t", "", columns.into());
        let row = |value: f64| vec![Cell::number(value); 3];
        table.rows = vec![row(1.0), row(f64::INFINITY), row(3.0), row(3.0), row(-2.0)];
        table.rows.push(vec![Cell::Absent("no engine".into()); 3]);
        assert_eq!([0, 1, 2].map(|c| table.best_rows(c)), [vec![2, 3], vec![4], vec![]]);
    }
}
