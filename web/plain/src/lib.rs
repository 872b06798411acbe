//! Plain values as bytes that say what they are: numbers, texts, lists, records.
//!
//! It is what records become on their way into the browser's database, and messages on their way to
//! the worker. A type has one reading and one writing, whatever it is read from: with serde each
//! is compiled once a format, and they were a tenth of the page. `static/plain.js` is the other end, where
//! bytes become the browser's own values.

mod macros;
mod mark;
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

#[cfg(test)]
mod tests;
