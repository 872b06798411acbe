//! JPEGs without a second decoder: what must hold whatever the pixels are.

use std::f64::consts::PI;

use fastrand::Rng;
use tagsight_jpeg::{Error, Header, Options, Scale};

use super::{Encoding, Picture, encode, zigzag};
use crate::random::Draw;

const PICTURES: u64 = 12;
const SIDE: usize = 70;
const MEGABYTE: u64 = 1 << 20;

fn decode(file: &[u8], scale: Scale) -> Result<tagsight_jpeg::Picture, Error> {
    Header::read(file)?.decode(&Options { scale, max_bytes: 64 * MEGABYTE })
}

fn components(random: &mut Rng) -> usize {
    [1, 3, 3, 4][random.draw(0..4)]
}

#[test]
fn a_picture_is_the_same_however_it_is_written() {
    for seed in 0..PICTURES {
        let mut random = Rng::with_seed(seed);
        let count = components(&mut random);
        let picture = Picture::random(&mut random, SIDE, count);
        let plain = Encoding { adobe: Some(0), jfif: false, ..Encoding::baseline(&picture) };
        let plain = encode(&picture, &plain);
        for _ in 0..4 {
            let encoding = Encoding::random(&mut random, &picture);
            let encoding = Encoding { adobe: Some(0), jfif: false, ..encoding };
            let file = encode(&picture, &encoding);
            for scale in Scale::ALL {
                let expected = decode(&plain, scale).unwrap();
                assert_eq!(decode(&file, scale).as_ref(), Ok(&expected), "{encoding:?}");
            }
        }
    }
}

/// The inverse transform as the standard writes it (ITU-T T.81, A.3.3), around 0.
fn samples(coefficients: &[i16; 64], steps: &[u16; 64]) -> [f64; 64] {
    let zigzag = zigzag();
    std::array::from_fn(|place| {
        let cosine = |at: usize, frequency: usize| {
            let scale = if frequency == 0 { 0.5_f64.sqrt() } else { 1.0 };
            scale * ((2 * at + 1) as f64 * frequency as f64 * PI / 16.0).cos()
        };
        let terms = (0..64).map(|k| {
            let value = f64::from(coefficients[k]) * f64::from(steps[k]);
            value * cosine(place % 8, zigzag[k] % 8) * cosine(place / 8, zigzag[k] / 8)
        });
        terms.sum::<f64>() / 4.0
    })
}

/// Integers round twice on their way.
const ROUNDING: f64 = 1.0;

#[test]
fn samples_are_means_of_the_inverse_transform() {
    for seed in 0..PICTURES {
        let picture = Picture::random(&mut Rng::with_seed(seed), SIDE, 1);
        let file = encode(&picture, &Encoding::baseline(&picture));
        let component = &picture.components[0];
        let blocks = component.coefficients.iter();
        let blocks: Vec<_> = blocks.map(|block| samples(block, &component.steps)).collect();
        for (scale, side) in Scale::ALL.into_iter().zip([1, 2, 4, 8]) {
            let decoded = decode(&file, scale).unwrap();
            let size = |pixels: usize| (pixels * side).div_ceil(8);
            let (width, height) = (size(picture.width), size(picture.height));
            assert_eq!((decoded.width as usize, decoded.height as usize), (width, height));
            for (index, &grey) in decoded.bytes.iter().enumerate() {
                let (x, y) = (index % width, index / width);
                let block = &blocks[y / side * component.blocks.0 + x / side];
                let times = 8 / side;
                let mean = (0..times * times).map(|i| {
                    let (column, row) =
                        (x % side * times + i % times, y % side * times + i / times);
                    block[row * 8 + column]
                });
                let mean = mean.sum::<f64>() / (times * times) as f64;
                let expected = (mean + 128.0).clamp(0.0, 255.0);
                let off = (f64::from(grey) - expected).abs();
                assert!(off <= ROUNDING, "{scale:?} at {x}, {y}: {grey}, not {expected}");
            }
        }
    }
}

#[test]
fn what_counts_is_whether_all_blocks_are_there() {
    for seed in 0..PICTURES {
        let mut random = Rng::with_seed(seed);
        let count = components(&mut random);
        let picture = Picture::random(&mut random, SIDE, count);
        let encoding = Encoding { clutter: false, ..Encoding::random(&mut random, &picture) };
        let file = encode(&picture, &encoding);
        let whole = decode(&file, Scale::Full);
        assert!(whole.is_ok(), "{whole:?} {encoding:?}");
        let unmarked = &file[..file.len() - 2];
        assert_eq!(decode(unmarked, Scale::Full), whole, "the end marker is no block");
        let padded = [unmarked, &[0; 500]].concat();
        assert_eq!(decode(&padded, Scale::Full), whole, "nor are zeros behind the blocks");
        let first_scan = file.windows(2).position(|bytes| bytes == [0xFF, 0xDA]).unwrap();
        for _ in 0..20 {
            // The last bytes may hold nothing but padding.
            let cut = &file[..random.draw(first_scan..file.len() - 4)];
            assert_eq!(decode(cut, Scale::Full), Err(Error::Cut), "{encoding:?}");
            assert_eq!(decode(cut, Scale::Eighth), Err(Error::Cut), "{encoding:?}");
            if !encoding.script.progressive {
                let glued = [cut, &[0xFF, 0xD9]].concat();
                assert_eq!(decode(&glued, Scale::Full), Err(Error::Cut), "{encoding:?}");
            }
        }
    }
}

#[test]
fn zeros_over_most_of_a_file_are_no_picture() {
    let mut refused = 0;
    for seed in 0..PICTURES * 3 {
        let mut random = Rng::with_seed(seed);
        let count = components(&mut random);
        let picture = Picture::random(&mut random, 2 * SIDE, count);
        let mut file = encode(&picture, &Encoding::random(&mut random, &picture));
        let (scan, end) = (file.windows(2).position(|bytes| bytes == [0xFF, 0xDA]), file.len() - 2);
        let from = random.draw(scan.unwrap() + 20..=end);
        file[from..end].fill(0);
        if end - from > 2000 {
            let shown = decode(&file, Scale::Full);
            assert!(shown.is_err(), "{seed}: zeros from {from} to {end}");
            refused += 1;
        }
    }
    assert!(refused > 10, "only {refused} files were long enough");
}

#[test]
fn memory_is_limited_before_it_is_taken() {
    let picture = Picture::random(&mut Rng::with_seed(1), 16, 3);
    let mut file = encode(&picture, &Encoding::baseline(&picture));
    let frame = file.windows(2).position(|bytes| bytes == [0xFF, 0xC1]).unwrap();
    file[frame + 5..frame + 9].fill(0xFF);
    let error = decode(&file, Scale::Full).unwrap_err();
    assert!(matches!(error, Error::TooLarge { needed, .. } if needed > 1 << 33), "{error:?}");
}

/// JFIF says YCbCr; without it Adobe's segment is asked, then the components' names.
#[test]
fn colours_are_told_as_libjpeg_tells_them() {
    let mut picture = Picture::random(&mut Rng::with_seed(3), SIDE, 3);
    let show = |picture: &Picture, jfif, adobe| {
        let encoding = Encoding { jfif, adobe, ..Encoding::baseline(picture) };
        decode(&encode(picture, &encoding), Scale::Full).unwrap().bytes
    };
    let ycbcr = show(&picture, true, None);
    let rgb = show(&picture, false, Some(0));
    assert_ne!(ycbcr, rgb);
    assert_eq!(show(&picture, true, Some(0)), ycbcr, "JFIF comes first");
    assert_eq!(show(&picture, false, Some(1)), ycbcr);
    assert_eq!(show(&picture, false, Some(5)), ycbcr, "there is no such transform");
    assert_eq!(show(&picture, false, None), ycbcr);
    for (component, id) in picture.components.iter_mut().zip(*b"RGB") {
        component.id = id;
    }
    assert_eq!(show(&picture, false, None), rgb, "the components are named");
    assert_eq!(show(&picture, true, None), ycbcr);
}
