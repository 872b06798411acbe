//! A bounded, seeded fuzz of everything that reads foreign bytes: nothing may panic, and the same
//! bytes are always judged alike. The open-ended fuzz is in `fuzz/`.
//!
//! `TAGSIGHT_FUZZ` multiplies the number of inputs, which are the same ones every time.

use fastrand::Rng;
use tagsight_metadata::{Keyword, Origin, Outcome, SidecarFile, Tag, Wanted, Writer};

use crate::artifacts::File;
use crate::foreign::{self, Judgement};
use crate::jpeg::{Encoding, Picture, encode};
use crate::metadata::{PLAIN_JPEG, PLAIN_PNG, PLAIN_WEBP, exif_segment, jpeg, usual};
use crate::random::Draw;

/// How many mutations there are of each seed.
const ARTIFACT_ROUNDS: usize = 200;
const JPEG_ROUNDS: usize = 40;
const KEYWORD_ROUNDS: usize = 400;
const PHOTO_ROUNDS: usize = 500;

/// A valid file, and how many bytes at its beginning most mutations aim at.
struct Seed {
    bytes: Vec<u8>,
    head: usize,
}

impl Seed {
    fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { head: bytes.len(), bytes }
    }
}

/// How many inputs were taken and how many refused.
#[derive(Debug, Default)]
struct Outcomes {
    taken: usize,
    refused: usize,
}

/// Mutates each of `seeds` so often, and has `judge` judge what comes of it.
fn judge_all(what: &str, seeds: &[Seed], rounds: usize, judge: fn(&[u8]) -> Judgement) -> Outcomes {
    let factor =
        std::env::var("TAGSIGHT_FUZZ").map_or(1, |factor| factor.parse().expect("a number"));
    let mut random = Rng::with_seed(11);
    let mut outcomes = Outcomes::default();
    for seed in seeds {
        assert!(judge(&seed.bytes).is_ok(), "{what}: a seed is valid");
        for round in 0..rounds * factor {
            let mut bytes = seed.bytes.clone();
            let within = if round % 8 == 0 { bytes.len() } else { seed.head };
            mutate(&mut random, &mut bytes, within);
            let judged = judge(&bytes);
            if round % 8 == 0 {
                assert!(judge(&bytes) == judged, "{what}: the same bytes were judged differently");
            }
            match judged {
                Ok(_) => outcomes.taken += 1,
                Err(_) => outcomes.refused += 1,
            }
        }
    }
    let inputs = outcomes.taken + outcomes.refused;
    println!("{what}: {inputs} mutations, {outcomes:?}");
    let few = inputs / 50;
    let reached = outcomes.taken > few && outcomes.refused > few;
    assert!(reached, "{what}: the mutations do not reach both outcomes: {outcomes:?}");
    outcomes
}

/// Applies one to four edits that tend to reach deep: flips, splices, cuts, extreme numbers.
fn mutate(random: &mut Rng, bytes: &mut Vec<u8>, within: usize) {
    for _ in 0..random.draw(1..=4) {
        let within = within.min(bytes.len());
        if within < 8 {
            return;
        }
        let at = random.draw(0..within - 7);
        match random.u8(0..6) {
            0 => bytes[at] ^= 1 << random.u8(0..8),
            1 => bytes[at] = random.u8(..),
            2 => bytes[at..at + 4].copy_from_slice(&[0xFF; 4]),
            3 => bytes[at..at + 4].fill(0),
            4 => bytes.truncate(bytes.len() - random.draw(0..bytes.len() / 2)),
            _ => {
                let from = random.draw(0..within - 7);
                bytes.copy_within(from..from + 8, at);
            }
        }
    }
}

#[test]
fn mutated_artifacts_are_read_or_refused() {
    // Damage to weights is mostly harmless by design.
    let seed =
        |file: File| Seed { bytes: file.bytes(), head: file.bytes().len() - file.data.len() };
    let seeds = [File::valid(), File::four_bits()].map(seed);
    let outcomes = judge_all("artifacts", &seeds, ARTIFACT_ROUNDS, foreign::artifact_read);
    assert!(outcomes.refused > outcomes.taken, "the mutations do not reach the checks");
}

#[test]
fn mutated_photos_are_read_or_refused() {
    let photos: [&[u8]; 13] = [
        include_bytes!("../fixtures/photos/baseline.jpg"),
        include_bytes!("../fixtures/photos/progressive.jpg"),
        include_bytes!("../fixtures/photos/cmyk.jpg"),
        include_bytes!("../fixtures/photos/orientation6.jpg"),
        include_bytes!("../fixtures/photos/palette.png"),
        include_bytes!("../fixtures/photos/animated.png"),
        include_bytes!("../fixtures/photos/lossy.webp"),
        include_bytes!("../fixtures/photos/animated.webp"),
        include_bytes!("../fixtures/photos/interlaced16.png"),
        include_bytes!("../fixtures/photos/table.png"),
        include_bytes!("../fixtures/photos/stages.jpg"),
        include_bytes!("../fixtures/photos/animated.gif"),
        include_bytes!("../fixtures/photos/packed.tif"),
    ];
    // A page leaves the last two to its browser.
    let read = if cfg!(target_arch = "wasm32") { &photos[..11] } else { &photos[..] };
    let seeds: Vec<Seed> = read.iter().map(|&photo| Seed::new(photo)).collect();
    judge_all("photos", &seeds, PHOTO_ROUNDS, foreign::photo_decode);
}

#[test]
fn mutated_jpegs_are_read_or_refused_at_every_scale() {
    let seeds: Vec<Seed> = (0..40).map(|seed| Seed::new(random_jpeg(seed))).collect();
    judge_all("JPEGs", &seeds, JPEG_ROUNDS, foreign::jpeg_decode);
}

fn random_jpeg(seed: u64) -> Vec<u8> {
    const SIDE: usize = 70;
    let mut random = Rng::with_seed(seed);
    let components = [1, 3, 3, 4][random.draw(0..4)];
    let picture = Picture::random(&mut random, SIDE, components);
    encode(&picture, &Encoding::random(&mut random, &picture))
}

#[test]
fn keywords_are_written_into_mutated_files_without_harm_or_not_at_all() {
    let with_exif = jpeg(&[exif_segment(&usual(6))]);
    let photos = [PLAIN_JPEG, PLAIN_PNG, PLAIN_WEBP, &with_exif];
    let tagged = photos.map(with_keywords);
    let seeds: Vec<Seed> = photos
        .iter()
        .map(|&photo| photo.to_vec())
        .chain(tagged)
        .chain([sidecar()])
        .map(Seed::new)
        .collect();
    judge_all("keywords", &seeds, KEYWORD_ROUNDS, foreign::keywords_write);
}

fn fold(word: &str) -> String {
    word.to_lowercase()
}

const WRITER: Writer = Writer { now: "2026-11-26T09:13:18Z", software: "Tagsight", fold: &fold };

/// A word of a person's and one of a machine's.
fn words() -> Wanted {
    let machine = Origin::Machine { label: "cat".to_owned(), score: 0.5, model: "cd".to_owned() };
    let tag = |word: &str, origin| Tag { keywords: vec![Keyword::flat(word)], origin };
    let tags = vec![tag("beach", Origin::Person), tag("cat", machine)];
    Wanted { tags, ..Wanted::default() }
}

/// The photo with a packet.
fn with_keywords(photo: &[u8]) -> Vec<u8> {
    match tagsight_metadata::embed(photo, &words(), &WRITER) {
        Ok(Outcome::Changed(change)) => change.output.apply(photo),
        other => panic!("a photo without words takes some, not {other:?}"),
    }
}

fn sidecar() -> Vec<u8> {
    match tagsight_metadata::sidecar(None, None, &words(), &WRITER) {
        Ok(Outcome::Changed(change)) => match change.output {
            SidecarFile::Write(sidecar) => sidecar,
            SidecarFile::Delete => panic!("there is none to delete"),
        },
        other => panic!("a sidecar begins with words, not {other:?}"),
    }
}
