//! Profiles that look colours up: curves, a lattice with straight lines between its points, and
//! curves again (ICC.1:2022, 10.10 to 10.12).

use super::curve::{Curve, fixed, sample16};
use super::space::{Space, multiply, xyz_of_lab};

/// The largest value of XYZ that 16 bits hold.
const XYZ_RANGE: f32 = 1.0 + 32767.0 / 32768.0;

/// A table's stages in the order in which a colour goes through them.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    /// Curves and lattice; the former belong to the latter.
    lattice: Option<([Curve; 3], Lattice)>,
    matrix: Option<Matrix>,
    last: [Curve; 3],
    encoding: Encoding,
}

/// Curves, then a matrix and what is added.
#[derive(Debug, PartialEq)]
struct Matrix {
    curves: [Curve; 3],
    rows: [[f32; 3]; 3],
    added: [f32; 3],
}

/// What the numbers that come out mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Xyz,
    Lab,
    /// Of 16 bits as they were before version 4, where 0xFF00 is what 0xFFFF is now.
    OldLab,
}

/// Colours at the points of a grid over the three channels, the last of which varies fastest.
#[derive(Debug, PartialEq)]
struct Lattice {
    points: [usize; 3],
    colours: Vec<[f32; 3]>,
}

impl Table {
    /// Reads a tag that leads into `space`.
    pub(super) fn read(tag: &[u8], space: Space) -> Option<Self> {
        // Three channels in, three out, in any of the types.
        if tag.get(8..10)? != [3, 3] {
            return None;
        }
        match (tag.first_chunk()?, space) {
            (b"mft1", Space::Lab) => Self::read_bytes(tag, Encoding::Lab),
            (b"mft1", Space::Xyz) => Self::read_bytes(tag, Encoding::Xyz),
            (b"mft2", Space::Lab) => Self::read_words(tag, Encoding::OldLab),
            (b"mft2", Space::Xyz) => Self::read_words(tag, Encoding::Xyz),
            (b"mAB ", Space::Lab) => Self::read_stages(tag, Encoding::Lab),
            (b"mAB ", Space::Xyz) => Self::read_stages(tag, Encoding::Xyz),
            _ => None,
        }
    }

    fn read_bytes(tag: &[u8], encoding: Encoding) -> Option<Self> {
        let samples = tag.get(48..)?.iter().map(|&byte| f32::from(byte) / 255.0);
        Self::read_samples(tag, 256, 256, samples, encoding)
    }

    fn read_words(tag: &[u8], encoding: Encoding) -> Option<Self> {
        let word = |at: usize| Some(u16::from_be_bytes(*tag.get(at..)?.first_chunk()?).into());
        let samples = tag.get(52..)?.as_chunks().0.iter().copied().map(sample16);
        Self::read_samples(tag, word(48)?, word(50)?, samples, encoding)
    }

    /// The two older types: so many samples a curve before the lattice, and behind it. Their matrix
    /// is for XYZ alone.
    fn read_samples(
        tag: &[u8],
        before: usize,
        behind: usize,
        mut samples: impl Iterator<Item = f32>,
        encoding: Encoding,
    ) -> Option<Self> {
        let first = curves(before, &mut samples)?;
        let lattice = Lattice::new([usize::from(*tag.get(10)?); 3], &mut samples)?;
        let last = curves(behind, &mut samples)?;
        Some(Self { lattice: Some((first, lattice)), matrix: None, last, encoding })
    }

    /// The newer type, of which any stage but the last may be missing.
    fn read_stages(tag: &[u8], encoding: Encoding) -> Option<Self> {
        let stage = |index: usize| {
            let at = u32::from_be_bytes(*tag.get(12 + 4 * index..)?.first_chunk()?) as usize;
            tag.get(at..).filter(|_| at > 0)
        };
        let last = read_curves(stage(0)?)?;
        let matrix = match (stage(1), stage(2)) {
            (Some(matrix), Some(curves)) => {
                let numbers = matrix.get(..48)?.as_chunks().0;
                let number = |index: usize| fixed(numbers[index]);
                let rows = [0, 3, 6].map(|first| [0, 1, 2].map(|column| number(first + column)));
                let added = [9, 10, 11].map(number);
                Some(Matrix { curves: read_curves(curves)?, rows, added })
            }
            _ => None,
        };
        let lattice = match (stage(3), stage(4)) {
            (Some(lattice), Some(curves)) => Some((read_curves(curves)?, Lattice::read(lattice)?)),
            _ => None,
        };
        Some(Self { lattice, matrix, last, encoding })
    }

    /// XYZ of a colour in `0..=1`.
    pub(super) fn xyz(&self, mut colour: [f32; 3]) -> [f32; 3] {
        if let Some((curves, lattice)) = &self.lattice {
            colour = lattice.at(through(curves, colour));
        }
        if let Some(Matrix { curves, rows, added }) = &self.matrix {
            let turned = multiply(rows, through(curves, colour));
            colour = [0, 1, 2].map(|channel| turned[channel] + added[channel]);
        }
        let colour = through(&self.last, colour);
        match self.encoding {
            Encoding::Xyz => colour.map(|value| value * XYZ_RANGE),
            Encoding::Lab => xyz_of_lab(lab(colour)),
            Encoding::OldLab => xyz_of_lab(lab(colour.map(|value| value * (65535.0 / 65280.0)))),
        }
    }
}

fn lab([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    [lightness * 100.0, a * 255.0 - 128.0, b * 255.0 - 128.0]
}

fn through(curves: &[Curve; 3], colour: [f32; 3]) -> [f32; 3] {
    [0, 1, 2].map(|channel| curves[channel].at(colour[channel]))
}

/// Three curves of so many samples each.
fn curves(samples_each: usize, samples: &mut impl Iterator<Item = f32>) -> Option<[Curve; 3]> {
    let mut curve = || Curve::new(samples.take(samples_each).collect());
    let curves = [curve()?, curve()?, curve()?];
    Some(curves)
}

/// Three curves, one behind the other, each filled up to four bytes.
fn read_curves(mut bytes: &[u8]) -> Option<[Curve; 3]> {
    let mut curve = || {
        let (curve, length) = Curve::read(bytes)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(curve)
    };
    Some([curve()?, curve()?, curve()?])
}

impl Lattice {
    fn new(points: [usize; 3], samples: &mut impl Iterator<Item = f32>) -> Option<Self> {
        let colours = points.iter().product::<usize>();
        let samples = samples.take(3 * colours).collect::<Vec<_>>();
        let whole = samples.len() == 3 * colours && points.iter().all(|&points| points >= 2);
        whole.then(|| Self { points, colours: samples.as_chunks().0.to_vec() })
    }

    /// The newer type's: points a channel, how many bytes a sample has, and the samples.
    fn read(bytes: &[u8]) -> Option<Self> {
        let points = [bytes.first()?, bytes.get(1)?, bytes.get(2)?].map(|&points| points.into());
        let samples = bytes.get(20..)?;
        match bytes.get(16)? {
            1 => Self::new(points, &mut samples.iter().map(|&byte| f32::from(byte) / 255.0)),
            2 => Self::new(points, &mut samples.as_chunks().0.iter().copied().map(sample16)),
            _ => None,
        }
    }

    /// The colour at a place in `0..=1`, from the eight points around it.
    fn at(&self, place: [f32; 3]) -> [f32; 3] {
        let place: [f32; 3] = [0, 1, 2]
            .map(|channel| place[channel].clamp(0.0, 1.0) * (self.points[channel] - 1) as f32);
        let below: [usize; 3] =
            [0, 1, 2].map(|channel| (place[channel] as usize).min(self.points[channel] - 2));
        let mut sum = [0.0; 3];
        for corner in 0..8 {
            let (mut weight, mut index) = (1.0, 0);
            for channel in 0..3 {
                let step = corner >> channel & 1;
                let part = place[channel] - below[channel] as f32;
                weight *= if step == 1 { part } else { 1.0 - part };
                index = index * self.points[channel] + below[channel] + step;
            }
            let colour = self.colours[index];
            sum = [0, 1, 2].map(|channel| sum[channel] + weight * colour[channel]);
        }
        sum
    }
}
