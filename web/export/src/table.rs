//! Tags as a table for people (CSV) and as data for programs (JSON).

use tagsight_library::Source;

use crate::choices::Words;
use crate::record::{Record, Tag};

/// Spreadsheets take a file for UTF-8 by this.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// What a spreadsheet would take for the beginning of a formula. Names and keywords come from anywhere.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// RFC 4180: a line a photo.
pub fn csv(records: &[&Record], words: Words) -> String {
    let mut table = String::from(BYTE_ORDER_MARK);
    line(&mut table, ["name", "taken", "tags", "sources", "scores"].map(str::to_owned));
    for record in records {
        let each = |cell: &dyn Fn(&Tag) -> String| {
            record.tags.iter().map(cell).collect::<Vec<_>>().join("; ")
        };
        line(
            &mut table,
            [
                record.name.clone(),
                record.taken.clone(),
                each(&|tag| spoken(tag, words)),
                each(&|tag| source(tag.source).to_owned()),
                each(&|tag| tag.score.map(score).unwrap_or_default()),
            ],
        );
    }
    table
}

fn line(table: &mut String, cells: [String; 5]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            table.push(',');
        }
        let formula = if cell.starts_with(FORMULA) { "'" } else { "" };
        let quote = if cell.contains([',', '"', '\n', '\r', ';']) { "\"" } else { "" };
        table.extend([quote, formula, &cell.replace('"', "\"\""), quote]);
    }
    table.push_str("\r\n");
}

/// A tag in the languages that are wanted.
fn spoken(tag: &Tag, words: Words) -> String {
    let [en, ko] = &tag.words;
    match words {
        Words::En => en.clone(),
        Words::Ko => ko.clone(),
        Words::Both if en == ko => en.clone(),
        Words::Both => format!("{en} / {ko}"),
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Auto => "auto",
        Source::User => "user",
        Source::File => "file",
    }
}

/// As exact as anybody needs it. By whole numbers: those with points take 10 KB of code to write.
fn score(score: f32) -> String {
    let parts = (score * 1e4).round() as u32;
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}

/// An array with an object a photo.
pub fn json(records: &[&Record]) -> String {
    let photos: Vec<String> = records.iter().map(|record| photo(record)).collect();
    format!("[\n{}\n]\n", photos.join(",\n"))
}

fn photo(record: &Record) -> String {
    let pairs = [
        ("name", &record.name),
        ("taken", &record.taken),
        ("picture_sha256", &record.id),
        ("model_sha256", &record.model),
    ];
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("\"{name}\": {}", quoted(value))).collect();
    let tags: Vec<String> = record.tags.iter().map(tag).collect();
    format!("  {{{}, \"tags\": [{}]}}", pairs.join(", "), tags.join(", "))
}

fn tag(tag: &Tag) -> String {
    let [key, en, ko] = [&tag.key, &tag.words[0], &tag.words[1]].map(|word| quoted(word));
    let score = tag.score.map_or("null".to_owned(), score);
    let source = source(tag.source);
    format!(
        "{{\"label\": {key}, \"en\": {en}, \"ko\": {ko}, \"source\": \"{source}\", \"score\": {score}}}"
    )
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json as value};

    use super::*;
    use crate::record::tests::record;

    #[test]
    fn a_table_has_a_line_a_photo() {
        let wanted = "\u{feff}name,taken,tags,sources,scores\r\n\
            바다.jpg,2026-11-26T09:13:18,\"Grandma; dog / 개; holiday\",\"user; auto; file\",\"; 0.9000; \"\r\n";
        assert_eq!(csv(&[&record()], Words::Both), wanted);
        assert!(csv(&[&record()], Words::Ko).contains("Grandma; 개; holiday"));
    }

    #[test]
    fn cells_are_neither_broken_nor_formulas() {
        let mut record = record();
        record.tags.clear();
        record.name = "=cmd|' /C calc'!A0".into();
        assert!(csv(&[&record], Words::En).contains("\r\n'=cmd|"));
        record.name = "a \"b\",\nc.jpg".into();
        assert!(csv(&[&record], Words::En).contains("\r\n\"a \"\"b\"\",\nc.jpg\",2026"));
    }

    #[test]
    fn programs_read_what_is_said() {
        let mut record = record();
        record.name = "a \"b\" \\ \u{1}바다.jpg".into();
        let read: Value = serde_json::from_str(&json(&[&record, &record])).unwrap();
        assert_eq!(read.as_array().unwrap().len(), 2);
        assert_eq!(read[1]["name"], value!(record.name));
        let dog = value!({"label": "dog", "en": "dog", "ko": "개", "source": "auto", "score": 0.9});
        assert_eq!(read[0]["tags"][1], dog);
        assert_eq!(read[0]["tags"][0]["score"], Value::Null);
        assert_eq!(read[0]["model_sha256"], "00ff");
        assert_eq!(json(&[]).split_whitespace().collect::<String>(), "[]");
    }
}
