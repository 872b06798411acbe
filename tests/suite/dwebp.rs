//! WebPs of every kind that `cwebp` writes against libwebp: `cwebp` and `dwebp` of Debian's webp.
//!
//! `TAGSIGHT_WEBPS` is how many; some hundreds take a minute.

use std::env;

use fastrand::Rng;
use tagsight_core::photo;

use crate::reference::{levels_off, pipe, pnm};

const USUAL: u64 = 40;
const LARGEST_SIDE: usize = 150;
/// The arithmetic is the same.
const MAX_LEVELS_OFF: u8 = 0;

/// What a program of libwebp's makes of `input`.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let output = pipe(program, "webp", arguments, input);
    assert!(output.status.success(), "{program} {arguments:?}");
    output.stdout
}

/// A picture as a binary PPM: waves, edges and noise in every channel.
fn picture(random: &mut Rng) -> Vec<u8> {
    let [width, height] = [0; 2].map(|_: u8| random.usize(1..=LARGEST_SIDE));
    let waves: [[f32; 3]; 3] = [[0.0; 3]; 3].map(|wave| wave.map(|_| random.f32()));
    let (edge, noise) = (random.usize(1..40), [0, 0, 6, 40][random.usize(0..4)]);
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let step = if (x / edge + y / edge).is_multiple_of(2) { 40.0 } else { -40.0 };
            for [along, down, phase] in waves {
                let wave = (x as f32 * along * 0.3 + y as f32 * down * 0.3 + phase * 6.0).sin();
                let level = 128.0 + 80.0 * wave + step + random.i32(-noise..=noise) as f32;
                pixels.push(level.clamp(0.0, 255.0) as u8);
            }
        }
    }
    pnm(3, width, height, &pixels)
}

/// One of the ways in which `cwebp` can write a picture.
fn options(random: &mut Rng) -> Vec<String> {
    let mut option = |name: &str, range: std::ops::RangeInclusive<u8>| {
        [format!("-{name}"), random.u8(range).to_string()]
    };
    let mut options = Vec::new();
    options.extend(option("q", 0..=100));
    options.extend(option("m", 0..=6));
    options.extend(option("segments", 1..=4));
    options.extend(option("f", 0..=100));
    options.extend(option("sharpness", 0..=7));
    options.extend(option("partition_limit", 0..=100));
    if random.u8(0..3) == 0 {
        options.push("-lossless".into());
    } else {
        options.push(["-strong", "-nostrong"][random.usize(0..2)].into());
    }
    options
}

fn encode(ppm: &[u8], options: &[String]) -> Vec<u8> {
    let options = options.iter().map(String::as_str);
    let arguments: Vec<&str> = options.chain(["-quiet", "-o", "-", "--", "-"]).collect();
    run("cwebp", &arguments, ppm)
}

/// As `dwebp` shows it: a binary PPM.
fn dwebp(file: &[u8]) -> Vec<u8> {
    run("dwebp", &["-quiet", "-ppm", "-o", "-", "--", "-"], file)
}

/// As it is shown here.
fn shown(file: &[u8]) -> Vec<u8> {
    let picture = photo::decode(file).expect("cwebp wrote it");
    pnm(3, picture.width, picture.height, &picture.bytes)
}

#[test]
fn every_encoding_is_shown_as_libwebp_shows_it() {
    let count = env::var("TAGSIGHT_WEBPS").map_or(USUAL, |count| count.parse().expect("a number"));
    let mut failures = Vec::new();
    let mut lossless = 0;
    for seed in 0..count {
        let mut random = Rng::with_seed(seed);
        let options = options(&mut random);
        lossless += usize::from(options.contains(&"-lossless".to_owned()));
        let file = encode(&picture(&mut random), &options);
        let off = levels_off(&shown(&file), &dwebp(&file));
        if off.is_none_or(|off| off > MAX_LEVELS_OFF) {
            failures.push(format!("{seed}, {options:?}: {off:?} levels off"));
        }
    }
    println!("{count} WebPs against dwebp, {lossless} of them lossless");
    assert!(count < 10 || lossless > 0, "pictures of both kinds");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The negative control: another picture's pixels are not taken for right.
#[test]
fn a_changed_picture_is_noticed() {
    let lossless = ["-lossless".to_owned()];
    let mut picture = picture(&mut Rng::with_seed(1));
    let file = encode(&picture, &lossless);
    assert_eq!(levels_off(&shown(&file), &picture), Some(0));
    *picture.last_mut().expect("a pixel") ^= 1;
    assert_eq!(levels_off(&shown(&file), &picture), Some(1));
}
