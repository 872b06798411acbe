//! TIFF's structure, as Exif blocks have it (TIFF 6.0, section 2).

use crate::taken::Taken;

/// An entry of a directory: tag, type, count, value or its place.
const ENTRY_BYTES: usize = 12;

/// A TIFF structure.
pub struct Tiff<'a> {
    bytes: &'a [u8],
    pub(crate) is_little_endian: bool,
}

/// A field of a directory.
pub struct Entry {
    /// What it is.
    pub tag: u16,
    kind: u16,
    pub(crate) count: u32,
    /// Where the value, or the place that has it, is.
    pub(crate) at: usize,
}

impl<'a> Tiff<'a> {
    /// Reads the eight bytes before it; nothing if they are others.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_little_endian = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => true,
            [b'M', b'M', 0, 42] => false,
            _ => return None,
        };
        Some(Self { bytes, is_little_endian })
    }

    /// The first entry of IFD0 with this tag.
    pub fn entry(&self, tag: u16) -> Option<Entry> {
        let start = usize::try_from(self.long(4)?).ok()?;
        self.directory(start).find(|entry| entry.tag == tag)
    }

    /// The entries of the directory at byte `start`, as far as the bytes reach: their number is not
    /// to be relied on.
    pub fn directory(&self, start: usize) -> impl Iterator<Item = Entry> {
        let count = self.short(start).unwrap_or(0);
        let first = start.saturating_add(2);
        (0..usize::from(count)).map_while(move |index| {
            let at = first.checked_add(index * ENTRY_BYTES)?;
            let (tag, kind) = (self.short(at)?, self.short(at + 2)?);
            Some(Entry { tag, kind, count: self.long(at + 4)?, at: at + 8 })
        })
    }

    /// The two bytes at `at` as a number.
    pub(crate) fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let little = self.is_little_endian;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    /// The four bytes at `at` as a number.
    pub(crate) fn long(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let little = self.is_little_endian;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }
}

impl Entry {
    /// The date that its text is, whatever type it has.
    pub fn date(&self, tiff: &Tiff) -> Option<Taken> {
        let at = usize::try_from(tiff.long(self.at)?).ok()?;
        let text = tiff.bytes.get(at..)?;
        let length = usize::try_from(self.count).ok()?.min(text.len());
        Taken::read(&text[..length])
    }

    /// Its values, if they are bytes.
    pub fn bytes<'a>(&self, tiff: &Tiff<'a>) -> Option<&'a [u8]> {
        let length = usize::try_from(self.count).ok()?;
        let at = if length <= 4 { self.at } else { usize::try_from(tiff.long(self.at)?).ok()? };
        let is_bytes = matches!(self.kind, 1 | 7);
        tiff.bytes.get(at..)?.get(..length).filter(|_| is_bytes)
    }

    /// The first of its values, if they are whole numbers without a sign.
    pub fn value(&self, tiff: &Tiff) -> Option<u32> {
        let bytes_each = match self.kind {
            1 => 1,
            3 => 2,
            4 => 4,
            _ => return None,
        };
        // What does not fit into four bytes lies elsewhere.
        let fits = self.count.checked_mul(bytes_each).is_some_and(|bytes| bytes <= 4);
        let at = if fits { self.at } else { usize::try_from(tiff.long(self.at)?).ok()? };
        match self.kind {
            _ if self.count == 0 => None,
            1 => tiff.bytes.get(at).map(|&byte| byte.into()),
            3 => tiff.short(at).map(u32::from),
            _ => tiff.long(at),
        }
    }
}
