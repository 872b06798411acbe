//! Rows of a component at the picture's size.
//!
//! Where a component has half as many columns or rows, samples are interpolated linearly between
//! their centres, with the roundings of libjpeg's "fancy" upsampling; elsewhere they are repeated.

use crate::plane::Plane;

/// How a component comes to the picture's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Upsampling {
    /// It has it.
    None,
    /// Columns are interpolated.
    Columns,
    /// Rows are interpolated.
    Rows,
    /// Both are.
    Both,
    /// Samples are repeated: so many for so many, across and down.
    Repeat {
        /// Samples and pixels that lie side by side.
        across: (u32, u32),
        /// Samples and pixels that lie one below the other.
        down: (u32, u32),
    },
}

impl Upsampling {
    /// What brings `across.0` columns to `across.1`, and rows likewise. A picture at an eighth of
    /// its size is not interpolated: libjpeg does not either.
    pub(crate) fn new(across: (u32, u32), down: (u32, u32), plane: &Plane, smooth: bool) -> Self {
        let ratio = |(samples, pixels): (u32, u32)| (samples * 2 == pixels, samples == pixels);
        match (ratio(across), ratio(down)) {
            ((_, true), (_, true)) => Self::None,
            ((true, _), (_, true)) if smooth && plane.width() > 2 => Self::Columns,
            ((_, true), (true, _)) if smooth => Self::Rows,
            ((true, _), (true, _)) if smooth && plane.width() > 2 => Self::Both,
            _ => Self::Repeat { across, down },
        }
    }

    /// Row `y` of the picture into `row`, which has a multiple of the widest ratio's columns; `sums`
    /// is scratch.
    pub(crate) fn row<'a>(
        self,
        plane: &'a Plane,
        y: usize,
        row: &'a mut Vec<u8>,
        sums: &mut Vec<u16>,
    ) -> &'a [u8] {
        row.clear();
        match self {
            Self::None => return plane.row(y),
            Self::Columns => columns(plane.row(y), row),
            Self::Rows => {
                let (near, far) = neighbours(plane, y);
                let bias = if y.is_multiple_of(2) { 1 } else { 2 };
                row.extend(vertical(near, far).map(|sum| ((sum + bias) >> 2) as u8));
            }
            Self::Both => {
                let (near, far) = neighbours(plane, y);
                sums.clear();
                sums.extend(vertical(near, far));
                both(sums, row);
            }
            Self::Repeat { across: (samples, pixels), down } => {
                let y = y * down.0 as usize / down.1 as usize;
                repeat(plane.row(y), samples as usize, pixels as usize, row);
            }
        }
        row
    }
}

/// The rows of samples above and below the middle of row `y`, the nearer one first.
fn neighbours(plane: &Plane, y: usize) -> (&[u8], &[u8]) {
    let near = y / 2;
    let last = plane.height() - 1;
    let far = if y.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(last) };
    (plane.row(near), plane.row(far))
}

/// Four times the samples between two rows.
fn vertical<'a>(near: &'a [u8], far: &'a [u8]) -> impl Iterator<Item = u16> + 'a {
    near.iter().zip(far).map(|(&near, &far)| u16::from(near) * 3 + u16::from(far))
}

/// Twice as many columns. Halves are rounded down and up in turn.
fn columns(samples: &[u8], row: &mut Vec<u8>) {
    let wide = |sample: u8| u16::from(sample);
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    row.push(first);
    row.extend(samples.windows(2).flat_map(|pair| {
        let (left, right) = (wide(pair[0]), wide(pair[1]));
        [((left * 3 + right + 2) >> 2) as u8, ((right * 3 + left + 1) >> 2) as u8]
    }));
    row.push(last);
}

/// Twice as many columns of sums that are four times a sample.
fn both(sums: &[u16], row: &mut Vec<u8>) {
    let (first, last) = (sums[0], sums[sums.len() - 1]);
    row.push(((first * 4 + 8) >> 4) as u8);
    row.extend(sums.windows(2).flat_map(|pair| {
        let (left, right) = (pair[0], pair[1]);
        [((left * 3 + right + 7) >> 4) as u8, ((right * 3 + left + 8) >> 4) as u8]
    }));
    row.push(((last * 4 + 7) >> 4) as u8);
}

/// Every sample as often as it takes; in turns, if the ratio is no whole number.
fn repeat(samples: &[u8], of: usize, pixels: usize, row: &mut Vec<u8>) {
    if pixels.is_multiple_of(of) {
        let times = pixels / of;
        row.extend(samples.iter().flat_map(|&sample| std::iter::repeat_n(sample, times)));
    } else {
        let width = (samples.len() * pixels).div_ceil(of);
        row.extend((0..width).map(|x| samples[(x * of / pixels).min(samples.len() - 1)]));
    }
}
