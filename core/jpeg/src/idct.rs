//! The inverse transform of a block, whole or reduced, in integers.
//!
//! The arithmetic is that of libjpeg's accurate integer transform (Loeffler, Ligtenberg and
//! Moschytz, 1989: twelve multiplications a line) and of its reduced ones, which give the means of
//! 2×2, 4×4 or 8×8 samples: constants have 13 bits of fraction, and lines 2 after the first pass.
//! A pass does the same to several lines at once, so compilers make vector instructions of it, and
//! every machine gives the same samples.

use std::ops::{Add, Mul, Sub};

use crate::Scale;
use crate::plane::Plane;
use crate::tables::ZIGZAG;

const FRACTION: u32 = 13;
const PASS: u32 = 2;
/// Both passes together enlarge eightfold.
const FINAL: u32 = PASS + 3;

/// A block's coefficients, multiplied by their steps, in natural order.
pub(crate) struct Block {
    coefficients: [i32; 64],
    /// Whether there is anything but the first one.
    flat: bool,
}

impl Block {
    /// A block of zeros.
    pub(crate) fn new() -> Self {
        Self { coefficients: [0; 64], flat: true }
    }

    /// Sets the block's mean.
    #[inline(always)]
    pub(crate) fn set_first(&mut self, value: i32) {
        self.coefficients[0] = value;
    }

    /// Sets the coefficient that is number `k` in the file's order, which is not the first; beyond
    /// the last one nothing is set.
    #[inline(always)]
    pub(crate) fn set(&mut self, k: usize, value: i32) {
        if let Some(&place) = ZIGZAG.get(k) {
            self.coefficients[usize::from(place & 63)] = value;
            self.flat = false;
        }
    }

    /// Zeros again.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        if !self.flat {
            *self = Self::new();
        }
    }

    /// Its samples at `scale`, into the block in column `x` and row `y` of `plane`.
    #[inline(always)]
    pub(crate) fn put(&self, scale: Scale, plane: &mut Plane, x: u32, y: u32) {
        match scale {
            Scale::Eighth => plane.put(x, y, &[[self.mean()]]),
            Scale::Quarter => plane.put(x, y, &self.quarter()),
            Scale::Half => plane.put(x, y, &self.half()),
            Scale::Full => plane.put(x, y, &self.full()),
        }
    }

    /// All of its samples.
    fn full(&self) -> [[u8; 8]; 8] {
        if self.flat {
            return [[self.mean(); 8]; 8];
        }
        let rows = full(self.rows([0, 1, 2, 3, 4, 5, 6, 7]), FRACTION - PASS);
        samples(&full(transpose(&rows), FRACTION + FINAL))
    }

    /// The means of 2×2 samples.
    fn half(&self) -> [[u8; 4]; 4] {
        if self.flat {
            return [[self.mean(); 4]; 4];
        }
        let rows = half(self.rows([0, 1, 2, 3, 5, 6, 7]), FRACTION - PASS + 1);
        let [c0, c1, c2, c3, _, c5, c6, c7] = transpose(&rows);
        samples(&half([c0, c1, c2, c3, c5, c6, c7], FRACTION + FINAL + 1))
    }

    /// The means of 4×4 samples.
    fn quarter(&self) -> [[u8; 2]; 2] {
        if self.flat {
            return [[self.mean(); 2]; 2];
        }
        let rows = quarter(self.rows([0, 1, 3, 5, 7]), FRACTION - PASS + 2);
        let [c0, c1, _, c3, _, c5, _, c7] = transpose(&rows);
        samples(&quarter([c0, c1, c3, c5, c7], FRACTION + FINAL + 2))
    }

    /// The mean of all samples.
    fn mean(&self) -> u8 {
        mean(self.coefficients[0])
    }

    #[inline(always)]
    fn rows<const N: usize>(&self, rows: [usize; N]) -> [Lanes<8>; N] {
        let mut lines = [Lanes([0; 8]); N];
        for (line, row) in lines.iter_mut().zip(rows) {
            *line = Lanes::new(|x| self.coefficients[row * 8 + x]);
        }
        lines
    }
}

/// The mean of a block whose first coefficient is `value`.
#[inline(always)]
pub(crate) fn mean(value: i32) -> u8 {
    sample(descale(value, 3))
}

/// A number around 0 as a sample.
#[inline(always)]
fn sample(value: i32) -> u8 {
    (value.clamp(-128, 127) + 128) as u8
}

/// Divides by a power of two and rounds.
#[inline(always)]
fn descale(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

/// A value of each of several lines. What no encoder writes may overflow, and then wraps.
#[derive(Clone, Copy)]
struct Lanes<const N: usize>([i32; N]);

impl<const N: usize> Lanes<N> {
    /// Each lane by its number. A plain loop becomes vector instructions, `array::map` calls.
    #[inline(always)]
    fn new(lane: impl Fn(usize) -> i32) -> Self {
        let mut lanes = [0; N];
        for (index, value) in lanes.iter_mut().enumerate() {
            *value = lane(index);
        }
        Self(lanes)
    }

    #[inline(always)]
    fn shifted(self) -> Self {
        Self::new(|lane| self.0[lane] << FRACTION)
    }

    #[inline(always)]
    fn descaled(self, bits: u32) -> Self {
        Self::new(|lane| descale(self.0[lane], bits))
    }
}

impl<const N: usize> Add for Lanes<N> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::new(|lane| self.0[lane].wrapping_add(other.0[lane]))
    }
}

impl<const N: usize> Sub for Lanes<N> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self::new(|lane| self.0[lane].wrapping_sub(other.0[lane]))
    }
}

impl<const N: usize> Mul<i32> for Lanes<N> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: i32) -> Self {
        Self::new(|lane| self.0[lane].wrapping_mul(factor))
    }
}

/// Line `x` of the result is lane `x` of every line.
#[inline(always)]
fn transpose<const N: usize, const M: usize>(lines: &[Lanes<M>; N]) -> [Lanes<N>; M] {
    let mut turned = [Lanes([0; N]); M];
    for (x, line) in turned.iter_mut().enumerate() {
        *line = Lanes::new(|y| lines[y].0[x]);
    }
    turned
}

/// Lines of numbers around 0 as samples, turned.
#[inline(always)]
fn samples<const N: usize>(lines: &[Lanes<N>; N]) -> [[u8; N]; N] {
    let mut samples = [[0; N]; N];
    for (y, row) in samples.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = sample(lines[x].0[y]);
        }
    }
    samples
}

/// Eight coefficients of each line to eight samples.
#[inline(always)]
fn full<const N: usize>(c: [Lanes<N>; 8], bits: u32) -> [Lanes<N>; 8] {
    let turned = (c[2] + c[6]) * 4433;
    let (even2, even3) = (turned - c[6] * 15_137, turned + c[2] * 6270);
    let (even0, even1) = ((c[0] + c[4]).shifted(), (c[0] - c[4]).shifted());
    let even = [even0 + even3, even1 + even2, even1 - even2, even0 - even3];

    let (sum71, sum53, sum73, sum51) = (c[7] + c[1], c[5] + c[3], c[7] + c[3], c[5] + c[1]);
    let common = (sum73 + sum51) * 9633;
    let (turned73, turned51) = (common - sum73 * 16_069, common - sum51 * 3196);
    let (turned71, turned53) = (sum71 * 7373, sum53 * 20_995);
    let odd = [
        c[1] * 12_299 - turned71 + turned51,
        c[3] * 25_172 - turned53 + turned73,
        c[5] * 16_819 - turned53 + turned51,
        c[7] * 2446 - turned71 + turned73,
    ];
    let mut lines = [Lanes([0; N]); 8];
    for i in 0..4 {
        lines[i] = (even[i] + odd[i]).descaled(bits);
        lines[7 - i] = (even[i] - odd[i]).descaled(bits);
    }
    lines
}

/// Coefficients 0, 1, 2, 3, 5, 6 and 7 of each line to the means of pairs; 4 adds nothing to them.
#[inline(always)]
fn half<const N: usize>(c: [Lanes<N>; 7], bits: u32) -> [Lanes<N>; 4] {
    let [c0, c1, c2, c3, c5, c6, c7] = c;
    let first = c0.shifted() + c0.shifted();
    let even = c2 * 15_137 - c6 * 6270;
    let inner = c5 * 11_893 - c7 * 1730 - c3 * 17_799 + c1 * 8697;
    let outer = c3 * 7373 - c7 * 4176 - c5 * 4926 + c1 * 20_995;
    let (above, below) = (first + even, first - even);
    [
        (above + outer).descaled(bits),
        (below + inner).descaled(bits),
        (below - inner).descaled(bits),
        (above - outer).descaled(bits),
    ]
}

/// Coefficients 0, 1, 3, 5 and 7 of each line to the means of four; the others add nothing to them.
#[inline(always)]
fn quarter<const N: usize>(c: [Lanes<N>; 5], bits: u32) -> [Lanes<N>; 2] {
    let [c0, c1, c3, c5, c7] = c;
    let first = c0.shifted() * 4;
    let odd = c5 * 6967 - c7 * 5906 - c3 * 10_426 + c1 * 29_692;
    [(first + odd).descaled(bits), (first - odd).descaled(bits)]
}
