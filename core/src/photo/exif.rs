//! The orientation in an Exif block.
//!
//! Readers disagree about odd blocks. This one takes what Pillow, libvips and exiftool take: the
//! first orientation of IFD0, as BYTE, SHORT or LONG, of any count, in a block that may be cut
//! behind it. IFD1 tells of the thumbnail and is not looked at.

use super::orientation::Orientation;

const ORIENTATION: u16 = 0x0112;
/// An entry of a directory: tag, type, count, value or its place.
const ENTRY_BYTES: usize = 12;

/// The orientation that `block` gives, with or without JPEG's `Exif` name before it.
///
/// Layout: TIFF 6.0, section 2.
pub(super) fn orientation(block: &[u8]) -> Option<Orientation> {
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let tiff = Tiff::new(block)?;
    tiff.entries()
        .find(|entry| entry.tag == ORIENTATION)?
        .value(&tiff)
        .and_then(Orientation::from_exif)
}

/// A TIFF structure, of which the first directory is read.
pub(super) struct Tiff<'a> {
    bytes: &'a [u8],
    is_little_endian: bool,
}

/// A field of a directory.
pub(super) struct Entry {
    /// What it is.
    pub(super) tag: u16,
    kind: u16,
    count: u32,
    /// Where the value, or the place that has it, is.
    at: usize,
}

impl<'a> Tiff<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_little_endian = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => true,
            [b'M', b'M', 0, 42] => false,
            _ => return None,
        };
        Some(Self { bytes, is_little_endian })
    }

    /// The entries of IFD0, as far as the bytes reach: their number is not to be relied on.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let start = self.long(4).and_then(|start| usize::try_from(start).ok());
        let count = start.and_then(|start| self.short(start)).unwrap_or(0);
        let first = start.unwrap_or(0).saturating_add(2);
        (0..usize::from(count)).map_while(move |index| {
            let at = first.checked_add(index * ENTRY_BYTES)?;
            let (tag, kind) = (self.short(at)?, self.short(at + 2)?);
            Some(Entry { tag, kind, count: self.long(at + 4)?, at: at + 8 })
        })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let little = self.is_little_endian;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let little = self.is_little_endian;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }
}

impl Entry {
    /// The first of its values, if they are whole numbers without a sign.
    pub(super) fn value(&self, tiff: &Tiff) -> Option<u32> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with these entries (tag, type, count, four bytes of value), its directory at 8.
    fn block(is_little_endian: bool, entries: &[(u16, u16, u32, [u8; 4])]) -> Vec<u8> {
        let short = |value: u16| match is_little_endian {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let long = |value: u32| match is_little_endian {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let mut bytes = if is_little_endian { b"II\x2a\0".to_vec() } else { b"MM\0\x2a".to_vec() };
        bytes.extend(long(8));
        bytes.extend(short(entries.len() as u16));
        for &(tag, kind, count, value) in entries {
            bytes.extend(short(tag));
            bytes.extend(short(kind));
            bytes.extend(long(count));
            bytes.extend(value);
        }
        bytes.extend([0; 4]);
        bytes
    }

    fn read(block: &[u8]) -> Option<u8> {
        orientation(block).map(Orientation::exif)
    }

    #[test]
    fn orientations_of_every_type_count_and_byte_order() {
        let cases: [(&str, bool, u16, u32, [u8; 4]); 7] = [
            ("SHORT, little-endian", true, 3, 1, [6, 0, 0, 0]),
            ("SHORT, big-endian", false, 3, 1, [0, 6, 0, 0]),
            ("SHORT, twice", true, 3, 2, [6, 0, 1, 0]),
            ("LONG, little-endian", true, 4, 1, [6, 0, 0, 0]),
            ("LONG, big-endian", false, 4, 1, [0, 0, 0, 6]),
            ("BYTE", false, 1, 1, [6, 0, 0, 0]),
            ("BYTE, four times", false, 1, 4, [6, 1, 1, 1]),
        ];
        for (what, is_little_endian, kind, count, value) in cases {
            let entries = [(0x010F, 2, 4, *b"Ours"), (ORIENTATION, kind, count, value)];
            assert_eq!(read(&block(is_little_endian, &entries)), Some(6), "{what}");
        }
    }

    #[test]
    fn long_lists_of_values_lie_elsewhere() {
        let mut bytes = block(true, &[(ORIENTATION, 3, 3, [0; 4])]);
        let at = bytes.len() as u32;
        bytes[18..22].copy_from_slice(&at.to_le_bytes());
        bytes.extend([8, 0, 1, 0, 1, 0]);
        assert_eq!(read(&bytes), Some(8));
        bytes.truncate(at as usize + 1);
        assert_eq!(read(&bytes), None);
    }

    #[test]
    fn the_first_orientation_counts_and_the_block_may_end_behind_it() {
        let six = (ORIENTATION, 3, 1, [6, 0, 0, 0]);
        let mut bytes = block(true, &[six, (ORIENTATION, 3, 1, [1, 0, 0, 0])]);
        assert_eq!(read(&bytes), Some(6));
        let named = [b"Exif\0\0", bytes.as_slice()].concat();
        assert_eq!(read(&named), Some(6));
        bytes.truncate(8 + 2 + ENTRY_BYTES);
        bytes[8..10].copy_from_slice(&[0xFF, 0xFF]);
        assert_eq!(read(&bytes), Some(6), "more entries are promised than there are");
        for length in 0..bytes.len() - 3 {
            assert_eq!(read(&bytes[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn what_is_no_orientation_is_none() {
        let nothing = [
            block(true, &[]),
            block(true, &[(ORIENTATION, 3, 1, [9, 0, 0, 0])]),
            block(true, &[(ORIENTATION, 2, 1, [6, 0, 0, 0])]),
            block(true, &[(ORIENTATION, 3, 0, [6, 0, 0, 0])]),
            b"II\x2a\0\xff\xff\xff\xff".to_vec(),
        ];
        for (index, bytes) in nothing.iter().enumerate() {
            assert_eq!(read(bytes), None, "case {index}");
        }
    }
}
