//! What photos are known by: metadata changes nothing, another picture does.

use std::collections::BTreeSet;

use tagsight_core::photo;

use crate::metadata::{PLAIN_JPEG, PLAIN_PNG, PLAIN_WEBP, exif_segment, jpeg, png, usual, webp};
use crate::photos::{FIXTURES, TURNED};

/// The bytes that code a photo's picture.
fn coded(photo: &[u8]) -> Vec<u8> {
    photo::coded_parts(photo).concat()
}

/// A chunk of a PNG, without a checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat()
}

#[test]
fn metadata_changes_nothing() {
    let xmp = [b"\xFF\xE1\0\x22http://ns.adobe.com/xap/1.0/\0".to_vec(), vec![0; 3]].concat();
    let comment = b"\xFF\xFE\0\x06\xFF\xDA\xFF\xD9".to_vec();
    let film = [PLAIN_JPEG, b"\0\0\0\x18ftypmp42\xFF\xD9"].concat();
    let second = [PLAIN_JPEG, PLAIN_JPEG].concat();
    let cases = [
        ("Exif", jpeg(&[exif_segment(&usual(6))]), PLAIN_JPEG),
        ("Exif and XMP", jpeg(&[exif_segment(&usual(6)), xmp]), PLAIN_JPEG),
        ("a comment that looks like a scan", jpeg(&[comment]), PLAIN_JPEG),
        ("a film behind it", film, PLAIN_JPEG),
        ("another picture behind it", second, PLAIN_JPEG),
        ("eXIf", png(b"eXIf", &usual(6)), PLAIN_PNG),
        ("a text", png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"), PLAIN_PNG),
        ("something behind it", [PLAIN_PNG, b"IDAT"].concat(), PLAIN_PNG),
        ("EXIF", webp(0x08, &[(b"EXIF", &usual(6))]), PLAIN_WEBP),
        ("XMP", webp(0x04, &[(b"XMP ", b"<x/>")]), PLAIN_WEBP),
    ];
    for (what, photo, plain) in cases {
        assert_ne!(photo, plain, "{what}");
        assert!(coded(&photo) == coded(plain), "{what}");
    }
}

#[test]
fn how_a_png_is_cut_into_chunks_says_nothing() {
    let data = coded(PLAIN_PNG);
    let header = &PLAIN_PNG[..8 + 25];
    for length in [1, 7, data.len() - 1] {
        let chunks: Vec<u8> = data.chunks(length).flat_map(|part| chunk(b"IDAT", part)).collect();
        let photo = [header, &chunks, &chunk(b"IEND", b"")].concat();
        assert!(coded(&photo) == data, "{length} bytes a chunk");
    }
}

#[test]
fn the_coded_bytes_are_those_of_the_pictures() {
    for (name, plain) in [("PNG", PLAIN_PNG), ("WebP", PLAIN_WEBP)] {
        let length = coded(plain).len();
        assert!(length * 2 > plain.len(), "{name}: {length} of {} bytes", plain.len());
    }
    let scan = coded(PLAIN_JPEG);
    assert!(scan.starts_with(b"\xFF\xDA") && PLAIN_JPEG.ends_with(&scan));
}

/// The same picture stored in eight ways, as JPEG and as PNG, is sixteen.
#[test]
fn another_picture_is_known_as_another() {
    let known: BTreeSet<_> = TURNED.iter().map(|fixture| coded(fixture.photo)).collect();
    assert_eq!(known.len(), TURNED.len());
}

#[test]
fn profiles_and_animation_change_nothing() {
    let coded_of = |name: &str| {
        let fixture = FIXTURES.iter().find(|fixture| fixture.name == name);
        coded(fixture.unwrap().photo)
    };
    let groups: [&[&str]; 3] = [
        &["full_chroma.jpg", "display_p3.jpg", "stages.jpg"],
        &["rgb.png", "display_p3.png", "table.png", "broken_profile.png", "animated.png"],
        &["grey.png", "grey_profile.png"],
    ];
    for group in groups {
        for name in group {
            assert!(coded_of(name) == coded_of(group[0]), "{name}");
        }
    }
}

#[test]
fn what_has_no_coded_part_is_known_by_all_of_it() {
    let gif = include_bytes!("../fixtures/photos/palette.gif");
    let no_scan = &PLAIN_JPEG[..20];
    for bytes in [&b""[..], b"Dear diary", gif, no_scan, &PLAIN_PNG[..33], &PLAIN_WEBP[..12]] {
        assert_eq!(photo::coded_parts(bytes), [bytes]);
    }
}
