//! A packet's properties, wherever and however they stand.

use std::ops::Range;

use super::names::{self, META, Name, RDF};
use super::tree::{self, Element};
use crate::lists::{List, Lists};
use crate::refusal::{Fault, Refusal};

/// A packet's text and its tree.
pub(super) struct Document<'a> {
    pub(super) source: &'a str,
    root: Element,
}

/// A property where it stands.
pub(super) enum Property<'a> {
    /// `<dc:subject>…</dc:subject>`.
    Element(&'a Element),
    /// `dc:subject="…"` of a description: all of it, and what is between the quotes.
    Attribute(Range<usize>, Range<usize>),
}

/// An item of a list.
pub(super) struct Item {
    /// As it is written.
    pub(super) text: String,
    /// Its element, where it has one of its own.
    pub(super) span: Option<Range<usize>>,
}

impl<'a> Document<'a> {
    pub(super) fn parse(source: &'a str) -> Result<Self, Refusal> {
        let root = tree::parse(source)?;
        // Before 2004 the root was x:xapmeta.
        match root.name.is(RDF, "RDF") || root.name.uri == META {
            true => Ok(Self { source, root }),
            false => Err(Refusal::Xmp(Fault::NoRdf)),
        }
    }

    /// The element that holds all descriptions. Where there are none it may be missing.
    pub(super) fn body(&self) -> Option<&Element> {
        match self.root.name.is(RDF, "RDF") {
            true => Some(&self.root),
            false => self.root.child(RDF, "RDF"),
        }
    }

    /// The element of the whole document.
    pub(super) fn root(&self) -> &Element {
        &self.root
    }

    /// Where the document ends; padding comes behind.
    pub(super) fn end(&self) -> usize {
        self.root.span.end
    }

    /// What wrote the packet first.
    pub(super) fn toolkit(&self) -> Option<String> {
        let toolkit = self.root.attribute(META, "xmptk")?;
        tree::value(&self.source[toolkit.value.clone()])
    }

    pub(super) fn descriptions(&self) -> impl Iterator<Item = &Element> {
        self.body()
            .into_iter()
            .flat_map(|body| &body.children)
            .filter(|child| child.name.is(RDF, "Description"))
    }

    /// Every place at which a property stands: there should be one.
    pub(super) fn places(&self, name: &Name) -> Vec<Property<'_>> {
        let mut places = Vec::new();
        for description in self.descriptions() {
            let attributes = description.attributes.iter();
            for attribute in attributes.filter(|attribute| attribute.name.is_named(name)) {
                places.push(Property::Attribute(attribute.span.clone(), attribute.value.clone()));
            }
            let children = description.children.iter();
            places
                .extend(children.filter(|child| child.name.is_named(name)).map(Property::Element));
        }
        places
    }

    /// A property that is a single text.
    pub(super) fn simple(&self, name: &Name) -> Option<String> {
        match self.places(name).into_iter().next()? {
            Property::Element(element) => element.text(self.source),
            Property::Attribute(_, value) => tree::value(&self.source[value]),
        }
    }

    /// The items of one place of a list. A text alone counts as a list of one.
    pub(super) fn items(&self, place: &Property) -> Vec<Item> {
        match place {
            Property::Element(element) => match container(element) {
                Some(container) => {
                    container.children.iter().filter_map(|li| self.item(li)).collect()
                }
                None => element.text(self.source).and_then(alone).into_iter().collect(),
            },
            Property::Attribute(_, value) => {
                tree::value(&self.source[value.clone()]).and_then(alone).into_iter().collect()
            }
        }
    }

    fn item(&self, li: &Element) -> Option<Item> {
        let is_item = li.name.is(RDF, "li");
        let text = li.text(self.source).filter(|text| is_item && !text.trim().is_empty())?;
        Some(Item { text, span: Some(li.span.clone()) })
    }

    /// The texts of a list, wherever it stands.
    pub(super) fn texts(&self, name: &Name) -> Vec<String> {
        let places = self.places(name);
        places.iter().flat_map(|place| self.items(place)).map(|item| item.text).collect()
    }

    /// All lists of keywords.
    pub(super) fn lists(&self) -> Lists {
        let mut lists = Lists::default();
        for list in List::ALL {
            if let Some(known) = names::of_list(list) {
                let texts = self.texts(&known.name);
                *lists.of_mut(list) = texts.iter().filter_map(|text| list.keyword(text)).collect();
            }
        }
        lists
    }
}

/// The `rdf:Bag` or the like that holds a property's items.
pub(super) fn container(property: &Element) -> Option<&Element> {
    let is_container = |child: &&Element| {
        child.name.uri == RDF && matches!(child.name.local.as_str(), "Bag" | "Seq" | "Alt")
    };
    property.children.iter().find(is_container)
}

fn alone(text: String) -> Option<Item> {
    (!text.trim().is_empty()).then_some(Item { text, span: None })
}
