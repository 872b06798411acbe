//! An XML document as a tree of elements that know where in the text they stand.

use std::ops::Range;
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::names::{Name, XML};
use crate::refusal::{Fault, Refusal};

const MARKUP: Refusal = Refusal::Xmp(Fault::Markup);

/// Deeper documents are refused.
const DEPTH: usize = 64;
/// More prefixes in one place are refused.
const PREFIXES: usize = 256;

/// A name, resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Resolved {
    /// The namespace, empty if there is none.
    pub(super) uri: String,
    /// The name in it.
    pub(super) local: String,
}

impl Resolved {
    /// Whether it is this one.
    pub(super) fn is(&self, uri: &str, local: &str) -> bool {
        self.uri == uri && self.local == local
    }

    /// The same of a known name.
    pub(super) fn is_named(&self, name: &Name) -> bool {
        self.is(name.uri, name.local)
    }
}

/// An attribute.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: Resolved,
    /// All of it, with the white space before it.
    pub(super) span: Range<usize>,
    /// What is between the quotes.
    pub(super) value: Range<usize>,
}

/// An element.
#[derive(Debug, Clone, Default)]
pub(super) struct Element {
    pub(super) name: Resolved,
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Element>,
    /// From `<` to the last `>`.
    pub(super) span: Range<usize>,
    /// Between the tags; empty, and behind the tag, where there is but one.
    pub(super) content: Range<usize>,
    /// Whether it has but one tag.
    pub(super) is_empty_tag: bool,
    /// Whether there is CDATA in it, in which `&` means itself.
    has_cdata: bool,
    /// Prefixes that can be used in it, the innermost last.
    scope: Rc<Vec<(String, String)>>,
}

impl Element {
    /// The first child of this name.
    pub(super) fn child(&self, uri: &str, local: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name.is(uri, local))
    }

    /// Its attribute of this name.
    pub(super) fn attribute(&self, uri: &str, local: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.is(uri, local))
    }

    /// The text in it, if there are no elements.
    pub(super) fn text(&self, source: &str) -> Option<String> {
        let raw = &source[self.content.clone()];
        if !self.children.is_empty() {
            return None;
        }
        if self.has_cdata {
            return Some(without_cdata(raw));
        }
        value(raw)
    }

    /// The namespace that a prefix means here.
    pub(super) fn namespace_of(&self, prefix: &str) -> Option<&str> {
        lookup(&self.scope, prefix)
    }

    /// A prefix that means this namespace here.
    pub(super) fn prefix_of(&self, uri: &str) -> Option<&str> {
        let meant = |prefix: &str| self.namespace_of(prefix) == Some(uri);
        let prefixes = self.scope.iter().rev().map(|(prefix, _)| prefix.as_str());
        prefixes.filter(|prefix| !prefix.is_empty()).find(|prefix| meant(prefix))
    }
}

/// A raw value, its entities resolved.
pub(super) fn value(raw: &str) -> Option<String> {
    unescape(raw).ok().map(Into::into)
}

fn without_cdata(raw: &str) -> String {
    let mut text = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once("<![CDATA[") {
        let (inside, behind) = after.split_once("]]>").unwrap_or((after, ""));
        text.push_str(&value(before).unwrap_or_default());
        text.push_str(inside);
        rest = behind;
    }
    text + &value(rest).unwrap_or_default()
}

/// The document's root element.
pub(super) fn parse(source: &str) -> Result<Element, Refusal> {
    let mut reader = Reader::from_str(source);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        let start = place(&reader);
        let event = reader.read_event().map_err(|_| MARKUP)?;
        let end = place(&reader);
        match event {
            Event::Start(tag) => {
                if root.is_some() {
                    return Err(MARKUP);
                }
                if open.len() == DEPTH {
                    return Err(Refusal::Xmp(Fault::Depth));
                }
                open.push(element(&tag, source, start..end, open.last())?);
            }
            Event::Empty(tag) => {
                if root.is_some() {
                    return Err(MARKUP);
                }
                let mut element = element(&tag, source, start..end, open.last())?;
                element.is_empty_tag = true;
                close(element, &mut open, &mut root);
            }
            Event::End(_) => {
                // The reader has compared the names.
                let Some(mut element) = open.pop() else { return Err(MARKUP) };
                element.content.end = start;
                element.span.end = end;
                close(element, &mut open, &mut root);
            }
            Event::CData(_) => {
                if let Some(element) = open.last_mut() {
                    element.has_cdata = true;
                }
            }
            Event::DocType(_) => return Err(MARKUP),
            Event::Eof => break,
            _ => {}
        }
    }
    if !open.is_empty() {
        return Err(MARKUP);
    }
    root.ok_or(MARKUP)
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *root = Some(element),
    }
}

fn place(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn element(
    tag: &BytesStart,
    source: &str,
    span: Range<usize>,
    parent: Option<&Element>,
) -> Result<Element, Refusal> {
    let mut scope = parent.map(|parent| parent.scope.clone()).unwrap_or_default();
    let mut raw: Vec<Raw> = Vec::new();
    // Behind `<` and the name.
    let mut at = span.start + 1 + tag.name().as_ref().len();
    while let Some((key, span, value)) = attribute(source, &mut at)? {
        match key.strip_prefix("xmlns") {
            Some("") => declare(&mut scope, "", &source[value.clone()])?,
            Some(rest) if rest.starts_with(':') => {
                declare(&mut scope, &rest[1..], &source[value.clone()])?;
            }
            _ if raw.iter().any(|(known, ..)| *known == key) => {
                return Err(MARKUP);
            }
            _ => raw.push((key, span, value)),
        }
    }
    let name = resolve(tag.name().as_ref(), &scope, true)?;
    let attributes = raw.into_iter().map(|(key, span, value)| {
        Ok(Attribute { name: resolve(key, &scope, false)?, span, value })
    });
    let attributes = attributes.collect::<Result<_, Refusal>>()?;
    let content = span.end..span.end;
    Ok(Element { name, attributes, span, content, scope, ..Element::default() })
}

/// An attribute's name, all of it, and what is between the quotes.
type Raw<'a> = (&'a str, Range<usize>, Range<usize>);

/// The next attribute of a tag, from the white space before it on; none at the tag's end. quick-xml's own
/// do not say where they stand, and keep a set of names that weighs more than all of this.
fn attribute<'a>(source: &'a str, at: &mut usize) -> Result<Option<Raw<'a>>, Refusal> {
    let start = *at;
    let rest = &source[start..];
    let key = rest.trim_start();
    if key.starts_with(['>', '/']) {
        return Ok(None);
    }
    let is_apart = key.len() < rest.len();
    let (key, behind) = key.split_once('=').ok_or(MARKUP)?;
    let quoted = behind.trim_start();
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or(MARKUP)?;
    let (value, behind) = quoted[1..].split_once(quote).ok_or(MARKUP)?;
    let key = key.trim_end();
    let is_odd = |character: char| character.is_whitespace() || "<>\"'/".contains(character);
    if !is_apart || key.is_empty() || key.contains(is_odd) || value.contains('<') {
        return Err(MARKUP);
    }
    *at = source.len() - behind.len();
    let end = *at - 1;
    Ok(Some((key, start..*at, end - value.len()..end)))
}

fn declare(scope: &mut Rc<Vec<(String, String)>>, prefix: &str, raw: &str) -> Result<(), Refusal> {
    let uri = value(raw).ok_or(MARKUP)?;
    // Children share their parent's prefixes until they have some of their own.
    let scope = Rc::make_mut(scope);
    if scope.len() == PREFIXES {
        return Err(Refusal::Xmp(Fault::Depth));
    }
    scope.push((prefix.to_owned(), uri));
    Ok(())
}

fn lookup<'a>(scope: &'a [(String, String)], prefix: &str) -> Option<&'a str> {
    scope.iter().rev().find(|(known, _)| known == prefix).map(|(_, uri)| uri.as_str())
}

/// Attributes without a prefix are in no namespace, elements in the default one.
fn resolve(name: &str, scope: &[(String, String)], is_element: bool) -> Result<Resolved, Refusal> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let uri = match prefix {
        "" if !is_element => "",
        "" => lookup(scope, "").unwrap_or_default(),
        "xml" => XML,
        prefix => lookup(scope, prefix).ok_or(MARKUP)?,
    };
    Ok(Resolved { uri: uri.to_owned(), local: local.to_owned() })
}
