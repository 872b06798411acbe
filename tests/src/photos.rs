//! Photo decoding: every encoding against Pillow, and files that are broken or bombs.
//!
//! `fixtures/photos.py` made the photos.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use tagsight_core::photo::{self, Kind, PhotoError, Rgb8, Squasher};

/// A photo, what Pillow makes of it, and how many levels a pixel may be off.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) photo: &'static [u8],
    pub(crate) expected: &'static [u8],
    tolerance: u8,
}

macro_rules! fixture {
    ($name:literal, $tolerance:expr) => {
        Fixture {
            name: $name,
            photo: include_bytes!(concat!("../fixtures/photos/", $name)),
            expected: include_bytes!(concat!("../fixtures/photos/", $name, ".rgb")),
            tolerance: $tolerance,
        }
    };
}

const EXACT: u8 = 0;
/// Premultiplying and rounding differ.
const ALPHA: u8 = 1;
/// JPEG leaves the rounding of its inverse transform and colour conversion to the decoder.
const JPEG: u8 = 3;
/// Also the interpolation of subsampled colour.
const SUBSAMPLED: u8 = 12;
/// Colours are converted with other roundings, and JPEG's are added to them.
const PROFILE: u8 = 2;
/// Between the points of a coarse table the path is not laid down.
const TABLE: u8 = 6;

pub(crate) const FIXTURES: [Fixture; 28] = [
    fixture!("baseline.jpg", SUBSAMPLED),
    fixture!("full_chroma.jpg", JPEG),
    fixture!("progressive.jpg", SUBSAMPLED),
    fixture!("grey.jpg", JPEG),
    fixture!("cmyk.jpg", SUBSAMPLED),
    fixture!("rgb.png", EXACT),
    fixture!("rgb16.png", EXACT),
    fixture!("grey.png", EXACT),
    fixture!("grey16.png", EXACT),
    fixture!("bilevel.png", EXACT),
    fixture!("palette.png", EXACT),
    fixture!("alpha.png", ALPHA),
    fixture!("grey_alpha.png", ALPHA),
    fixture!("animated.png", EXACT),
    fixture!("one_pixel.png", EXACT),
    fixture!("lossy.webp", SUBSAMPLED),
    fixture!("lossless.webp", EXACT),
    fixture!("alpha.webp", ALPHA),
    fixture!("animated.webp", EXACT),
    fixture!("interlaced.png", EXACT),
    fixture!("interlaced16.png", EXACT),
    fixture!("display_p3.png", PROFILE),
    fixture!("display_p3.jpg", PROFILE + JPEG),
    fixture!("adobe_rgb.webp", PROFILE),
    fixture!("table.png", TABLE),
    fixture!("stages.jpg", TABLE + JPEG),
    fixture!("grey_profile.png", PROFILE),
    fixture!("broken_profile.png", EXACT),
];

/// Kinds that a page leaves to its browser.
const NATIVE: [Fixture; 4] = [
    fixture!("palette.gif", EXACT),
    fixture!("animated.gif", EXACT),
    fixture!("windows.bmp", EXACT),
    fixture!("packed.tif", EXACT),
];
const IS_PAGE: bool = cfg!(target_arch = "wasm32");

/// The same picture, stored turned in each of EXIF's eight ways.
pub(crate) const TURNED: [Fixture; 16] = [
    fixture!("orientation1.jpg", JPEG),
    fixture!("orientation2.jpg", JPEG),
    fixture!("orientation3.jpg", JPEG),
    fixture!("orientation4.jpg", JPEG),
    fixture!("orientation5.jpg", JPEG),
    fixture!("orientation6.jpg", JPEG),
    fixture!("orientation7.jpg", JPEG),
    fixture!("orientation8.jpg", JPEG),
    fixture!("orientation1.png", EXACT),
    fixture!("orientation2.png", EXACT),
    fixture!("orientation3.png", EXACT),
    fixture!("orientation4.png", EXACT),
    fixture!("orientation5.png", EXACT),
    fixture!("orientation6.png", EXACT),
    fixture!("orientation7.png", EXACT),
    fixture!("orientation8.png", EXACT),
];

fn worst(left: &[u8], right: &[u8]) -> u8 {
    assert_eq!(left.len(), right.len(), "pictures of one size");
    left.iter().zip(right).map(|(&a, &b)| a.abs_diff(b)).max().unwrap()
}

#[test]
fn every_encoding_decodes_as_pillow_does() {
    let mut failures = Vec::new();
    let native = NATIVE.iter().filter(|_| !IS_PAGE);
    for Fixture { name, photo, expected, tolerance } in FIXTURES.iter().chain(&TURNED).chain(native)
    {
        match photo::decode(photo) {
            Err(error) => failures.push(format!("{name}: {error}")),
            Ok(Rgb8 { bytes, .. }) => {
                let worst = worst(&bytes, expected);
                println!("{name}: at most {worst} levels off, {tolerance} allowed");
                if worst > *tolerance {
                    failures.push(format!("{name}: {worst} levels off, {tolerance} allowed"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// And named where they are not read.
#[test]
fn a_page_leaves_other_kinds_to_its_browser() {
    let kinds = [Kind::Gif, Kind::Gif, Kind::Bmp, Kind::Tiff];
    for (Fixture { name, photo, .. }, kind) in NATIVE.iter().zip(kinds) {
        let left = photo::sniff(photo) == Err(PhotoError::Unsupported(kind));
        assert_eq!(left, IS_PAGE, "{name}");
    }
}

/// Turning happens after squashing; the result must be as if it had happened before.
#[test]
fn turned_photos_squash_to_the_same_square() {
    const SIDE: usize = 16;
    let mut squasher = Squasher::default();
    let mut square = |fixture: &Fixture| {
        photo::load_squashed(fixture.photo, SIDE, &mut squasher).expect(fixture.name)
    };
    let (jpegs, pngs) = TURNED.split_at(8);
    for group in [jpegs, pngs] {
        let upright = square(&group[0]);
        for turned in group {
            let worst = worst(&square(turned), &upright);
            // Squashing rounds once a direction, and a turn swaps the directions.
            let tolerance = turned.tolerance + 1;
            assert!(worst <= tolerance, "{}: {worst} levels off", turned.name);
        }
    }
}

#[test]
fn photos_cut_short_are_refused_or_partial_but_never_panic() {
    for Fixture { name, photo, .. } in FIXTURES.iter().chain(&NATIVE) {
        // The profiles of some are most of the file, and as good in whichever byte they end.
        let step = 1 + photo.len() / 4000;
        for length in (0..photo.len()).step_by(step) {
            match photo::decode(&photo[..length]) {
                // Decoders may show what they have of a scan.
                Ok(Rgb8 { width, height, bytes }) => assert_eq!(bytes.len(), width * height * 3),
                Err(error) => assert!(!error.to_string().is_empty(), "{name}"),
            }
        }
    }
}

#[test]
fn what_lacks_its_end_is_refused() {
    for name in ["rgb.png", "lossless.webp", "baseline.jpg", "progressive.jpg", "orientation6.jpg"]
    {
        let mut fixtures = FIXTURES.iter().chain(&TURNED);
        let fixture = fixtures.find(|fixture| fixture.name == name).unwrap();
        let length = fixture.photo.len();
        for length in [length / 4, length / 2, length * 9 / 10] {
            let refused =
                matches!(photo::decode(&fixture.photo[..length]), Err(PhotoError::Damaged { .. }));
            assert!(refused, "{length} bytes of {name} were taken for a photo");
        }
    }
}

#[test]
fn what_is_no_photo_is_refused_with_advice() {
    let cases: [(&[u8], PhotoError); 4] = [
        (b"", PhotoError::Empty),
        (b"Dear diary, no picture today.", PhotoError::NotAPhoto),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoError::NotAPhoto),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", PhotoError::Unsupported(Kind::Heic)),
    ];
    for (bytes, expected) in cases {
        assert_eq!(photo::decode(bytes), Err(expected));
    }
}

/// A valid PNG signature and header, and nothing more.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    RgbImage::new(1, 1).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

/// PNG's checksum (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

#[test]
fn a_header_that_promises_too_much_is_refused_before_memory_is_taken() {
    for (width, height) in [(1 << 31, 1), (60_000_000, 1), (1, 65_536), (1 << 16, 1 << 16)] {
        let error = photo::decode(&png_header(width, height)).unwrap_err();
        let expected = PhotoError::TooLong { width, height };
        // The decoder itself refuses what no PNG may have.
        let refused = error == expected || matches!(error, PhotoError::Damaged { .. });
        assert!(refused, "{width} × {height}: {error:?}");
    }
    let bomb = photo::decode(&png_header(20_000, 20_000));
    let bytes = 20_000 * 20_000 * 3;
    assert_eq!(bomb, Err(PhotoError::TooLarge { width: 20_000, height: 20_000, bytes }));
}

#[test]
fn a_photo_twenty_thousand_pixels_wide_is_read() {
    let wide = RgbImage::from_fn(20_000, 4, |x, _| image::Rgb([(x % 256) as u8, 100, 7]));
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let mut bytes = Vec::new();
        wide.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        let square = photo::load_squashed(&bytes, 32, &mut Squasher::default()).unwrap();
        assert_eq!(square.len(), 32 * 32 * 3);
        assert!(square.chunks(3).all(|pixel| pixel[1].abs_diff(100) <= JPEG), "{format:?}");
    }
}

/// One column and row of the last blocks are picture, so the decoder's last pixels are nearly all
/// beyond it. Taken for whole ones they would move the far edges of this slope by six levels.
#[test]
fn a_photo_decoded_smaller_lies_where_the_whole_one_does() {
    const LAST: u32 = 320;
    let level = |position: u32| (position * 255 / LAST) as u8;
    let slope =
        RgbImage::from_fn(LAST + 1, LAST + 1, |x, y| image::Rgb([level(x), level(y), level(x)]));
    let mut bytes = Vec::new();
    slope.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).unwrap();
    let mut squasher = Squasher::default();
    let smaller = photo::load_squashed(&bytes, 32, &mut squasher).unwrap();
    let whole = squasher.squash(&photo::decode(&bytes).unwrap(), 32);
    let levels = smaller.iter().zip(&whole).map(|(&a, &b)| u64::from(a.abs_diff(b)));
    let mean = levels.sum::<u64>() as f64 / whole.len() as f64;
    assert!(mean < 1.0, "{mean} levels off");
}

#[test]
fn a_single_pixel_fills_the_square() {
    let fixture = FIXTURES.iter().find(|fixture| fixture.name == "one_pixel.png").unwrap();
    let square = photo::load_squashed(fixture.photo, 224, &mut Squasher::default()).unwrap();
    assert!(square.chunks(3).all(|pixel| pixel == fixture.expected));
}
