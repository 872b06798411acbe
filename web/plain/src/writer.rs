//! Items into bytes.

use crate::mark;

/// Bytes, to which items are added.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Nothing.
    pub fn nothing(&mut self) {
        self.0.push(mark::NOTHING);
    }

    /// Yes or no.
    pub fn bool(&mut self, is: bool) {
        self.0.push(if is { mark::TRUE } else { mark::FALSE });
    }

    /// A number.
    pub fn number(&mut self, number: f64) {
        self.0.push(mark::NUMBER);
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.0.push(mark::TEXT);
        self.key(text);
    }

    /// Bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.begin(mark::BYTES, bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// So many items follow.
    pub fn list(&mut self, items: usize) {
        self.begin(mark::LIST, items);
    }

    /// So many fields follow, each a key and an item.
    pub fn record(&mut self, fields: usize) {
        self.begin(mark::RECORD, fields);
    }

    /// So many pairs follow, each a key and an item.
    pub fn table(&mut self, pairs: usize) {
        self.begin(mark::TABLE, pairs);
    }

    /// The name of what follows.
    pub fn key(&mut self, name: &str) {
        self.length(name.len());
        self.0.extend_from_slice(name.as_bytes());
    }

    fn begin(&mut self, mark: u8, length: usize) {
        self.0.push(mark);
        self.length(length);
    }

    fn length(&mut self, length: usize) {
        let length = u32::try_from(length).expect("a module has four gigabytes");
        self.0.extend_from_slice(&length.to_le_bytes());
    }
}
