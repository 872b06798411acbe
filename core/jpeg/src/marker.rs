//! Markers and the segments behind them (ITU-T T.81, B.1.1).

pub(crate) const SOF0: u8 = 0xC0;
pub(crate) const DHT: u8 = 0xC4;
pub(crate) const SOF15: u8 = 0xCF;
pub(crate) const RST0: u8 = 0xD0;
pub(crate) const RST7: u8 = 0xD7;
pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const DQT: u8 = 0xDB;
pub(crate) const DNL: u8 = 0xDC;
pub(crate) const DRI: u8 = 0xDD;
pub(crate) const DHP: u8 = 0xDE;
pub(crate) const APP0: u8 = 0xE0;
pub(crate) const APP1: u8 = 0xE1;
pub(crate) const APP2: u8 = 0xE2;
pub(crate) const APP14: u8 = 0xEE;

/// The first marker at byte `at` or later: its second byte, and where it begins.
///
/// Stuffed zeros, fill bytes and whatever else lies between are passed over.
pub(crate) fn find(data: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += data.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match *data.get(at + 1)? {
            0 => at += 2,
            0xFF => at += 1,
            marker => return Some((marker, at)),
        }
    }
}

/// Whether a marker stands alone, without a segment.
pub(crate) fn stands_alone(marker: u8) -> bool {
    matches!(marker, RST0..=EOI | 0x01)
}

/// What a segment holds whose length is at byte `at`, and where it ends; `None` if the file ends
/// before.
///
/// A length below 2 is none: the segment is then empty, and what it held is passed over as what
/// lies between markers is.
pub(crate) fn segment(data: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let length = u16::from_be_bytes(*data.get(at..)?.first_chunk()?);
    let end = at + usize::from(length).max(2);
    Some((data.get(at + 2..end)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_among_other_bytes() {
        let data = [7, 0xFF, 0, 0xFF, 0xFF, 0xFF, EOI, 0xFF];
        assert_eq!(find(&data, 0), Some((EOI, 5)));
        assert_eq!(find(&data, 6), None, "the last byte is half a marker");
        assert_eq!(find(&data, 100), None);
    }

    #[test]
    fn segments_end_within_the_file() {
        assert_eq!(segment(&[0, 4, 8, 9, 1], 0), Some((&[8, 9][..], 4)));
        assert_eq!(segment(&[0, 0, 8, 9], 0), Some((&[][..], 2)));
        assert_eq!(segment(&[0, 9, 8, 9], 0), None);
        assert_eq!(segment(&[0], 0), None);
    }
}
