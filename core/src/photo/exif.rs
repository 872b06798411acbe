//! The orientation in an Exif block, and when the photo was taken.
//!
//! Readers disagree about odd blocks. This one takes for the orientation what Pillow, libvips and
//! exiftool take: the first orientation of IFD0, as BYTE, SHORT or LONG, of any count, in a block
//! that may be cut behind it. IFD1 tells of the thumbnail and is not looked at.

use tagsight_metadata::{Taken, Tiff, exif};

use super::orientation::Orientation;

const ORIENTATION: u16 = 0x0112;
/// What an Exif block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Exif {
    /// How the picture is to be turned; as it is stored, if the block does not say.
    pub(super) orientation: Orientation,
    /// When it was taken, else when it was changed last.
    pub(super) taken: Option<Taken>,
}

/// What `block` says, with or without JPEG's `Exif` name before it.
///
/// Layout: TIFF 6.0, section 2; EXIF 2.32, 4.6.
pub(super) fn read(block: &[u8]) -> Exif {
    let Some(tiff) = exif::structure(block) else { return Exif::default() };
    Exif { orientation: orientation(&tiff).unwrap_or_default(), taken: exif::taken(&tiff) }
}

fn orientation(tiff: &Tiff) -> Option<Orientation> {
    tiff.entry(ORIENTATION)?.value(tiff).and_then(Orientation::from_exif)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry of a directory.
    const ENTRY_BYTES: usize = 12;
    const DATE_TIME: u16 = 0x0132;
    const EXIF_DIRECTORY: u16 = 0x8769;
    const DATE_TIME_ORIGINAL: u16 = 0x9003;

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
        let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        orientation(&Tiff::new(block)?).map(Orientation::exif)
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

    /// A block whose IFD0 says when the file was changed, and whose other directory, behind it, when the
    /// photo was taken.
    fn dated(is_little_endian: bool, changed: &[u8; 20], taken: &[u8; 20]) -> Vec<u8> {
        const IFD0: u32 = 8;
        const OTHER: u32 = IFD0 + 2 + 2 * ENTRY_BYTES as u32 + 4;
        const TEXTS: u32 = OTHER + 2 + ENTRY_BYTES as u32 + 4;
        let long = |value: u32| match is_little_endian {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let entries = [(DATE_TIME, 2, 20, long(TEXTS)), (EXIF_DIRECTORY, 4, 1, long(OTHER))];
        let mut bytes = block(is_little_endian, &entries);
        // A directory alone is a block without its first eight bytes.
        let other = block(is_little_endian, &[(DATE_TIME_ORIGINAL, 2, 20, long(TEXTS + 20))]);
        bytes.extend(&other[8..]);
        bytes.extend(changed);
        bytes.extend(taken);
        bytes
    }

    fn taken(block: &[u8]) -> Option<String> {
        super::read(block).taken.map(|taken| taken.to_string())
    }

    const CHANGED: &[u8; 20] = b"2026:11:27 10:00:00\0";
    const TAKEN: &[u8; 20] = b"2026:11:26 09:13:18\0";

    #[test]
    fn a_photo_is_as_old_as_its_shot_or_else_as_its_file() {
        let unset = b"0000:00:00 00:00:00\0";
        for is_little_endian in [true, false] {
            let read = |changed, taken_at| taken(&dated(is_little_endian, changed, taken_at));
            assert_eq!(read(CHANGED, TAKEN).as_deref(), Some("2026-11-26T09:13:18"));
            assert_eq!(read(CHANGED, unset).as_deref(), Some("2026-11-27T10:00:00"));
            assert_eq!(read(unset, TAKEN).as_deref(), Some("2026-11-26T09:13:18"));
            assert_eq!(read(unset, unset), None);
        }
    }

    #[test]
    fn a_date_is_found_as_far_as_the_block_reaches() {
        let whole = dated(true, CHANGED, TAKEN);
        for missing in 0..whole.len() {
            let expected = match missing {
                // The zero behind a text says nothing.
                0..=1 => Some("2026-11-26T09:13:18"),
                2..=21 => Some("2026-11-27T10:00:00"),
                _ => None,
            };
            let found = taken(&whole[..whole.len() - missing]);
            assert_eq!(found.as_deref(), expected, "{missing} bytes are missing");
        }
    }

    #[test]
    fn places_that_there_are_not_hold_no_date() {
        let cases = [
            block(true, &[(EXIF_DIRECTORY, 4, 1, [0xFF; 4])]),
            // Directories that are their own.
            block(true, &[(EXIF_DIRECTORY, 4, 1, [8, 0, 0, 0])]),
            block(true, &[(EXIF_DIRECTORY, 4, u32::MAX, [8, 0, 0, 0])]),
            block(true, &[(DATE_TIME, 2, 20, [0xFF; 4])]),
            block(true, &[(DATE_TIME, 2, 4, *b"2026")]),
            block(true, &[(DATE_TIME, 2, u32::MAX, [0; 4])]),
        ];
        for (index, bytes) in cases.iter().enumerate() {
            assert_eq!(taken(bytes), None, "case {index}");
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
