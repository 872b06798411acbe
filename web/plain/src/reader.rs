//! Bytes into items.

use crate::mark;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item<'a> {
    /// Nothing.
    Nothing,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// So many items follow.
    List(usize),
    /// So many keys follow, each with an item: a record, or a table.
    Keyed(usize),
}

/// Bytes that are read from the front.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads these.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all is read.
    pub fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// The next item, or its beginning.
    pub fn item(&mut self) -> Option<Item<'a>> {
        Some(match *self.bytes(1)?.first()? {
            mark::NOTHING => Item::Nothing,
            mark::FALSE => Item::Bool(false),
            mark::TRUE => Item::Bool(true),
            mark::NUMBER => Item::Number(f64::from_le_bytes(self.bytes(8)?.try_into().ok()?)),
            mark::TEXT => Item::Text(self.key()?),
            mark::BYTES => {
                let length = self.length()?;
                Item::Bytes(self.bytes(length)?)
            }
            mark::LIST => Item::List(self.length()?),
            mark::RECORD | mark::TABLE => Item::Keyed(self.length()?),
            _ => return None,
        })
    }

    /// The name of what follows.
    pub fn key(&mut self) -> Option<&'a str> {
        let length = self.length()?;
        str::from_utf8(self.bytes(length)?).ok()
    }

    /// A record or a table: gives every key to `take`, which has to read what follows it.
    pub fn keyed(&mut self, take: &mut dyn FnMut(&'a str, &mut Self) -> Option<()>) -> Option<()> {
        let Item::Keyed(pairs) = self.item()? else { return None };
        for _ in 0..pairs {
            let key = self.key()?;
            take(key, self)?;
        }
        Some(())
    }

    /// A list: has `take` read every item.
    pub fn list(&mut self, take: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let Item::List(items) = self.item()? else { return None };
        for _ in 0..items {
            take(self)?;
        }
        Some(())
    }

    /// Leaves an item out, with all that is in it.
    pub fn skip(&mut self) -> Option<()> {
        match self.item()? {
            Item::List(items) => {
                for _ in 0..items {
                    self.skip()?;
                }
            }
            Item::Keyed(pairs) => {
                for _ in 0..pairs {
                    self.key()?;
                    self.skip()?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn length(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?) as usize)
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}
