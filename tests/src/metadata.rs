//! Metadata that is odd, and what files say without having it: photos that are put together here,
//! from the fixtures' pictures.

use tagsight_core::photo::{self, PhotoError, Rgb8, Squasher};

pub(crate) const PLAIN_JPEG: &[u8] = include_bytes!("../fixtures/photos/baseline.jpg");
pub(crate) const PLAIN_PNG: &[u8] = include_bytes!("../fixtures/photos/rgb.png");
pub(crate) const PLAIN_WEBP: &[u8] = include_bytes!("../fixtures/photos/lossy.webp");
const INTERLACED_PNG: &[u8] = include_bytes!("../fixtures/photos/interlaced.png");

/// A TIFF block whose only entry is an orientation.
fn block(kind: u16, count: u32, orientation: u8) -> Vec<u8> {
    let mut bytes = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01".to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// The usual kind of it.
pub(crate) fn usual(orientation: u8) -> Vec<u8> {
    block(3, 1, orientation)
}

pub(crate) fn exif_segment(block: &[u8]) -> Vec<u8> {
    let length = (block.len() + 8) as u16;
    [&[0xFF, 0xE1], &length.to_be_bytes()[..], b"Exif\0\0", block].concat()
}

/// The plain JPEG with these segments behind its start.
pub(crate) fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    [&PLAIN_JPEG[..2], &segments.concat(), &PLAIN_JPEG[2..]].concat()
}

/// The plain PNG with a chunk behind its header. The decoder skips it, wrong checksum and all.
pub(crate) fn png(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let chunk = [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat();
    let header_end = 8 + 25;
    [&PLAIN_PNG[..header_end], &chunk, &PLAIN_PNG[header_end..]].concat()
}

/// The plain WebP in the extended format, with these flags and chunks.
pub(crate) fn webp(flags: u8, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let picture = photo::decode(PLAIN_WEBP).unwrap();
    let (width, height) = (picture.width as u32 - 1, picture.height as u32 - 1);
    let mut body = b"WEBPVP8X\x0a\0\0\0".to_vec();
    body.extend([flags, 0, 0, 0]);
    body.extend(&width.to_le_bytes()[..3]);
    body.extend(&height.to_le_bytes()[..3]);
    body.extend(&PLAIN_WEBP[12..]);
    for (kind, data) in chunks {
        body.extend(*kind);
        body.extend((data.len() as u32).to_le_bytes());
        body.extend(*data);
        body.extend(vec![0; data.len() % 2]);
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// A TIFF block that says when the file was changed.
fn dated() -> Vec<u8> {
    let mut bytes = b"II\x2a\0\x08\0\0\0\x01\0\x32\x01\x02\0\x14\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    bytes.extend(b"2026:11:26 09:13:18\0");
    bytes
}

/// ImageMagick's way of writing an Exif block into text.
fn raw_profile(block: &[u8]) -> Vec<u8> {
    let block = [b"Exif\0\0", block].concat();
    let digits = block.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>();
    let lines = digits.chunks(36).map(<[String]>::concat).collect::<Vec<_>>().join("\n");
    format!("Raw profile type exif\0\nexif\n{:8}\n{lines}\n", block.len()).into_bytes()
}

/// How a photo is turned: EXIF's number, by what is read and by what becomes of its pixels.
fn orientation(photo: &[u8], plain: &[u8]) -> u8 {
    let mut reduced = photo::decode_reduced(photo, 16).unwrap();
    let squashed = reduced.squash(16, &mut Squasher::default());
    let (turned, stored) = (photo::decode(photo).unwrap(), photo::decode(plain).unwrap());
    let (top, bottom) = (&turned.bytes[..3], &turned.bytes[turned.bytes.len() - 3..]);
    let corner = |x: usize, y: usize| {
        let at = (y * stored.width + x) * 3;
        &stored.bytes[at..at + 3]
    };
    // What is seen at the top left and at the bottom right.
    let (right, low) = (stored.width - 1, stored.height - 1);
    match squashed.orientation.exif() {
        1 => assert_eq!((top, bottom), (corner(0, 0), corner(right, low))),
        6 => assert_eq!((top, bottom), (corner(0, low), corner(right, 0))),
        other => panic!("no photo here is turned like that: {other}"),
    }
    squashed.orientation.exif()
}

#[test]
fn jpegs_are_turned_as_their_first_exif_segment_says() {
    let behind_scan = {
        let end = PLAIN_JPEG.len() - 2;
        [&PLAIN_JPEG[..end], &exif_segment(&usual(6)), &PLAIN_JPEG[end..]].concat()
    };
    let nothing = b"II\x2a\0\x08\0\0\0\0\0";
    let cases = [
        ("as SHORT", jpeg(&[exif_segment(&usual(6))]), 6),
        ("as LONG", jpeg(&[exif_segment(&block(4, 1, 6))]), 6),
        ("as BYTE", jpeg(&[exif_segment(&block(1, 1, 6))]), 6),
        ("with count 2", jpeg(&[exif_segment(&block(3, 2, 6))]), 6),
        ("6, then 1", jpeg(&[exif_segment(&usual(6)), exif_segment(&usual(1))]), 6),
        ("6, then none", jpeg(&[exif_segment(&usual(6)), exif_segment(nothing)]), 6),
        ("none, then 6", jpeg(&[exif_segment(nothing), exif_segment(&usual(6))]), 1),
        ("behind the scan", behind_scan, 1),
        ("no orientation", jpeg(&[exif_segment(&usual(77))]), 1),
    ];
    for (what, photo, expected) in cases {
        assert_eq!(orientation(&photo, PLAIN_JPEG), expected, "{what}");
    }
}

#[test]
fn pngs_are_turned_by_their_chunk_or_by_text() {
    let with_name = [b"Exif\0\0".to_vec(), usual(6)].concat();
    let cases = [
        ("eXIf", png(b"eXIf", &usual(6)), 6),
        ("eXIf with JPEG's name", png(b"eXIf", &with_name), 6),
        ("tEXt", png(b"tEXt", &raw_profile(&usual(6))), 6),
        ("another text", png(b"tEXt", b"Comment\0\nexif\n 1\n41"), 1),
    ];
    for (what, photo, expected) in cases {
        assert_eq!(orientation(&photo, PLAIN_PNG), expected, "{what}");
    }
}

#[test]
fn webps_are_turned_and_their_empty_promises_forgiven() {
    let with_name = [b"Exif\0\0".to_vec(), usual(6)].concat();
    let cases = [
        ("EXIF", webp(0x08, &[(b"EXIF", &usual(6))]), 6),
        ("EXIF with JPEG's name", webp(0x08, &[(b"EXIF", &with_name)]), 6),
        ("flag EXIF alone", webp(0x08, &[]), 1),
        ("flag XMP alone", webp(0x04, &[]), 1),
        ("flag ICC alone", webp(0x20, &[]), 1),
        ("flag ALPHA alone", webp(0x10, &[]), 1),
        ("all flags, one chunk", webp(0x3C, &[(b"EXIF", &usual(6))]), 6),
    ];
    for (what, photo, expected) in cases {
        assert_eq!(orientation(&photo, PLAIN_WEBP), expected, "{what}");
    }
}

#[test]
fn dates_are_read_wherever_orientations_are() {
    let cases = [
        ("JPEG", jpeg(&[exif_segment(&dated())]), true),
        ("PNG", png(b"eXIf", &dated()), true),
        ("PNG's text", png(b"tEXt", &raw_profile(&dated())), true),
        ("WebP", webp(0x08, &[(b"EXIF", &dated())]), true),
        ("no date", jpeg(&[exif_segment(&usual(6))]), false),
        ("no metadata", PLAIN_WEBP.to_vec(), false),
    ];
    for (what, photo, is_dated) in cases {
        let taken = photo::decode_reduced(&photo, 16).unwrap().taken();
        let expected = is_dated.then(|| "2026-11-26T09:13:18".to_owned());
        assert_eq!(taken.map(|taken| taken.to_string()), expected, "{what}");
    }
}

/// Whole up to the last pixel is whole; short of that is not.
#[test]
fn pngs_without_their_end_are_read_if_no_pixel_is_missing() {
    for plain in [PLAIN_PNG, INTERLACED_PNG] {
        let whole: Rgb8 = photo::decode(plain).unwrap();
        let end_chunk = 12;
        // Also without the pixels' last checksum.
        for missing in 1..=end_chunk + 4 {
            let cut = &plain[..plain.len() - missing];
            assert_eq!(photo::decode(cut).as_ref(), Ok(&whole), "{missing} bytes are missing");
        }
        for missing in [end_chunk + 40, plain.len() / 2] {
            let cut = photo::decode(&plain[..plain.len() - missing]);
            assert!(matches!(cut, Err(PhotoError::Damaged { .. })), "{missing}: {cut:?}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let app = [&PLAIN_PNG[..8], b"\0\0\0\x04CgBI\x50\0\x20\x06crc!", &PLAIN_PNG[8..]].concat();
    let cases: [(&[u8], &str); 4] = [
        (&app, "CgBI"),
        (b"\0\0\0\x18ftypheim\0\0\0\0mif1heim", "“Most compatible”"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "CR3"),
        (b"FUJIFILMCCD-RAW 0201FF389501", "RAF"),
    ];
    for (photo, word) in cases {
        let message = photo::decode(photo).unwrap_err().to_string();
        assert!(message.contains(word) && !message.contains("damaged"), "{message}");
    }
}
