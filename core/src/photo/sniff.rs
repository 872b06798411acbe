//! What a file is, by its bytes; its name and MIME type are not asked, as they often lie.

use tagsight_metadata::Tiff;

use super::error::PhotoError;
use super::kind::{Format, Kind};

/// The format by its first bytes.
pub fn sniff(photo: &[u8]) -> Result<Format, PhotoError> {
    if photo.is_empty() {
        return Err(PhotoError::Empty);
    }
    if let Some(format) = known(photo) {
        return Ok(format);
    }
    match known_elsewhere(photo) {
        #[cfg(not(target_arch = "wasm32"))]
        Some(Kind::Gif) => Ok(Format::Gif),
        #[cfg(not(target_arch = "wasm32"))]
        Some(Kind::Bmp) => Ok(Format::Bmp),
        #[cfg(not(target_arch = "wasm32"))]
        Some(Kind::Tiff) => Ok(Format::Tiff),
        kind => Err(kind.map_or(PhotoError::NotAPhoto, PhotoError::Unsupported)),
    }
}

/// Which of the formats it is that are decoded everywhere.
pub(super) fn known(photo: &[u8]) -> Option<Format> {
    match photo {
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        _ => None,
    }
}

/// Kinds that people do drop here and that are not decoded everywhere.
fn known_elsewhere(photo: &[u8]) -> Option<Kind> {
    match photo {
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => by_brand(photo),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Kind::Gif),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(Kind::Bmp),
        [0xFF, 0x0A, ..] | [0, 0, 0, 0x0C, b'J', b'X', b'L', b' ', ..] => Some(Kind::JpegXl),
        [0, 0, 0, 0x0C, b'j', b'P', b' ', b' ', ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => {
            Some(Kind::Jpeg2000)
        }
        [b'8', b'B', b'P', b'S', ..] => Some(Kind::Photoshop),
        _ => raw(photo).or_else(|| is_tiff(photo).then_some(Kind::Tiff)),
    }
}

/// What an ISO base media file holds (ISO 14496-12, 4.3; HEIF's brands: ISO 23008-12, 10).
fn by_brand(photo: &[u8]) -> Option<Kind> {
    let size = u32::from_be_bytes(*photo.first_chunk()?) as usize;
    let box_end = size.clamp(16, photo.len().max(16));
    let brands = photo.get(8..box_end.min(photo.len()))?.as_chunks::<4>().0;
    let (major, others) = brands.split_first()?;
    // Behind the major brand lies its version.
    let has = |wanted: &[&[u8; 4]]| {
        others.iter().skip(1).chain([major]).any(|brand| wanted.contains(&brand))
    };
    const HEVC: [&[u8; 4]; 8] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"];
    match major {
        b"crx " => Some(Kind::Raw("Canon CR3")),
        // The image format's own brands only say that there is a picture.
        _ if has(&[b"avif", b"avis"]) => Some(Kind::Avif),
        _ if has(&HEVC) => Some(Kind::Heic),
        _ if has(&[b"mif1", b"mif2", b"msf1", b"miaf"]) => Some(Kind::Heif),
        b"jp2 " | b"jpx " => Some(Kind::Jpeg2000),
        _ if has(&[b"isom", b"iso2", b"mp41", b"mp42", b"qt  ", b"M4V ", b"avc1"]) => {
            Some(Kind::Film)
        }
        _ => None,
    }
}

fn is_tiff(photo: &[u8]) -> bool {
    // The second pair is BigTIFF's.
    let starts: [&[u8]; 4] = [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0", b"MM\0\x2b"];
    starts.iter().any(|start| photo.starts_with(start))
}

/// A camera's raw format: by its own first bytes, or by what a TIFF of such kind has first.
fn raw(photo: &[u8]) -> Option<Kind> {
    let named = match photo {
        [b'F', b'U', b'J', b'I', b'F', b'I', b'L', b'M', b'C', b'C', b'D', ..] => "Fujifilm RAF",
        [b'I', b'I', b'R', b'O' | b'S', ..] | [b'M', b'M', b'O', b'R', ..] => "Olympus ORF",
        [b'I', b'I', b'U', 0, ..] => "Panasonic RW2",
        [b'I', b'I', 42, 0, _, _, _, _, b'C', b'R', ..] => "Canon CR2",
        [b'I', b'I', 26, 0, 0, 0, b'H', b'E', b'A', b'P', ..] => "Canon CRW",
        [0, b'M', b'R', b'M', ..] => "Minolta MRW",
        [b'F', b'O', b'V', b'b', ..] => "Sigma X3F",
        _ => return raw_tiff(&Tiff::new(photo)?).map(Kind::Raw),
    };
    Some(Kind::Raw(named))
}

/// The name of the raw format that a TIFF structure is, if it is one.
fn raw_tiff(tiff: &Tiff) -> Option<&'static str> {
    // Tags of TIFF 6.0, TIFF/EP (ISO 12234-2) and DNG 1.7.
    const NEW_SUBFILE_TYPE: u16 = 254;
    const COMPRESSION: u16 = 259;
    const PHOTOMETRIC: u16 = 262;
    const SUB_IFDS: u16 = 330;
    const DNG_VERSION: u16 = 50706;
    let value = |tag| tiff.entry(tag).and_then(|entry| entry.value(tiff));
    if tiff.entry(DNG_VERSION).is_some() {
        return Some("DNG");
    }
    // Nikon, Sony and others put a small picture first and the sensor's behind it.
    let begins_with_a_preview =
        value(NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1) && tiff.entry(SUB_IFDS).is_some();
    // A colour filter's pattern; Sony's, Nikon's and Pentax's own compressions.
    let is_a_sensors = value(PHOTOMETRIC) == Some(32803)
        || matches!(value(COMPRESSION), Some(32767 | 34713 | 65535));
    (begins_with_a_preview || is_a_sensors).then_some("NEF, ARW, …")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(photo: &[u8]) -> Kind {
        match sniff(photo) {
            Err(PhotoError::Unsupported(kind)) => kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn formats_are_told_by_their_bytes() {
        assert_eq!(sniff(b""), Err(PhotoError::Empty));
        assert_eq!(sniff(b"hello"), Err(PhotoError::NotAPhoto));
        assert_eq!(sniff(b"GIF8, what a great format"), Err(PhotoError::NotAPhoto));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Ok(Format::WebP));
    }

    #[test]
    fn kinds_of_iso_files_are_told_by_their_brands() {
        let cases: [(&[u8], Kind); 12] = [
            (b"\0\0\0\x18ftypheic....", Kind::Heic),
            (b"\0\0\0\x18ftypheim....", Kind::Heic),
            (b"\0\0\0\x18ftypheis....", Kind::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Kind::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Kind::Avif),
            (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", Kind::Heif),
            (b"\0\0\0\x18ftypmif2....", Kind::Heif),
            (b"\0\0\0\x18ftypavif....", Kind::Avif),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", Kind::Raw("Canon CR3")),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Kind::Film),
            (b"\xff\xff\xff\xffftypmp42", Kind::Film),
            (b"\0\0\0\0ftypheic", Kind::Heic),
        ];
        for (bytes, expected) in cases {
            assert_eq!(named(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(sniff(b"\0\0\0\x18ftypwhat...."), Err(PhotoError::NotAPhoto));
        assert_eq!(sniff(b"\0\0\0\x18ftyp"), Err(PhotoError::NotAPhoto));
    }

    /// A little-endian TIFF with these entries of SHORT.
    fn tiff(entries: &[(u16, u16)]) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
        bytes.extend((entries.len() as u16).to_le_bytes());
        for &(tag, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend([3, 0, 1, 0, 0, 0]);
            bytes.extend(u32::from(value).to_le_bytes());
        }
        bytes
    }

    #[test]
    fn raw_photos_are_no_tiff_pictures() {
        let raw = |name| Kind::Raw(name);
        let others = raw("NEF, ARW, …");
        let cases: [(&[u8], Kind); 7] = [
            (b"FUJIFILMCCD-RAW 0201", raw("Fujifilm RAF")),
            (b"IIRO\x08\0\0\0", raw("Olympus ORF")),
            (b"II\x2a\0\x10\0\0\0CR\x02\0", raw("Canon CR2")),
            (&tiff(&[(254, 1), (50706, 1)]), raw("DNG")),
            (&tiff(&[(254, 1), (330, 1)]), others),
            (&tiff(&[(262, 32803)]), others),
            (&tiff(&[(259, 65535)]), others),
        ];
        for (bytes, expected) in cases {
            assert_eq!(named(bytes), expected, "{bytes:?}");
        }
        for entries in [&[(254, 0), (259, 1), (262, 2)], &[(254, 1)][..]] {
            assert_eq!(known_elsewhere(&tiff(entries)), Some(Kind::Tiff), "{entries:?}");
        }
    }
}
