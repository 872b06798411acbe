//! Conversions whose results are known; `tests/src/photos.rs` compares with LittleCMS.

use super::space::{FROM_XYZ, multiply};
use super::*;

/// sRGB's primaries as ICC's own profile has them, in columns.
const SRGB: [[f64; 3]; 3] =
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]];

fn fixed(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| ((number * 65536.0).round() as i32).to_be_bytes()).collect()
}

/// A profile with these tags.
fn profile(space: &[u8; 4], tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes[16..20].copy_from_slice(space);
    bytes[20..24].copy_from_slice(b"XYZ ");
    bytes[36..40].copy_from_slice(b"acsp");
    bytes.extend((tags.len() as u32).to_be_bytes());
    let mut place = bytes.len() + 12 * tags.len();
    for (name, tag) in tags {
        bytes.extend(*name);
        bytes.extend((place as u32).to_be_bytes());
        bytes.extend((tag.len() as u32).to_be_bytes());
        place += tag.len();
    }
    bytes.extend(tags.iter().flat_map(|(_, tag)| tag.clone()));
    bytes
}

/// A profile of these primaries with one curve.
fn by_matrix(columns: [[f64; 3]; 3], curve: &[u8]) -> Vec<u8> {
    let column = |index: usize| {
        let numbers = columns.map(|row| row[index]);
        [b"XYZ \0\0\0\0".to_vec(), fixed(&numbers)].concat()
    };
    let primaries = [(b"rXYZ", column(0)), (b"gXYZ", column(1)), (b"bXYZ", column(2))];
    let curves = [b"rTRC", b"gTRC", b"bTRC"].map(|name| (name, curve.to_vec()));
    profile(b"RGB ", &[primaries, curves].concat())
}

fn srgb_curve() -> Vec<u8> {
    let numbers = fixed(&[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]);
    [b"para\0\0\0\0\0\x03\0\0".to_vec(), numbers].concat()
}

fn converted(profile: &[u8], colours: &[u8]) -> Vec<u8> {
    let mut rgb = colours.to_vec();
    to_srgb(&mut rgb, profile);
    rgb
}

const COLOURS: [u8; 15] = [0, 0, 0, 255, 255, 255, 128, 128, 128, 200, 30, 90, 10, 240, 60];

#[test]
fn srgb_by_any_name_stays_as_it_is() {
    assert_eq!(converted(&by_matrix(SRGB, &srgb_curve()), &COLOURS), COLOURS);
    // So does what only comes near it: a power of 2.2 would move dark colours.
    let near = SRGB.map(|row| row.map(|number| number * 0.999));
    assert_eq!(converted(&by_matrix(near, &srgb_curve()), &COLOURS), COLOURS);
}

#[test]
fn the_matrix_back_is_the_inverse() {
    let forth = SRGB.map(|row| row.map(|number| number as f32));
    for channel in 0..3 {
        let mut light = [0.0; 3];
        light[channel] = 1.0;
        let back = multiply(&FROM_XYZ, multiply(&forth, light));
        for (value, expected) in back.into_iter().zip(light) {
            assert!((value - expected).abs() < 2e-3, "{back:?}");
        }
    }
}

/// With red's primary in green's place, red becomes green.
#[test]
fn exchanged_primaries_exchange_channels() {
    let exchanged = SRGB.map(|[red, green, blue]| [green, red, blue]);
    let result = converted(&by_matrix(exchanged, &srgb_curve()), &COLOURS);
    for (now, before) in result.chunks(3).zip(COLOURS.chunks(3)) {
        let expected = [before[1], before[0], before[2]];
        let worst = now.iter().zip(expected).map(|(&a, b)| a.abs_diff(b)).max();
        assert!(worst <= Some(1), "{before:?} → {now:?}");
    }
}

#[test]
fn grey_goes_by_its_curve() {
    let linear = profile(b"GRAY", &[(b"kTRC", b"curv\0\0\0\0\0\0\0\0".to_vec())]);
    // Half of the light is level 188 (IEC 61966-2-1).
    assert_eq!(
        converted(&linear, &[0, 0, 0, 128, 128, 128, 255, 255, 255])[3..],
        [188, 188, 188, 255, 255, 255]
    );
}

#[test]
fn a_table_of_xyz_is_looked_up() {
    // Two points a channel; white where any light is.
    let mut tag = b"mft1\0\0\0\0\x03\x03\x02\0".to_vec();
    tag.extend(fixed(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]));
    let straight = || (0..3).flat_map(|_| 0..=255);
    tag.extend(straight());
    let white = [0.9642, 1.0, 0.8249].map(|part: f64| (part / 2.0 * 255.0).round() as u8);
    tag.extend([0; 3]);
    tag.extend([white; 7].concat());
    tag.extend(straight());
    let table = profile(b"RGB ", &[(b"A2B0", tag)]);
    let result = converted(&table, &[0, 0, 0, 255, 0, 0, 0, 255, 255]);
    assert_eq!(result[..3], [0; 3]);
    assert!(result[3..].iter().all(|&level| level >= 250), "{result:?}");
}

#[test]
fn broken_profiles_change_nothing_or_something_but_never_panic() {
    let whole = by_matrix(SRGB.map(|[red, green, blue]| [green, red, blue]), &srgb_curve());
    for length in 0..whole.len() {
        assert_eq!(converted(&whole[..length], &COLOURS), COLOURS, "{length} bytes");
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7F, 0xFF] {
            let mut broken = whole.clone();
            broken[at] = value;
            assert_eq!(converted(&broken, &COLOURS).len(), COLOURS.len());
        }
    }
    assert_ne!(converted(&whole, &COLOURS), COLOURS, "the whole one does change something");
}
