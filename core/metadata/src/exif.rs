//! What is read of an Exif block beside the orientation: words, and when the photo was taken. Nothing is
//! written there, since cameras keep things in it whose places nobody else knows.

use crate::keyword::Keyword;
use crate::lists::List;
use crate::taken::Taken;
use crate::tiff::{Entry, Tiff};

/// Windows' keywords, UTF-16, apart by semicolons.
const XP_KEYWORDS: u16 = 0x9C9E;
/// When the file was changed last.
const DATE_TIME: u16 = 0x0132;
/// Where the directory with the camera's settings is.
const EXIF_DIRECTORY: u16 = 0x8769;
/// When the photo was taken.
const DATE_TIME_ORIGINAL: u16 = 0x9003;

/// An Exif block's structure, with or without JPEG's name before it.
pub fn structure(block: &[u8]) -> Option<Tiff<'_>> {
    Tiff::new(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
}

/// When the photo was taken, else when its file was changed last.
pub fn taken(tiff: &Tiff) -> Option<Taken> {
    let original = || {
        let directory = tiff.entry(EXIF_DIRECTORY)?.value(tiff)?;
        let mut entries = tiff.directory(usize::try_from(directory).ok()?);
        entries.find(|entry| entry.tag == DATE_TIME_ORIGINAL)?.date(tiff)
    };
    let changed = || tiff.entry(DATE_TIME)?.date(tiff);
    original().or_else(changed)
}

/// Windows' keywords.
pub(crate) fn keywords(tiff: &Tiff) -> Vec<Keyword> {
    let entry: Option<Entry> = tiff.entry(XP_KEYWORDS);
    let Some(bytes) = entry.and_then(|entry| entry.bytes(tiff)) else { return Vec::new() };
    let units = bytes.as_chunks().0.iter().copied().map(u16::from_le_bytes);
    let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
    let text = String::from_utf16_lossy(&units);
    text.split(';').filter_map(|word| List::Xp.keyword(word)).collect()
}
