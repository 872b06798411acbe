//! JPEGs of every legal kind against libjpeg-turbo: `djpeg` of Debian's libjpeg-turbo-progs.
//!
//! `TAGSIGHT_JPEGS` is how many; some hundreds take a minute.

use std::env;

use fastrand::Rng;
use tagsight_jpeg::{Header, Options, Scale};
use tagsight_tests::jpeg::{Encoding, Picture, encode};

use crate::reference::{levels_off, pipe, pnm};

const USUAL: u64 = 40;
const SIDE: usize = 150;
/// The arithmetic is the same.
const MAX_LEVELS_OFF: u8 = 0;
const SCALES: [(Scale, &str); 4] =
    [(Scale::Full, "1/1"), (Scale::Half, "1/2"), (Scale::Quarter, "1/4"), (Scale::Eighth, "1/8")];

/// What djpeg makes of a file: a binary PNM, and what it complains about.
fn djpeg(file: &[u8], scale: &str) -> (Vec<u8>, String) {
    let output = pipe("djpeg", "libjpeg-turbo-progs", &["-pnm", "-scale", scale], file);
    (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The picture as it is shown here.
fn shown(file: &[u8], scale: Scale) -> Vec<u8> {
    let options = Options { scale, max_bytes: 1 << 30 };
    let picture = Header::read(file).and_then(|header| header.decode(&options)).expect("legal");
    let [width, height] = [picture.width, picture.height].map(|side| side as usize);
    pnm(picture.channels, width, height, &picture.bytes)
}

#[test]
fn every_legal_encoding_is_shown_as_libjpeg_turbo_shows_it() {
    let count = env::var("TAGSIGHT_JPEGS").map_or(USUAL, |count| count.parse().expect("a number"));
    let mut failures = Vec::new();
    let mut progressive = 0;
    for seed in 0..count {
        let mut random = Rng::with_seed(seed);
        let components = [1, 3, 3, 3, 4][random.usize(0..5)];
        let picture = Picture::random(&mut random, SIDE, components);
        let encoding = Encoding::random(&mut random, &picture);
        progressive += usize::from(encoding.script.progressive);
        let file = encode(&picture, &encoding);
        for (scale, name) in SCALES {
            let (expected, complaint) = djpeg(&file, name);
            let off = levels_off(&shown(&file, scale), &expected);
            if off.is_none_or(|off| off > MAX_LEVELS_OFF) || !complaint.is_empty() {
                failures.push(format!("{seed} at {name}: {off:?} levels off; djpeg: {complaint}"));
            }
        }
    }
    println!("{count} JPEGs against djpeg at 4 scales, {progressive} of them progressive");
    assert!(count < 10 || progressive > 0, "scripts of both kinds");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The negative control: another picture's pixels are not taken for right.
#[test]
fn a_changed_picture_is_noticed() {
    let mut picture = Picture::random(&mut Rng::with_seed(1), SIDE, 3);
    let file = encode(&picture, &Encoding::baseline(&picture));
    let (expected, _) = djpeg(&file, "1/1");
    assert_eq!(levels_off(&shown(&file, Scale::Full), &expected), Some(0));
    for block in &mut picture.components[0].coefficients {
        block[0] += 1;
    }
    let changed = encode(&picture, &Encoding::baseline(&picture));
    assert_ne!(levels_off(&shown(&changed, Scale::Full), &expected), Some(0));
}
