//! What becomes of a file.

use std::ops::Range;

use crate::lists::Lists;

/// What writing comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<T> {
    /// The file says it already.
    Unchanged(Lists),
    /// The file has to change.
    Changed(Change<T>),
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<T> {
    /// The lists before.
    pub before: Lists,
    /// The lists after.
    pub after: Lists,
    /// What is to be done.
    pub output: T,
}

/// A new file in pieces, most of which are the old one's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// In the new file's order.
    pub pieces: Vec<Piece>,
}

/// A piece of a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes of the old file.
    Old(Range<usize>),
    /// New ones.
    New(Vec<u8>),
}

impl Patch {
    /// The new file.
    ///
    /// # Panics
    /// If `old` is not the file that the patch was made of.
    pub fn apply(&self, old: &[u8]) -> Vec<u8> {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Old(range) => &old[range.clone()],
            Piece::New(bytes) => bytes,
        });
        pieces.collect::<Vec<_>>().concat()
    }
}

/// What becomes of a sidecar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidecarFile {
    /// It is to hold this.
    Write(Vec<u8>),
    /// It is to go: nothing is left in it that anybody else put there.
    Delete,
}
