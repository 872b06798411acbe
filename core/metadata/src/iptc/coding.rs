//! How a block's texts are coded: it may say so (1:90), and mostly does not.

use super::records::{self, DataSet};

/// Coded character set.
pub(super) const MARK: (u8, u8) = (1, 90);
/// ISO 2022's sequence for UTF-8.
pub(super) const UTF8: &[u8] = b"\x1b%G";

/// Record 2's values that are no texts: version, rasterised caption, preview.
const BINARY: [u8; 5] = [0, 125, 200, 201, 202];
/// The longest texts that may grow when they are coded otherwise, bytes (IIM 4.2, chapter 6).
const LONGEST: [(u8, usize); 18] = [
    (5, 64),
    (7, 64),
    (15, 3),
    (20, 32),
    (25, 64),
    (26, 5),
    (27, 64),
    (40, 256),
    (80, 32),
    (85, 32),
    (90, 32),
    (92, 32),
    (95, 32),
    (101, 64),
    (105, 256),
    (110, 32),
    (115, 32),
    (116, 128),
];

/// A coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Marked so.
    Utf8,
    /// Unmarked, and every text is ASCII.
    Ascii,
    /// Unmarked, and no UTF-8: what programs then take for Windows' Latin.
    Latin,
    /// Unmarked UTF-8, which some programs read as Latin.
    Unmarked,
    /// Marked as something else.
    Other,
}

impl Coding {
    pub(super) fn of(records: &[DataSet]) -> Self {
        if let Some(mark) = records.iter().find(|record| record.is(MARK)) {
            return if mark.value == UTF8 { Self::Utf8 } else { Self::Other };
        }
        let texts = || records.iter().filter(|record| is_text(record)).map(|record| record.value);
        if texts().all(<[u8]>::is_ascii) {
            Self::Ascii
        } else if texts().all(|text| str::from_utf8(text).is_ok()) {
            Self::Unmarked
        } else {
            Self::Latin
        }
    }

    /// A value as text.
    pub(super) fn decode(self, value: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 | Self::Ascii | Self::Unmarked => {
                str::from_utf8(value).ok().map(str::to_owned)
            }
            Self::Latin => Some(value.iter().map(|&byte| latin(byte)).collect()),
            // ASCII is the same in all of them.
            Self::Other => {
                str::from_utf8(value).ok().filter(|text| text.is_ascii()).map(str::to_owned)
            }
        }
    }

    /// A word as it is coded here, if that is certain. ASCII always is.
    pub(super) fn encode(self, word: &str) -> Option<Vec<u8>> {
        let is_certain = matches!(self, Self::Utf8) || word.is_ascii();
        is_certain.then(|| word.as_bytes().to_vec())
    }

    /// Every data set as it is.
    pub(super) fn keep(self, records: &[DataSet]) -> Vec<Vec<u8>> {
        records.iter().map(|record| record.bytes.to_vec()).collect()
    }

    /// Every data set in UTF-8, if it is certain what they say.
    pub(super) fn recode(self, records: &[DataSet]) -> Option<Vec<Vec<u8>>> {
        match self {
            Self::Utf8 | Self::Ascii => Some(self.keep(records)),
            Self::Latin => records.iter().map(recoded).collect(),
            Self::Unmarked | Self::Other => None,
        }
    }
}

/// A data set of Windows' Latin in UTF-8, if it is a text and still short enough.
fn recoded(record: &DataSet) -> Option<Vec<u8>> {
    if !is_text(record) || record.value.is_ascii() {
        return Some(record.bytes.to_vec());
    }
    let text: String = record.value.iter().map(|&byte| latin(byte)).collect();
    let longest = LONGEST.iter().find(|(number, _)| *number == record.number);
    let longest = longest.map_or(2000, |(_, longest)| *longest);
    let fits = text.len() <= longest
        && !text.chars().any(|character| character.is_control() && !"\r\n\t".contains(character));
    fits.then(|| records::written(record.record, record.number, text.as_bytes()))
}

fn is_text(record: &DataSet) -> bool {
    record.record == 2 && !BINARY.contains(&record.number)
}

/// A character of Windows-1252, in which five bytes mean nothing.
fn latin(byte: u8) -> char {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..0xA0 => HIGH.chars().nth(usize::from(byte - 0x80)).unwrap_or('\u{fffd}'),
        byte => byte.into(),
    }
}
