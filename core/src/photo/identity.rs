//! What a photo is known by: the bytes that code its picture.
//!
//! Programs write titles, keywords and dates into photos, or turn them, and leave these bytes as they
//! are. A digest of them finds such a file again; computing it is left to others.

use super::kind::Format;
use super::sniff::known;
use super::{png, webp};

/// The parts of a file that code its picture, in order; how it is parted says nothing.
///
/// Of a JPEG it is everything from the first scan to the picture's end, of a PNG what its IDAT chunks
/// hold, of a WebP the chunks of its picture or frames. Of other kinds, and where there is no such
/// part, it is the whole file.
pub fn coded_parts(photo: &[u8]) -> Vec<&[u8]> {
    let mut parts: Vec<&[u8]> = match known(photo) {
        Some(Format::Jpeg) => {
            tagsight_jpeg::coded(photo).map(|range| &photo[range]).into_iter().collect()
        }
        Some(Format::Png) => png::coded(photo).collect(),
        Some(Format::WebP) => webp::coded(photo).collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() {
        parts.push(photo);
    }
    parts
}
