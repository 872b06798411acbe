//! Changes of a text, collected before any is made.

use std::ops::Range;

use super::tree::Element;
use crate::order::in_order;

/// What stands in the place of what.
pub(super) type Change = (Range<usize>, String);

/// Puts text at the end of an element, which may have but one tag.
pub(super) fn put_into(changes: &mut Vec<Change>, source: &str, element: &Element, text: String) {
    if element.is_empty_tag {
        let tag = &source[element.span.clone()];
        let name = tag[1..].split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default();
        let slash = element.span.end - 2;
        changes.push((slash..element.span.end, format!(">{text}</{name}>")));
    } else {
        let end = white_before(source, element.content.end).max(element.content.start);
        changes.push((end..end, text));
    }
}

/// A text with changes made. Of those in one place they go first that take something away.
pub(super) fn made(source: &str, changes: Vec<Change>) -> String {
    let changes = in_order(changes, |(range, _)| (range.start, range.end));
    let (mut text, mut at) = (String::with_capacity(source.len()), 0);
    for (range, new) in &changes {
        if range.start < at {
            // It lies within what went as a whole.
            continue;
        }
        text.push_str(&source[at..range.start]);
        text.push_str(new);
        at = range.end;
    }
    text + &source[at..]
}

/// Where the white space before a place begins.
pub(super) fn white_before(source: &str, place: usize) -> usize {
    source[..place].trim_end().len()
}

/// Whether one place lies within another.
pub(super) fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
