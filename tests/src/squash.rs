//! Resizing against Pillow's antialiased bilinear filter, which torchvision's models are used with.

use tagsight_core::photo::{Rgb8, Squasher};

const SIDE: usize = 48;
/// Both compute in fixed point and round twice, once a direction.
const TOLERANCE_LEVELS: u8 = 1;

/// The same formula as in `fixtures/resize.py`.
fn picture(width: usize, height: usize) -> Rgb8 {
    let mut bytes = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                bytes.push(((x * (3 + channel) + y * 5 + (x * y) / 16 * 7) % 256) as u8);
            }
        }
    }
    Rgb8 { width, height, bytes }
}

macro_rules! golden {
    ($width:literal, $height:literal) => {
        (
            picture($width, $height),
            include_bytes!(concat!("../fixtures/resize_", $width, "x", $height, ".rgb")).as_slice(),
        )
    };
}

#[test]
fn resizing_equals_pillows() {
    let cases = [golden!(200, 130), golden!(37, 90), golden!(20, 30), golden!(1000, 8)];
    let mut squasher = Squasher::default();
    for (picture, expected) in cases {
        let squashed = squasher.squash(&picture, SIDE);
        assert_eq!(squashed.len(), expected.len());
        let worst = squashed.iter().zip(expected).map(|(&a, &b)| a.abs_diff(b)).max().unwrap();
        let size = (picture.width, picture.height);
        assert!(worst <= TOLERANCE_LEVELS, "{size:?}: a pixel is {worst} levels off");
    }
}

/// The negative control: a filter that is not antialiased is far beyond the tolerance.
#[test]
fn nearest_neighbour_would_be_noticed() {
    let (picture, expected) = golden!(200, 130);
    let nearest = (0..SIDE * SIDE * 3).map(|index| {
        let (y, x, channel) = (index / 3 / SIDE, index / 3 % SIDE, index % 3);
        let (y, x) = (y * picture.height / SIDE, x * picture.width / SIDE);
        picture.bytes[(y * picture.width + x) * 3 + channel]
    });
    let worst = nearest.zip(expected).map(|(a, &b)| a.abs_diff(b)).max().unwrap();
    assert!(worst > 20 * TOLERANCE_LEVELS, "only {worst} levels off");
}
