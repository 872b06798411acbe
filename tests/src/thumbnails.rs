//! Thumbnails of every encoding against Pillow's pictures, reduced here in real numbers.

use tagsight_core::photo::{self, Rgb8, Squasher};

use crate::photos::{FIXTURES, Fixture, TURNED};

/// Half of the fixtures' longer side.
const LONGEST: usize = 20;
/// At this side's scale JPEGs are decoded at half of their size.
const SIDE: usize = 12;
/// At this one's they are decoded in full.
const WHOLE: usize = 1000;
/// The means of four pixels are sharper than what a bilinear filter leaves of them.
const MEAN_LEVELS: f64 = 4.0;

fn thumbnail(photo: &[u8], side: usize) -> Rgb8 {
    let mut photo = photo::decode_reduced(photo, side).unwrap();
    photo.shrink(LONGEST, &mut Squasher::default())
}

/// Half of a picture's size: the means of four pixels.
fn halved(rgb: &[u8], width: usize) -> Vec<f64> {
    let level = |x: usize, y: usize, channel: usize| f64::from(rgb[(y * width + x) * 3 + channel]);
    let height = rgb.len() / 3 / width;
    let places = (0..height / 2).flat_map(|y| (0..width / 2).map(move |x| (2 * x, 2 * y)));
    let means = places.flat_map(|(x, y)| {
        [0, 1, 2].map(|channel| {
            let four = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
            four.map(|(x, y)| level(x, y, channel)).iter().sum::<f64>() / 4.0
        })
    });
    means.collect()
}

/// Whether filters can be compared on it: dots and a single pixel are no picture that is reduced.
fn is_smooth(fixture: &Fixture) -> bool {
    !["bilevel.png", "one_pixel.png"].contains(&fixture.name)
}

/// How many levels apart they are, on average.
fn distance(thumbnail: &[u8], expected: &[f64]) -> f64 {
    assert_eq!(thumbnail.len(), expected.len(), "pictures of one size");
    let levels = thumbnail.iter().zip(expected).map(|(&a, b)| (f64::from(a) - b).abs());
    levels.sum::<f64>() / expected.len() as f64
}

#[test]
fn thumbnails_show_what_pillow_shows() {
    let mut failures = Vec::new();
    let fixtures = FIXTURES.iter().chain(&TURNED);
    for Fixture { name, photo, expected, .. } in fixtures.filter(|fixture| is_smooth(fixture)) {
        for side in [WHOLE, SIDE] {
            let thumbnail = thumbnail(photo, side);
            assert_eq!(thumbnail.width.max(thumbnail.height), LONGEST, "{name}");
            let off = distance(&thumbnail.bytes, &halved(expected, 2 * thumbnail.width));
            println!("{name} for {side}: {off:.2} levels off");
            if off > MEAN_LEVELS {
                failures.push(format!("{name} for {side}: {off} levels off"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The negative control: a thumbnail that is turned wrongly is far off.
#[test]
fn a_wrong_turn_would_be_noticed() {
    let fixture = &TURNED[0];
    let mut thumbnail = thumbnail(fixture.photo, SIDE);
    thumbnail.bytes = thumbnail.bytes.as_chunks::<3>().0.iter().rev().flatten().copied().collect();
    let off = distance(&thumbnail.bytes, &halved(fixture.expected, 2 * thumbnail.width));
    assert!(off > 5.0 * MEAN_LEVELS, "only {off} levels off");
}

/// What a network sees is the same with a thumbnail and without.
#[test]
fn the_networks_input_stays_as_it_is() {
    let mut squasher = Squasher::default();
    for Fixture { name, photo, .. } in FIXTURES.iter().chain(&TURNED) {
        let alone = photo::load_squashed(photo, SIDE, &mut squasher).unwrap();
        let mut photo = photo::decode_reduced(photo, SIDE).unwrap();
        photo.shrink(LONGEST, &mut squasher);
        assert_eq!(photo.squash(SIDE, &mut squasher).rgb, alone, "{name}");
    }
}
