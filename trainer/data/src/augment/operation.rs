//! RandAugment's changes of an image (Cubuk et al. 2020, arXiv 1909.13719), and cutout (DeVries and
//! Taylor 2017, arXiv 1708.04552). Lengths are fractions of the image's sides, so that a change
//! means the same at any size.

use rand::Rng;
use rand_chacha::ChaCha12Rng;

use super::grey::grey;

/// Strongest rotation, radians.
const MOST_TURN: f64 = std::f64::consts::PI / 6.0;
/// Strongest shear.
const MOST_SHEAR: f64 = 0.3;
/// Farthest translation.
const MOST_SHIFT: f64 = 0.45;
/// Largest change of a factor from 1.
const MOST_FACTOR: f64 = 0.9;
/// Bits that the strongest posterisation takes off each channel.
const MOST_BITS: f64 = 4.0;
/// What comes in where an image moves out: ImageNet's mean colour, rounded.
const OUTSIDE: [u8; 3] = [124, 116, 104];

/// One change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// None.
    Identity,
    /// Each channel is stretched to 0..=255.
    AutoContrast,
    /// Each channel's histogram is levelled.
    Equalise,
    /// Values from this one up are inverted.
    Solarise(u8),
    /// So many low bits are cleared.
    Posterise(u8),
    /// The distance from each pixel's grey is multiplied.
    Saturation(f64),
    /// The distance from the mean grey is multiplied.
    Contrast(f64),
    /// Everything is multiplied.
    Brightness(f64),
    /// The distance from the blurred image is multiplied.
    Sharpness(f64),
    /// The image moves: an output point (measured from the centre) shows the input point that the
    /// matrix and the shift make of it.
    Move {
        /// Row by row.
        matrix: [f64; 4],
        /// Right and down.
        shift: [f64; 2],
    },
    /// A square of one colour.
    Cutout {
        /// Its centre.
        centre: [f64; 2],
        /// Its side.
        side: f64,
        /// Its colour.
        colour: [u8; 3],
    },
}

impl Operation {
    /// One of RandAugment's fourteen, alike likely, of a strength between 0 and 1.
    pub(super) fn draw(strength: f64, rng: &mut ChaCha12Rng) -> Self {
        let sign = if rng.random() { 1.0 } else { -1.0 };
        let factor = 1.0 + sign * strength * MOST_FACTOR;
        let moved = |matrix, shift| Self::Move { matrix, shift };
        let (shear, shift) = (sign * strength * MOST_SHEAR, sign * strength * MOST_SHIFT);
        let still = [1.0, 0.0, 0.0, 1.0];
        match rng.random_range(0..14) {
            0 => Self::Identity,
            1 => Self::AutoContrast,
            2 => Self::Equalise,
            3 => Self::Solarise((255.0 * (1.0 - strength)).round() as u8),
            4 => Self::Posterise((MOST_BITS * strength).round() as u8),
            5 => Self::Saturation(factor),
            6 => Self::Contrast(factor),
            7 => Self::Brightness(factor),
            8 => Self::Sharpness(factor),
            9 => {
                let (sine, cosine) = (sign * strength * MOST_TURN).sin_cos();
                moved([cosine, -sine, sine, cosine], [0.0; 2])
            }
            10 => moved([1.0, shear, 0.0, 1.0], [0.0; 2]),
            11 => moved([1.0, 0.0, shear, 1.0], [0.0; 2]),
            12 => moved(still, [shift, 0.0]),
            _ => moved(still, [0.0, shift]),
        }
    }

    /// A cutout of that side, anywhere and of any colour.
    pub(super) fn draw_cutout(side: f64, rng: &mut ChaCha12Rng) -> Self {
        Self::Cutout { centre: rng.random(), side, colour: rng.random() }
    }

    /// Changes an image of RGB pixels.
    ///
    /// # Panics
    /// If `rgb` is no image of that size.
    pub(super) fn apply(&self, rgb: &mut Vec<u8>, [width, height]: [usize; 2]) {
        assert_eq!(rgb.len(), width * height * 3, "an image of that size");
        let size = [width, height];
        match *self {
            Self::Identity => {}
            Self::AutoContrast => by_channel(rgb, stretched),
            Self::Equalise => by_channel(rgb, levelled),
            Self::Solarise(from) => {
                each(rgb, |value| if value >= from { 255 - value } else { value });
            }
            Self::Posterise(bits) => each(rgb, |value| value >> bits << bits),
            Self::Brightness(factor) => each(rgb, |value| blend(0.0, value, factor)),
            Self::Contrast(factor) => {
                let (pixels, _) = rgb.as_chunks::<3>();
                let mean = pixels.iter().map(|&pixel| grey(pixel.map(f64::from))).sum::<f64>()
                    / pixels.len() as f64;
                each(rgb, |value| blend(mean, value, factor));
            }
            Self::Saturation(factor) => {
                for pixel in rgb.as_chunks_mut::<3>().0 {
                    let own = grey(pixel.map(f64::from));
                    *pixel = pixel.map(|value| blend(own, value, factor));
                }
            }
            Self::Sharpness(factor) => {
                let blurred = blurred(rgb.clone(), size);
                for (value, blurred) in rgb.iter_mut().zip(blurred) {
                    *value = blend(blurred, *value, factor);
                }
            }
            Self::Move { matrix, shift } => *rgb = moved(rgb, size, matrix, shift),
            Self::Cutout { centre, side, colour } => cut_out(rgb, size, centre, side, colour),
        }
    }
}

fn each(rgb: &mut [u8], change: impl Fn(u8) -> u8) {
    rgb.iter_mut().for_each(|value| *value = change(*value));
}

/// `factor` of the distance from `origin`.
fn blend(origin: f64, value: u8, factor: f64) -> u8 {
    (origin + (f64::from(value) - origin) * factor).round() as u8
}

/// Maps each channel by the table that its histogram gives.
fn by_channel(rgb: &mut [u8], table: impl Fn(&[usize; 256]) -> [u8; 256]) {
    let (pixels, _) = rgb.as_chunks_mut::<3>();
    for channel in 0..3 {
        let mut histogram = [0; 256];
        pixels.iter().for_each(|pixel| histogram[usize::from(pixel[channel])] += 1);
        let table = table(&histogram);
        pixels.iter_mut().for_each(|pixel| pixel[channel] = table[usize::from(pixel[channel])]);
    }
}

/// From the least value to the largest, over 0..=255.
fn stretched(histogram: &[usize; 256]) -> [u8; 256] {
    let least = histogram.iter().position(|&count| count > 0).unwrap_or(0);
    let largest = histogram.iter().rposition(|&count| count > 0).unwrap_or(0);
    let span = largest.saturating_sub(least);
    std::array::from_fn(|value| match span {
        0 => value as u8,
        _ => (value.clamp(least, largest).saturating_sub(least) * 255 / span) as u8,
    })
}

/// A value becomes the part of the pixels below it, of those that are not the darkest.
fn levelled(histogram: &[usize; 256]) -> [u8; 256] {
    let total: usize = histogram.iter().sum();
    let darkest = histogram.iter().copied().find(|&count| count > 0).unwrap_or(0);
    let others = total - darkest;
    let mut up_to = 0;
    std::array::from_fn(|value| {
        up_to += histogram[value];
        match others {
            0 => value as u8,
            _ => (up_to.saturating_sub(darkest) * 255 / others) as u8,
        }
    })
}

/// The mean over 3 × 3 pixels, fewer at the edges.
fn blurred(rgb: Vec<u8>, [width, height]: [usize; 2]) -> impl Iterator<Item = f64> {
    let around = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
    (0..width * height * 3).map(move |index| {
        let (pixel, channel) = (index / 3, index % 3);
        let (row, column) = (pixel / width, pixel % width);
        let near = around(row, height)
            .flat_map(|row| around(column, width).map(move |column| row * width + column));
        let (sum, count) = near.fold((0.0, 0.0), |(sum, count), pixel| {
            (sum + f64::from(rgb[pixel * 3 + channel]), count + 1.0)
        });
        sum / count
    })
}

/// Each output pixel shows the nearest input pixel to where it comes from.
fn moved(rgb: &[u8], [width, height]: [usize; 2], matrix: [f64; 4], shift: [f64; 2]) -> Vec<u8> {
    let mut output = Vec::with_capacity(rgb.len());
    let (columns, rows) = (width as f64, height as f64);
    for row in 0..height {
        let down = (row as f64 + 0.5) / rows - 0.5;
        for column in 0..width {
            let right = (column as f64 + 0.5) / columns - 0.5;
            let across = matrix[0] * right + matrix[1] * down + shift[0] + 0.5;
            let along = matrix[2] * right + matrix[3] * down + shift[1] + 0.5;
            let is_inside = (0.0..1.0).contains(&across) && (0.0..1.0).contains(&along);
            let from = (along * rows) as usize * width + (across * columns) as usize;
            let pixel = if is_inside { &rgb[from * 3..from * 3 + 3] } else { &OUTSIDE };
            output.extend_from_slice(pixel);
        }
    }
    output
}

fn cut_out(
    rgb: &mut [u8],
    [width, height]: [usize; 2],
    centre: [f64; 2],
    side: f64,
    colour: [u8; 3],
) {
    let span = |centre: f64, length: usize| {
        let edge = |at: f64| (at.clamp(0.0, 1.0) * length as f64).round() as usize;
        edge(centre - side / 2.0)..edge(centre + side / 2.0)
    };
    let (columns, rows) = (span(centre[0], width), span(centre[1], height));
    for row in rgb.chunks_exact_mut(width * 3).take(rows.end).skip(rows.start) {
        row.as_chunks_mut::<3>().0[columns.clone()].fill(colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    /// Two rows of three pixels.
    const SIZE: [usize; 2] = [3, 2];
    const IMAGE: [u8; 18] =
        [10, 20, 30, 40, 50, 60, 70, 80, 90, 110, 120, 130, 140, 150, 160, 170, 180, 190];

    fn changed(operation: Operation) -> Vec<u8> {
        let mut rgb = IMAGE.to_vec();
        operation.apply(&mut rgb, SIZE);
        rgb
    }

    #[test]
    fn neutral_strengths_change_nothing() {
        for operation in [
            Operation::Identity,
            Operation::Posterise(0),
            Operation::Saturation(1.0),
            Operation::Contrast(1.0),
            Operation::Brightness(1.0),
            Operation::Sharpness(1.0),
            Operation::Move { matrix: [1.0, 0.0, 0.0, 1.0], shift: [0.0; 2] },
            Operation::Cutout { centre: [0.5; 2], side: 0.0, colour: [0; 3] },
        ] {
            assert_eq!(changed(operation), IMAGE, "{operation:?}");
        }
    }

    #[test]
    fn colours_change_as_their_names_say() {
        assert_eq!(changed(Operation::Brightness(0.5))[..3], [5, 10, 15]);
        assert_eq!(changed(Operation::Brightness(9.0))[17], 255);
        assert_eq!(changed(Operation::Posterise(4))[..3], [0, 16, 16]);
        assert_eq!(changed(Operation::Solarise(128))[15..], [85, 75, 65]);
        assert_eq!(changed(Operation::Saturation(0.0))[..3], [18, 18, 18]);
        let stretched = changed(Operation::AutoContrast);
        assert_eq!((&stretched[..3], &stretched[15..]), (&[0; 3][..], &[255; 3][..]));
        // Six different values a channel lie evenly after levelling.
        let levelled: Vec<u8> = changed(Operation::Equalise).into_iter().step_by(3).collect();
        assert_eq!(levelled, [0, 51, 102, 153, 204, 255]);
        // Without its distance from the blurred image, a pixel is the mean of its neighbourhood:
        // here of 10, 40, 110 and 140.
        assert_eq!(changed(Operation::Sharpness(0.0))[0], 75);
    }

    #[test]
    fn images_move_and_lose_squares() {
        let right = Operation::Move { matrix: [1.0, 0.0, 0.0, 1.0], shift: [-1.0 / 3.0, 0.0] };
        let rgb = changed(right);
        assert_eq!((&rgb[..3], &rgb[3..9]), (&OUTSIDE[..], &IMAGE[..6]));
        let turned = changed(Operation::Move { matrix: [-1.0, 0.0, 0.0, -1.0], shift: [0.0; 2] });
        assert_eq!((&turned[..3], &turned[15..]), (&IMAGE[15..], &IMAGE[..3]));
        let cut = changed(Operation::Cutout { centre: [0.0; 2], side: 1.0, colour: [1, 2, 3] });
        assert_eq!((&cut[..3], &cut[6..]), (&[1, 2, 3][..], &IMAGE[6..]));
    }

    /// Every operation is drawn, and what is drawn follows from the seed.
    #[test]
    fn draws_are_various_and_reproducible() {
        let draw = |seed| {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            (0..200).map(|_| Operation::draw(0.5, &mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        let kinds: std::collections::HashSet<_> =
            draw(1).iter().map(std::mem::discriminant).collect();
        assert_eq!(kinds.len(), 10);
    }
}
