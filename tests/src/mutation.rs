//! A bounded, seeded fuzz of everything that reads foreign bytes: nothing may panic, and the same
//! bytes are always judged alike. The open-ended fuzz is in `fuzz/`.

use fastrand::Rng;
use tagsight_core::photo::Squasher;
use tagsight_core::{Artifact, photo};

use crate::artifacts::File;

const ARTIFACT_ROUNDS: usize = 400;
const PHOTO_ROUNDS: usize = 500;

/// Applies one to four edits that tend to reach deep: flips, splices, cuts, extreme numbers.
pub(crate) fn mutate(random: &mut Rng, bytes: &mut Vec<u8>, within: usize) {
    for _ in 0..random.usize(1..=4) {
        let within = within.min(bytes.len());
        if within < 8 {
            return;
        }
        let at = random.usize(0..within - 7);
        match random.u8(0..6) {
            0 => bytes[at] ^= 1 << random.u8(0..8),
            1 => bytes[at] = random.u8(..),
            2 => bytes[at..at + 4].copy_from_slice(&[0xFF; 4]),
            3 => bytes[at..at + 4].fill(0),
            4 => bytes.truncate(bytes.len() - random.usize(0..bytes.len() / 2)),
            _ => {
                let from = random.usize(0..within - 7);
                bytes.copy_within(from..from + 8, at);
            }
        }
    }
}

#[test]
fn mutated_artifacts_are_read_or_refused() {
    let seeds = [File::valid(), File::four_bits()].map(|file| (file.bytes(), file.data.len()));
    let mut random = Rng::with_seed(11);
    let mut refused = 0;
    for round in 0..ARTIFACT_ROUNDS {
        let (valid, data) = &seeds[round % seeds.len()];
        let (mut bytes, header) = (valid.clone(), valid.len() - data);
        // Damage to weights is mostly harmless by design, so most rounds aim at the header.
        let within = if round % 8 < seeds.len() { bytes.len() } else { header };
        mutate(&mut random, &mut bytes, within);
        let message = Artifact::read(&bytes).err().map(|error| error.to_string());
        if round % 16 == 0 {
            assert_eq!(Artifact::read(&bytes).err().map(|error| error.to_string()), message);
        }
        refused += usize::from(message.is_some());
    }
    println!("{refused} of {ARTIFACT_ROUNDS} mutated artifacts were refused");
    assert!(refused > ARTIFACT_ROUNDS / 2, "the mutations do not reach the checks");
}

#[test]
fn mutated_photos_are_read_or_refused() {
    let seeds: [&[u8]; 13] = [
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
    let mut random = Rng::with_seed(12);
    let mut squasher = Squasher::default();
    let (mut refused, mut read) = (0, 0);
    for seed in seeds {
        for _ in 0..PHOTO_ROUNDS {
            let mut bytes = seed.to_vec();
            mutate(&mut random, &mut bytes, seed.len());
            let decoded = photo::decode(&bytes);
            assert_eq!(photo::decode(&bytes), decoded, "the same bytes were judged differently");
            let coded: usize = photo::coded_parts(&bytes).iter().map(|part| part.len()).sum();
            assert!(coded <= bytes.len(), "{coded} of {} bytes code the picture", bytes.len());
            if let Ok(mut photo) = photo::decode_reduced(&bytes, 8) {
                let thumbnail = photo.shrink(16, &mut squasher);
                let pixels = thumbnail.width * thumbnail.height;
                assert!(pixels <= 16 * 16 && thumbnail.bytes.len() == pixels * 3);
            }
            match decoded {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
        }
    }
    println!("mutated photos: {read} read, {refused} refused");
    assert!(read > 0 && refused > 0, "the mutations do not reach both outcomes");
}
