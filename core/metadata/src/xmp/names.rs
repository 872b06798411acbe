//! The names of properties.

use crate::NAMESPACE;
use crate::lists::List;

/// A name in a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    /// What the namespace is known by.
    pub(super) uri: &'static str,
    /// How it is called where we name it.
    pub(super) prefix: &'static str,
    /// The name there.
    pub(super) local: &'static str,
}

const fn name(uri: &'static str, prefix: &'static str, local: &'static str) -> Name {
    Name { uri, prefix, local }
}

pub(super) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub(super) const META: &str = "adobe:ns:meta/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const MM: &str = "http://ns.adobe.com/xap/1.0/mm/";
/// Events of the history.
pub(super) const EVENT: &str = "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#";

pub(super) const METADATA_DATE: Name = name(XMP, "xmp", "MetadataDate");
pub(super) const HISTORY: Name = name(MM, "xmpMM", "History");
pub(super) const HAS_EXTENDED: Name =
    name("http://ns.adobe.com/xmp/note/", "xmpNote", "HasExtendedXMP");

/// A list of keywords as a property.
pub(super) struct ListName {
    pub(super) name: Name,
    /// Whether a new one is in order (`rdf:Seq`) or in none (`rdf:Bag`).
    pub(super) is_ordered: bool,
    /// Where we note what we put into it.
    pub(super) noted: Name,
}

const fn ours(local: &'static str) -> Name {
    name(NAMESPACE, "tagsight", local)
}

/// Tags that a machine gave.
pub(super) const GIVEN: Name = ours("Given");
/// What we put into IPTC.
pub(super) const IN_IPTC: Name = ours("InIptc");

const SUBJECT: ListName = ListName {
    name: name("http://purl.org/dc/elements/1.1/", "dc", "subject"),
    is_ordered: false,
    noted: ours("InSubject"),
};
const HIERARCHICAL: ListName = ListName {
    name: name("http://ns.adobe.com/lightroom/1.0/", "lr", "hierarchicalSubject"),
    is_ordered: false,
    noted: ours("InHierarchicalSubject"),
};
const TAGS_LIST: ListName = ListName {
    name: name("http://www.digikam.org/ns/1.0/", "digiKam", "TagsList"),
    is_ordered: true,
    noted: ours("InTagsList"),
};
const LAST_KEYWORD: ListName = ListName {
    name: name("http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto", "LastKeywordXMP"),
    is_ordered: false,
    noted: ours("InLastKeywordXMP"),
};

/// The property that a list is, if it is XMP's.
pub(super) const fn of_list(list: List) -> Option<&'static ListName> {
    match list {
        List::Subject => Some(&SUBJECT),
        List::Hierarchical => Some(&HIERARCHICAL),
        List::TagsList => Some(&TAGS_LIST),
        List::LastKeyword => Some(&LAST_KEYWORD),
        List::Iptc | List::Xp => None,
    }
}
