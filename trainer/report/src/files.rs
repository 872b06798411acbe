//! A report in a folder.

use std::io;
use std::path::Path;

use tagsight_data::write_atomically;

use super::report::Report;
use super::table::{Cell, Table};

/// The page's name.
pub const HTML: &str = "report.html";
/// The values' name.
pub const JSON: &str = "report.json";

impl Report {
    /// Writes the page, the values, and a CSV file a table into `folder`, which it makes.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        write_atomically(&folder.join(HTML), self.html().as_bytes())?;
        let mut json = serde_json::to_vec_pretty(self).expect("plain data serialises");
        json.push(b'\n');
        write_atomically(&folder.join(JSON), &json)?;
        for table in self.tables() {
            write_atomically(&folder.join(format!("{}.csv", table.id)), &table.csv()?)?;
        }
        Ok(())
    }
}

impl Table {
    /// The table as RFC 4180 has it. A number has all of its digits, and its error a column of its own
    /// wherever one of the column has one; where there is none, there is the reason.
    fn csv(&self) -> io::Result<Vec<u8>> {
        let has_error = |column: usize| {
            let mut cells = self.rows.iter().map(|row| &row[column]);
            cells.any(|cell| matches!(cell, Cell::Number { error: Some(_), .. }))
        };
        let with_errors: Vec<bool> = (0..self.columns.len()).map(has_error).collect();
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let heads = self.columns.iter().zip(&with_errors).flat_map(|(column, with_error)| {
            let head = match column.unit.as_str() {
                "" => column.name.clone(),
                unit => format!("{} ({unit})", column.name),
            };
            let error = with_error.then(|| format!("{} ±", column.name));
            [Some(head), error].into_iter().flatten()
        });
        writer.write_record(heads)?;
        for row in &self.rows {
            let fields = row.iter().zip(&with_errors).flat_map(|(cell, with_error)| {
                let (field, error) = match cell {
                    Cell::Text(text) | Cell::Absent(text) => (text.clone(), None),
                    Cell::Number { value, error } => (value.to_string(), *error),
                };
                let error = with_error.then(|| error.map_or_else(String::new, |e| e.to_string()));
                [Some(field), error].into_iter().flatten()
            });
            writer.write_record(fields)?;
        }
        writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn commas_quotes_and_lines_are_fields_of_one_row() {
        let columns = vec![Column::text("what, exactly"), Column::number("mAP", "%", 1)];
        let mut table = Table::new("t", "", columns);
        table.rows.push(vec![Cell::text("say \"W4\"\nnow"), Cell::with_error(61.25, 0.5)]);
        table.rows.push(vec![Cell::text("float"), Cell::Absent("no engine".into())]);
        let text = String::from_utf8(table.csv().unwrap()).unwrap();
        let expected = "\"what, exactly\",mAP (%),mAP ±\r\n\
                        \"say \"\"W4\"\"\nnow\",61.25,0.5\r\nfloat,no engine,\r\n";
        assert_eq!(text, expected);
    }
}
