//! Where in a file the coded picture lies.

use std::ops::Range;

use crate::marker::{self, EOI, SOF0, SOI, SOS};

/// The bytes from the first scan's marker to the picture's end marker and with it, or to the file's
/// end where there is no such marker. `None` if there is no scan.
///
/// Metadata lies before, and what cameras append behind: other pictures, films, whatever follows the
/// end marker. Nothing is decoded, so the kind of picture does not matter.
pub fn coded(data: &[u8]) -> Option<Range<usize>> {
    let scan = first_scan(data)?;
    Some(scan..end(data, scan))
}

fn first_scan(data: &[u8]) -> Option<usize> {
    let (SOI, start) = marker::find(data, 0)? else { return None };
    let mut at = start + 2;
    loop {
        let (marker, start) = marker::find(data, at)?;
        at = match marker {
            SOS => return Some(start),
            EOI => return None,
            marker if marker::stands_alone(marker) => start + 2,
            _ => marker::segment(data, start + 2)?.1,
        };
    }
}

/// Where the picture ends that has a scan at byte `scan`.
fn end(data: &[u8], scan: usize) -> usize {
    let mut at = scan;
    while let Some((marker, start)) = marker::find(data, at) {
        let behind = start + 2;
        at = match marker {
            EOI => return behind,
            // The next picture.
            SOI => return start,
            // There are no markers below SOF0: a byte of data was damaged.
            marker if marker::stands_alone(marker) || marker < SOF0 => behind,
            _ => match marker::segment(data, behind) {
                Some((_, end)) => end,
                None => break,
            },
        };
    }
    data.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with metadata that looks like one, two scans and a restart marker.
    const BEFORE: &[u8] = b"\xFF\xD8\xFF\xE1\x00\x08\xFF\xDA\xFF\xD8\xFF\xD9";
    const SCANS: &[u8] =
        b"\xFF\xDA\x00\x04\xFF\xD9\x01\xFF\x00\x02\xFF\xD0\x03\xFF\xC4\x00\x04\xFF\xD9\
                           \xFF\xFF\xDA\x00\x02\x04\xFF\x41\x05\xFF\xD9";

    #[test]
    fn the_picture_is_what_lies_between_metadata_and_its_end() {
        let expected = BEFORE.len()..BEFORE.len() + SCANS.len();
        for behind in [&b""[..], b"trailer \xFF\xD9", b"\xFF\xD8\xFF\xDA\x00\x02another\xFF\xD9"] {
            let file = [BEFORE, SCANS, behind].concat();
            assert_eq!(coded(&file), Some(expected.clone()), "{behind:?}");
        }
    }

    #[test]
    fn without_its_end_it_goes_on_to_the_next_picture_or_the_end_of_the_file() {
        let cut = [BEFORE, &SCANS[..SCANS.len() - 2]].concat();
        assert_eq!(coded(&cut), Some(BEFORE.len()..cut.len()));
        let next = [&cut[..], b"\xFF\xD8\xFF\xD9"].concat();
        assert_eq!(coded(&next), Some(BEFORE.len()..cut.len()));
        for length in 0..cut.len() {
            let range = coded(&cut[..length]);
            let scan = length >= BEFORE.len() + 2;
            assert_eq!(range, scan.then_some(BEFORE.len()..length), "{length} bytes");
        }
    }

    #[test]
    fn without_a_scan_there_is_none() {
        for file in [&b""[..], b"\xFF\xDA\x00\x02\xFF\xD9", b"\xFF\xD8\xFF\xD9\xFF\xDA\x00\x02"] {
            assert_eq!(coded(file), None, "{file:?}");
        }
    }
}
