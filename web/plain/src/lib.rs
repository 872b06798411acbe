//! Plain values as bytes that say what they are: numbers, texts, lists, records.
//!
//! It is what records become on their way into the browser's database, and messages on their way to
//! the worker. A type has one reading and one writing, whatever it is read from: with serde each
//! is compiled once a format, and they were a tenth of the page. `static/plain.js` is the other end, where
//! bytes become the browser's own values.

mod macros;
mod reader;
mod types;
mod writer;

pub use reader::{Item, Reader};
pub use writer::Writer;

/// What is a plain value.
pub trait Plain: Sized {
    /// Writes it.
    fn put(&self, to: &mut Writer);

    /// Reads it; nothing if it is something else.
    fn take(from: &mut Reader) -> Option<Self>;

    /// Its bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        self.put(&mut writer);
        writer.into_bytes()
    }

    /// What is all of these bytes.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        Self::take(&mut reader).filter(|_| reader.is_at_end())
    }
}

/// What an item is, as its first byte. `static/plain.js` has the same numbers.
mod mark {
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
}

#[cfg(test)]
mod tests;
