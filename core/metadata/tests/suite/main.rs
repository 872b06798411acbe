//! What becomes of words, packets and files.

mod files;
mod hostile;
mod packets;
mod words;

use tagsight_metadata::{
    Keyword, List, Origin, Outcome, Refusal, Said, SidecarFile, Tag, Wanted, Writer, read_sidecar,
    sidecar,
};

/// Without tables: what the tests need of NFC is "é", and of case what std has.
pub(crate) fn fold(word: &str) -> String {
    word.trim().to_lowercase().replace("e\u{301}", "é")
}

pub(crate) fn writer(now: &str) -> Writer<'_> {
    Writer { now, software: "Tagsight 0.1.0", fold: &fold }
}

pub(crate) const NOW: &str = "2026-11-26T16:30:00+09:00";
pub(crate) const LATER: &str = "2026-12-24T18:00:00+09:00";

pub(crate) fn by_machine(label: &str, words: &[&str]) -> Tag {
    let keywords = words.iter().filter_map(|word| Keyword::from_path(word.split('|'))).collect();
    Tag {
        keywords,
        origin: Origin::Machine { label: label.into(), score: 0.75, model: "ab".into() },
    }
}

pub(crate) fn by_person(word: &str) -> Tag {
    Tag { keywords: vec![Keyword::flat(word)], origin: Origin::Person }
}

pub(crate) fn wanted(tags: &[Tag]) -> Wanted {
    Wanted { tags: tags.to_vec(), ..Wanted::default() }
}

/// A packet with this in its RDF.
pub(crate) fn packet(rdf: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{rdf}</rdf:RDF></x:xmpmeta>"
    )
}

pub(crate) const DC: &str = "xmlns:dc='http://purl.org/dc/elements/1.1/'";

/// A packet whose `dc:subject` has these words.
pub(crate) fn subject(words: &[&str]) -> String {
    let items: String = words.iter().map(|word| format!("<rdf:li>{word}</rdf:li>")).collect();
    packet(&format!(
        "<rdf:Description rdf:about='' {DC}><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>\
         </rdf:Description>"
    ))
}

/// What a sidecar becomes; nothing if it stays.
pub(crate) fn write_at(
    now: &str,
    own: Option<&Said>,
    existing: Option<&str>,
    wanted: &Wanted,
) -> Option<String> {
    let existing = existing.map(str::as_bytes);
    match sidecar(own, existing, wanted, &writer(now)).unwrap() {
        Outcome::Unchanged(_) => None,
        Outcome::Changed(change) => Some(match change.output {
            SidecarFile::Write(bytes) => String::from_utf8(bytes).unwrap(),
            SidecarFile::Delete => String::new(),
        }),
    }
}

pub(crate) fn write(existing: Option<&str>, wanted: &Wanted) -> Option<String> {
    write_at(NOW, None, existing, wanted)
}

pub(crate) fn said(sidecar: &str) -> Said {
    read_sidecar(sidecar.as_bytes(), &fold).unwrap()
}

/// What a list holds.
pub(crate) fn words(sidecar: &str, list: List) -> Vec<String> {
    said(sidecar).lists.of(list).iter().map(|keyword| keyword.path().join("|")).collect()
}

pub(crate) fn refusal(sidecar: &str) -> Refusal {
    read_sidecar(sidecar.as_bytes(), &fold).unwrap_err()
}
