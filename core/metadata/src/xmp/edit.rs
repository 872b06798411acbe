//! Changes of a packet in its text: what is not ours stays as it is.

use std::ops::Range;

use quick_xml::escape::{escape, minimal_escape};

use super::changes::{Change, contains, made, put_into, white_before};
use super::document::{Document, Property, container};
use super::names::{self, EVENT, GIVEN, HISTORY, ListName, METADATA_DATE, Name, RDF};
use super::packet::{Room, fill};
use super::tree::Element;
use super::{create, encoding, ours};
use crate::NAMESPACE;
use crate::lists::List;
use crate::merge::Plan;
use crate::refusal::{Fault, Refusal};
use crate::wanted::Writer;

/// What becomes of a packet.
#[derive(Debug, PartialEq)]
pub(crate) enum Edited {
    /// It stays as it is, or there is still none.
    Same,
    /// It is to be this.
    New(Vec<u8>),
    /// It is ours, and nothing is left in it.
    Gone,
}

/// Has a packet say what is planned; without one, a new one does.
pub(crate) fn edit(
    packet: Option<&[u8]>,
    plan: &Plan,
    writer: &Writer,
    room: Room,
) -> Result<Edited, Refusal> {
    let is_touched = plan.is_record_new
        || List::ALL
            .into_iter()
            .any(|list| names::of_list(list).is_some() && !plan.of(list).is_empty());
    if !is_touched {
        return Ok(Edited::Same);
    }
    let text = match packet {
        Some(packet) => encoding::decode(packet)?.into_owned(),
        None => create::empty(writer.software),
    };
    let text = with_rdf(text)?;
    let document = Document::parse(&text)?;
    let mut edits = Edits::new(&document)?;
    for known in List::ALL.into_iter().filter_map(|list| Some((list, names::of_list(list)?))) {
        edits.list(known.1, plan, known.0);
    }
    if plan.is_record_new {
        edits.record(plan);
    }
    edits.date(writer.now);
    edits.history(writer);
    let text = edits.apply();
    let edited = Document::parse(&text)?;
    if is_left_empty(&edited) {
        return Ok(if packet.is_some() { Edited::Gone } else { Edited::Same });
    }
    let old = packet.map(<[u8]>::len);
    // The byte order mark of a file of its own is no part of the text.
    let mark: &[u8] = match packet {
        Some([0xEF, 0xBB, 0xBF, ..]) => &[0xEF, 0xBB, 0xBF],
        _ => &[],
    };
    let old = old.map(|old| old - mark.len());
    Ok(Edited::New([mark, fill(&text, edited.end(), old, room)?.as_bytes()].concat()))
}

/// A packet with a place for properties, which some programs leave out where they have none.
fn with_rdf(text: String) -> Result<String, Refusal> {
    let document = Document::parse(&text)?;
    if document.body().is_some() {
        return Ok(text);
    }
    let mut changes = Vec::new();
    put_into(&mut changes, &text, document.root(), format!("<rdf:RDF xmlns:rdf=\"{RDF}\"/>"));
    Ok(made(&text, changes))
}

/// Whether a packet that we began says nothing any more.
fn is_left_empty(document: &Document) -> bool {
    let is_ours = document.toolkit().is_some_and(|toolkit| toolkit.starts_with("Tagsight"));
    let says = |description: &Element| {
        let mut names = description.attributes.iter().map(|attribute| &attribute.name);
        let mut children = description.children.iter().map(|child| &child.name);
        names.any(|name| name.uri != RDF && !name.is_named(&METADATA_DATE))
            || children.any(|name| !name.is_named(&METADATA_DATE))
    };
    is_ours && !document.descriptions().any(says)
}

/// Changes of a text, collected before any is made.
struct Edits<'a> {
    document: &'a Document<'a>,
    /// The prefix of RDF.
    rdf: String,
    /// What stands in the place of what.
    changes: Vec<Change>,
    /// Properties that are begun, and their namespaces.
    begun: String,
    namespaces: Vec<(&'static str, &'static str)>,
}

impl<'a> Edits<'a> {
    fn new(document: &'a Document<'a>) -> Result<Self, Refusal> {
        let rdf = document.body().and_then(|body| body.prefix_of(RDF)).map(str::to_owned);
        let rdf = rdf.ok_or(Refusal::Xmp(Fault::NoRdf))?;
        let (changes, begun, namespaces) = (Vec::new(), String::new(), Vec::new());
        Ok(Self { document, rdf, changes, begun, namespaces })
    }

    /// Changes a list of keywords.
    fn list(&mut self, known: &ListName, plan: &Plan, list: List) {
        let plan = plan.of(list);
        if plan.is_empty() {
            return;
        }
        let document = self.document;
        let places = document.places(&known.name);
        let mut target = None;
        let mut homeless = Vec::new();
        for place in &places {
            let items = document.items(place);
            let (gone, kept): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| {
                list.keyword(&item.text).is_some_and(|keyword| plan.drop.contains(&keyword))
            });
            let container = match place {
                Property::Element(element) => container(element),
                Property::Attribute(..) => None,
            };
            let is_target = target.is_none() && !plan.add.is_empty();
            // Items that are no words, which other programs understand.
            let has_others =
                container.is_some_and(|all| all.children.len() > gone.len() + kept.len());
            match container {
                Some(container) if !kept.is_empty() || has_others || is_target => {
                    for span in gone.into_iter().filter_map(|item| item.span) {
                        self.remove(span);
                    }
                    target = target.or(Some(container));
                }
                // A text alone becomes a list.
                None if gone.is_empty() && plan.add.is_empty() => {}
                None => {
                    homeless.extend(kept.into_iter().map(|item| item.text));
                    self.remove_property(place);
                }
                Some(_) => self.remove_property(place),
            }
        }
        let add: Vec<String> = homeless.into_iter().chain(plan.add.iter().cloned()).collect();
        match target {
            _ if add.is_empty() => {}
            Some(container) => self.append(container, &add),
            None => self.begin(known, &add),
        }
    }

    /// Adds words to an `rdf:Bag` or the like.
    fn append(&mut self, container: &Element, words: &[String]) {
        let rdf = &self.rdf;
        let item =
            |word: &String| format!("<{rdf}:li>{}</{rdf}:li>", minimal_escape(word.as_str()));
        let items: Vec<String> = words.iter().map(item).collect();
        self.append_items(container, &items);
    }

    /// Adds items, set as the last one is.
    fn append_items(&mut self, container: &Element, items: &[String]) {
        let source = self.document.source;
        match container.children.last() {
            Some(last) => {
                let gap = &source[white_before(source, last.span.start)..last.span.start];
                let text = items.iter().flat_map(|item| [gap, item.as_str()]).collect();
                self.changes.push((last.span.end..last.span.end, text));
            }
            None => self.put_into(container, items.concat()),
        }
    }

    fn put_into(&mut self, element: &Element, text: String) {
        put_into(&mut self.changes, self.document.source, element, text);
    }

    /// Begins a list.
    fn begin(&mut self, known: &ListName, items: &[String]) {
        let kind = if known.is_ordered { "Seq" } else { "Bag" };
        let name = self.name(&known.name);
        let text = ours::bag(&name, &self.rdf, kind, items, "   ");
        self.begun.push_str(&text);
    }

    /// A name as it is written where we begin properties.
    fn name(&mut self, name: &Name) -> String {
        format!("{}:{}", self.prefix(name.uri, name.prefix), name.local)
    }

    fn prefix(&mut self, uri: &'static str, prefix: &'static str) -> &'static str {
        if !self.namespaces.contains(&(prefix, uri)) {
            self.namespaces.push((prefix, uri));
        }
        prefix
    }

    /// Notes what we wrote, in place of what was noted before.
    fn record(&mut self, plan: &Plan) {
        let noted = List::ALL.into_iter().filter_map(ours::noted);
        let document = self.document;
        for name in noted.chain([GIVEN]) {
            for place in document.places(&name) {
                self.remove_property(&place);
            }
        }
        if !plan.record.is_empty() {
            let prefix = self.prefix(NAMESPACE, GIVEN.prefix);
            let text = ours::written(&plan.record, prefix, &self.rdf);
            self.begun.push_str(&text);
        }
    }

    /// Says when the metadata was changed.
    fn date(&mut self, now: &str) {
        let now = escape(now).into_owned();
        let document = self.document;
        match document.places(&METADATA_DATE).into_iter().next() {
            Some(Property::Element(element)) if !element.is_empty_tag => {
                self.changes.push((element.content.clone(), now));
            }
            Some(Property::Attribute(_, value)) => self.changes.push((value, now)),
            Some(Property::Element(_)) => {}
            None => {
                let name = self.name(&METADATA_DATE);
                self.begun.push_str(&format!("\n   <{name}>{now}</{name}>"));
            }
        }
    }

    /// Adds an event to the history, where there is one.
    fn history(&mut self, writer: &Writer) {
        let document = self.document;
        let history = document.places(&HISTORY).into_iter().next();
        let Some(Property::Element(element)) = history else { return };
        let Some(events) = container(element) else { return };
        let rdf = &self.rdf;
        let (software, now) = (escape(writer.software), escape(writer.now));
        let event = format!(
            "<{rdf}:li xmlns:stEvt=\"{EVENT}\" stEvt:action=\"saved\" \
             stEvt:changed=\"/metadata\" stEvt:softwareAgent=\"{software}\" stEvt:when=\"{now}\"/>"
        );
        self.append_items(events, &[event]);
    }

    fn remove(&mut self, span: Range<usize>) {
        let start = white_before(self.document.source, span.start);
        let removed = start..span.end;
        if !self.changes.iter().any(|(range, _)| *range == removed) {
            self.changes.push((removed, String::new()));
        }
    }

    fn remove_property(&mut self, place: &Property) {
        match place {
            Property::Element(element) => self.remove(element.span.clone()),
            Property::Attribute(span, _) => self.changes.push((span.clone(), String::new())),
        }
    }

    /// The description that we began earlier: new properties go there, unless its prefixes are not ours.
    fn home(&self) -> Option<&'a Element> {
        let is_home = |description: &&Element| {
            let is_free = |(prefix, uri): &(&str, &str)| {
                description.namespace_of(prefix).is_none_or(|known| known == *uri)
            };
            is_ours(description) && !description.is_empty_tag && self.namespaces.iter().all(is_free)
        };
        self.document.descriptions().find(is_home)
    }

    /// The text with all changes made.
    fn apply(mut self) -> String {
        if !self.begun.is_empty() {
            self.settle();
        }
        self.drop_empty_descriptions();
        made(self.document.source, self.changes)
    }

    /// Gives the properties that are begun a place.
    fn settle(&mut self) {
        let begun = std::mem::take(&mut self.begun);
        let declare = |(prefix, uri): &(&str, &str)| format!(" xmlns:{prefix}=\"{uri}\"");
        if let Some(home) = self.home() {
            let is_missing = |(prefix, _): &&(&str, &str)| home.namespace_of(prefix).is_none();
            let missing = self.namespaces.iter().filter(is_missing).map(declare).collect();
            let tag = home.content.start - 1;
            self.changes.push((tag..tag, missing));
            return self.put_into(home, begun);
        }
        let document = self.document;
        let about = document.descriptions().next().and_then(|first| {
            first.attribute(RDF, "about").or_else(|| first.attribute("", "about"))
        });
        let about = about.map_or("", |about| &document.source[about.value.clone()]);
        let quote = if about.contains('"') { '\'' } else { '"' };
        let rdf = &self.rdf;
        let namespaces: String = self.namespaces.iter().map(declare).collect();
        let text = format!(
            "\n  <{rdf}:Description {rdf}:about={quote}{about}{quote}{namespaces}>{begun}\n  \
             </{rdf}:Description>"
        );
        self.put_into(document.body().unwrap_or(document.root()), text);
    }

    /// Descriptions in which nothing is left go as a whole; ours with its date.
    fn drop_empty_descriptions(&mut self) {
        let source = self.document.source;
        for description in self.document.descriptions() {
            let mut attributes = description.attributes.iter().map(|attribute| &attribute.name);
            let is_bare = attributes.all(|name| name.is(RDF, "about") || name.is("", "about"));
            let is_date =
                |child: &&Element| child.name.is_named(&METADATA_DATE) && is_ours(description);
            let gone = |child: &Element| {
                self.changes
                    .iter()
                    .any(|(range, new)| new.is_empty() && contains(range, &child.span))
            };
            let date = description.children.iter().find(is_date).map(|date| date.span.clone());
            let gets = |(range, new): &Change| {
                let is_of_date = date.as_ref().is_some_and(|date| contains(date, range));
                !new.is_empty() && contains(&description.content, range) && !is_of_date
            };
            let is_left = is_bare
                && description.children.iter().any(gone)
                && description.children.iter().all(|child| is_date(&child) || gone(child))
                && !self.changes.iter().any(gets);
            if is_left {
                let start = white_before(source, description.span.start);
                self.changes.push((start..description.span.end, String::new()));
            }
        }
    }
}

/// Whether we began a description.
fn is_ours(description: &Element) -> bool {
    description.children.iter().any(|child| child.name.uri == NAMESPACE)
}
