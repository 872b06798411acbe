//! Our own properties: read, and written anew whenever they change.

use std::fmt::Write;

use quick_xml::escape::minimal_escape;

use super::document::{Document, Property, container};
use super::names::{self, GIVEN, IN_IPTC, Name};
use super::tree::Element;
use crate::NAMESPACE;
use crate::lists::List;
use crate::ours::Record;
use crate::said::Given;

/// What the packet notes of our writing.
pub(super) fn record(document: &Document) -> Record {
    let mut record = Record::default();
    for place in document.places(&GIVEN) {
        if let Property::Element(element) = place
            && let Some(bag) = container(element)
        {
            let given = bag.children.iter().filter_map(|li| given(li, document.source));
            record.given.extend(given);
        }
    }
    for list in List::ALL {
        if let Some(noted) = noted(list) {
            *record.added_mut(list) = document.texts(&noted);
        }
    }
    record
}

/// Where we note what we put into a list.
pub(super) fn noted(list: List) -> Option<Name> {
    match list {
        List::Iptc => Some(IN_IPTC),
        list => names::of_list(list).map(|known| known.noted),
    }
}

fn given(li: &Element, source: &str) -> Option<Given> {
    let text = |local| li.child(NAMESPACE, local).and_then(|field| field.text(source));
    let words = li.child(NAMESPACE, "Words").and_then(container);
    let words = words.into_iter().flat_map(|words| &words.children);
    Some(Given {
        label: text("Label")?,
        score: score(&text("Score")?)?,
        model: text("Model").unwrap_or_default(),
        date: text("Date").unwrap_or_default(),
        words: words.filter_map(|word| word.text(source)).collect(),
        is_withdrawn: text("Withdrawn").as_deref() == Some("True"),
    })
}

/// What a score is told in: four decimals are more than it is worth.
const PARTS: f32 = 10_000.0;

/// A score as it is written, which is read back as the same. Without the tables that any number takes.
fn shown(score: f32) -> String {
    let parts = (score.clamp(0.0, 1.0) * PARTS).round() as u32;
    let digits = (parts % 10_000 + 10_000).to_string();
    format!("{}.{}", parts / 10_000, &digits[1..])
}

/// The score that a text is, in `0..=1`.
fn score(text: &str) -> Option<f32> {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let mut parts: u32 = whole.parse().ok().filter(|&whole: &u32| whole <= 1)?;
    let mut digits = decimals.chars();
    for _ in 0..4 {
        parts = parts * 10 + digits.next().map_or(Some(0), |digit| digit.to_digit(10))?;
    }
    (parts <= 10_000 && digits.all(|digit| digit.is_ascii_digit())).then_some(parts as f32 / PARTS)
}

/// A score as reading it back will give it.
pub(crate) fn rounded(of: f32) -> f32 {
    score(&shown(of)).unwrap_or(of)
}

/// The record as properties, for a description whose prefix for them is `ours`.
pub(super) fn written(record: &Record, ours: &str, rdf: &str) -> String {
    let mut text = String::new();
    if !record.given.is_empty() {
        let _ = write!(text, "\n   <{ours}:Given>\n    <{rdf}:Bag>");
        for given in &record.given {
            text.push_str(&item(given, ours, rdf));
        }
        let _ = write!(text, "\n    </{rdf}:Bag>\n   </{ours}:Given>");
    }
    for list in List::ALL {
        if let Some(noted) = noted(list).filter(|_| !record.added(list).is_empty()) {
            let name = format!("{ours}:{}", noted.local);
            text.push_str(&bag(&name, rdf, "Bag", record.added(list), "   "));
        }
    }
    text
}

fn item(given: &Given, ours: &str, rdf: &str) -> String {
    let field = |name: &str, value: &str| {
        format!("\n      <{ours}:{name}>{}</{ours}:{name}>", minimal_escape(value))
    };
    let mut text = format!("\n     <{rdf}:li {rdf}:parseType=\"Resource\">");
    text.push_str(&field("Label", &given.label));
    text.push_str(&field("Score", &shown(given.score)));
    text.push_str(&field("Model", &given.model));
    text.push_str(&field("Date", &given.date));
    if given.is_withdrawn {
        text.push_str(&field("Withdrawn", "True"));
    }
    if !given.words.is_empty() {
        text.push_str(&bag(&format!("{ours}:Words"), rdf, "Bag", &given.words, "      "));
    }
    let _ = write!(text, "\n     </{rdf}:li>");
    text
}

/// A list as a property.
pub(super) fn bag(name: &str, rdf: &str, kind: &str, items: &[String], indent: &str) -> String {
    let mut text = format!("\n{indent}<{name}>\n{indent} <{rdf}:{kind}>");
    for item in items {
        let _ = write!(text, "\n{indent}  <{rdf}:li>{}</{rdf}:li>", minimal_escape(item.as_str()));
    }
    let _ = write!(text, "\n{indent} </{rdf}:{kind}>\n{indent}</{name}>");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_as_they_are_written() {
        for parts in 0..=10_000_u32 {
            let expected = parts as f32 / PARTS;
            assert_eq!(score(&shown(expected)), Some(expected));
        }
        assert_eq!(shown(0.934_25), "0.9343");
        assert_eq!((shown(f32::NAN), shown(7.0)), ("0.0000".to_owned(), "1.0000".to_owned()));
        assert_eq!(
            (score("1"), score(" 0.5 "), score("0.123456")),
            (Some(1.0), Some(0.5), Some(0.1234))
        );
        for odd in ["", "2", "1.1", "-0.5", "0.5x", "1e-3", "0.12345x", "NaN"] {
            assert_eq!(score(odd), None, "{odd}");
        }
    }
}
