//! Coefficients of a picture that is made up.

use std::f64::consts::PI;

use fastrand::Rng;

use super::zigzag;
use crate::random::Draw;

/// A component of a picture.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its name in the file.
    pub id: u8,
    /// Columns and rows of its blocks in a unit of several components.
    pub sampling: (usize, usize),
    /// Columns and rows of blocks, in whole units.
    pub blocks: (usize, usize),
    /// Columns and rows of blocks that hold something of the picture.
    pub visible: (usize, usize),
    /// Steps of its coefficients, in the file's order.
    pub steps: [u16; 64],
    /// Blocks of coefficients in the file's order, row by row.
    pub coefficients: Vec<[i16; 64]>,
}

/// A picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Columns of pixels.
    pub width: usize,
    /// Rows of pixels.
    pub height: usize,
    /// One, three or four.
    pub components: Vec<Component>,
}

impl Picture {
    /// A random picture of at most `side`² pixels, of `count` components.
    pub fn random(random: &mut Rng, side: usize, count: usize) -> Self {
        let (width, height) = (random.draw(1..=side), random.draw(1..=side));
        let sampling = samplings(random, count);
        let across = sampling.iter().map(|sampling| sampling.0).max().expect("a component");
        let down = sampling.iter().map(|sampling| sampling.1).max().expect("a component");
        let units = (width.div_ceil(8 * across), height.div_ceil(8 * down));
        let components = sampling.into_iter().enumerate().map(|(index, (h, v))| {
            let blocks = (units.0 * h, units.1 * v);
            let steps = steps(random);
            let wave = Wave::random(random, (8.0 * h as f64, 8.0 * v as f64));
            let blocks_of = (0..blocks.1).flat_map(|y| (0..blocks.0).map(move |x| (x, y)));
            Component {
                id: index as u8 + 1,
                sampling: (h, v),
                blocks,
                visible: ((width * h).div_ceil(8 * across), (height * v).div_ceil(8 * down)),
                coefficients: blocks_of
                    .map(|(x, y)| quantise(&wave.block(random, x, y), &steps))
                    .collect(),
                steps,
            }
        });
        Self { width, height, components: components.collect() }
    }
}

/// Sampling factors that divide the largest ones, as libjpeg wants them; ten blocks a unit at the
/// most (T.81, B.2.3).
fn samplings(random: &mut Rng, count: usize) -> Vec<(usize, usize)> {
    loop {
        let (across, down) = (random.draw(1..=4), random.draw(1..=4));
        let factor = |random: &mut Rng, largest: usize| loop {
            let factor = random.draw(1..=largest);
            if largest.is_multiple_of(factor) {
                return factor;
            }
        };
        let mut samplings: Vec<_> =
            (0..count).map(|_| (factor(random, across), factor(random, down))).collect();
        let one = random.draw(0..count);
        samplings[one] = (across, down);
        if samplings.iter().map(|(h, v)| h * v).sum::<usize>() <= 10 {
            return samplings;
        }
    }
}

fn steps(random: &mut Rng) -> [u16; 64] {
    let coarse = random.u16(1..=12);
    std::array::from_fn(|k| 1 + random.u16(0..=coarse) * (1 + k as u16 / 8))
}

/// A slope, two waves and some noise.
struct Wave {
    slope: (f64, f64),
    waves: [(f64, f64, f64); 2],
    noise: f64,
}

impl Wave {
    fn random(random: &mut Rng, period: (f64, f64)) -> Self {
        let mut wave = || {
            let turns = |random: &mut Rng, period: f64| random.f64() * 2.0 * PI / period;
            (turns(random, period.0), turns(random, period.1), random.f64() * 60.0)
        };
        let waves = [wave(), wave()];
        let noise = if random.bool() { 0.0 } else { random.f64() * 30.0 };
        Self { slope: (random.f64() * 2.0 - 1.0, random.f64() * 2.0 - 1.0), waves, noise }
    }

    /// Samples around 0 of the block in column `x` and row `y`.
    fn block(&self, random: &mut Rng, x: usize, y: usize) -> [f64; 64] {
        std::array::from_fn(|place| {
            let (x, y) = ((x * 8 + place % 8) as f64, (y * 8 + place / 8) as f64);
            let waves = self
                .waves
                .iter()
                .map(|(across, down, height)| (x * across + y * down).sin() * height);
            let noise = (random.f64() - 0.5) * self.noise;
            let value = x * self.slope.0 + y * self.slope.1 + waves.sum::<f64>() + noise;
            value.clamp(-128.0, 127.0)
        })
    }
}

/// The transform as the standard writes it (T.81, A.3.3), divided by the steps.
fn quantise(samples: &[f64; 64], steps: &[u16; 64]) -> [i16; 64] {
    let zigzag = zigzag();
    std::array::from_fn(|k| {
        let (v, u) = (zigzag[k] / 8, zigzag[k] % 8);
        let scale = |frequency| if frequency == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let cosine = |at: usize, frequency: usize| {
            ((2 * at + 1) as f64 * frequency as f64 * PI / 16.0).cos()
        };
        let sum: f64 =
            (0..64).map(|place| samples[place] * cosine(place % 8, u) * cosine(place / 8, v)).sum();
        (sum * scale(u) * scale(v) / 4.0 / f64::from(steps[k])).round() as i16
    })
}
