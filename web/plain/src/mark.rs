//! What an item is, as its first byte. `static/plain.js` has the same numbers.

pub(crate) const NOTHING: u8 = 0;
pub(crate) const FALSE: u8 = 1;
pub(crate) const TRUE: u8 = 2;
/// Eight bytes follow, as all numbers here and there are 64-bit floats with their low bytes first.
pub(crate) const NUMBER: u8 = 3;
/// Its length in bytes and UTF-8 follow. Lengths are four bytes, the low ones first.
pub(crate) const TEXT: u8 = 4;
/// Their number and the bytes follow.
pub(crate) const BYTES: u8 = 5;
/// The number of its items and the items follow.
pub(crate) const LIST: u8 = 6;
/// The number of its fields, and of each a text without a mark and an item follow.
pub(crate) const RECORD: u8 = 7;
/// As a record; of keys that nobody knows beforehand.
pub(crate) const TABLE: u8 = 8;
