//! The segments of a JPEG up to its first scan (ITU-T T.81, B.1.1).

use std::ops::Range;

pub(super) const APP0: u8 = 0xE0;
pub(super) const APP1: u8 = 0xE1;
pub(super) const APP2: u8 = 0xE2;
pub(super) const APP11: u8 = 0xEB;
pub(super) const APP13: u8 = 0xED;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// A segment.
#[derive(Debug, Clone)]
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    /// From its marker to its end.
    pub(super) span: Range<usize>,
    /// What is behind its length.
    pub(super) payload: &'a [u8],
}

/// The segments between a file's start and its first scan; nothing if they do not lead there.
pub(super) fn parse(photo: &[u8]) -> Option<Vec<Segment<'_>>> {
    let mut segments = Vec::new();
    let mut at = 2;
    loop {
        let start = at;
        if *photo.get(at)? != 0xFF {
            return None;
        }
        // Markers may have more of these before them.
        while *photo.get(at)? == 0xFF {
            at += 1;
        }
        let marker = photo[at];
        match marker {
            SOS => return Some(segments),
            0 | SOI | EOI => return None,
            // Without a length.
            0x01 | 0xD0..=0xD7 => at += 1,
            _ => {
                let length = usize::from(u16::from_be_bytes(*photo.get(at + 1..)?.first_chunk()?));
                let end = at + 1 + length;
                let payload = photo.get(at + 3..end).filter(|_| length >= 2)?;
                segments.push(Segment { marker, span: start..end, payload });
                at = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_lead_to_the_scan_or_are_none() {
        let file = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFF\xE1\0\x02\xFF\xDA\0\x02x";
        let segments = parse(file).unwrap();
        let spans: Vec<_> = segments.iter().map(|segment| segment.span.clone()).collect();
        assert_eq!(spans, [2..8, 8..13]);
        assert_eq!(segments[0].payload, b"ab");
        assert_eq!(segments[1].payload, b"");
        for length in 0..15 {
            assert!(parse(&file[..length]).is_none(), "{length} bytes");
        }
        for odd in [
            &b"\xFF\xD8\xFF\xE0\0\x01\xFF\xDA"[..],
            b"\xFF\xD8x\xFF\xDA",
            b"\xFF\xD8\xFF\xD9\xFF\xDA",
        ] {
            assert!(parse(odd).is_none(), "{odd:?}");
        }
    }
}
