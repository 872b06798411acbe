//! Changes of a file, made into one patch.

use std::ops::Range;

use crate::change::{Patch, Piece};
use crate::order::in_order;

/// Bytes that come in the place of others.
pub(crate) struct Splice {
    pub(crate) range: Range<usize>,
    pub(crate) bytes: Vec<u8>,
}

/// A patch that makes these changes, which do not overlap.
pub(crate) fn patch(length: usize, splices: Vec<Splice>) -> Patch {
    let splices = in_order(splices, |splice| (splice.range.start, splice.range.end));
    let (mut pieces, mut at) = (Vec::new(), 0);
    for Splice { range, bytes } in splices {
        if at < range.start {
            pieces.push(Piece::Old(at..range.start));
        }
        if !bytes.is_empty() {
            pieces.push(Piece::New(bytes));
        }
        at = range.end;
    }
    if at < length {
        pieces.push(Piece::Old(at..length));
    }
    Patch { pieces }
}
