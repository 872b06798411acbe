//! Images of random codes, the same for the same seed.

use std::ops::RangeBounds;

use fastrand::Rng;

/// Codes of a `side`² image, HWC: noise over blocks of random colour, since noise alone would
/// average out in the first layers.
pub fn image(side: usize, seed: u64) -> Vec<i8> {
    const BLOCK: usize = 12;
    const NOISE: i8 = 20;
    let mut random = Rng::with_seed(seed);
    let blocks = side.div_ceil(BLOCK);
    let colours: Vec<i8> = (0..blocks * blocks * 3).map(|_| random.i8(0..=127 - NOISE)).collect();
    let mut codes = Vec::with_capacity(side * side * 3);
    for y in 0..side {
        for x in 0..side {
            let block = y / BLOCK * blocks + x / BLOCK;
            let colour = &colours[block * 3..block * 3 + 3];
            codes.extend(colour.iter().map(|colour| colour + random.i8(0..=NOISE)));
        }
    }
    codes
}

/// What [`Rng`] draws in words of the platform's size, drawn alike on all of them: a picture that a
/// seed makes is then the same natively and in a browser.
pub trait Draw {
    /// A number of `range`.
    fn draw(&mut self, range: impl RangeBounds<usize>) -> usize;

    /// Changes the order.
    fn mix<T>(&mut self, items: &mut [T]) {
        for last in 1..items.len() {
            items.swap(last, self.draw(..=last));
        }
    }
}

impl Draw for Rng {
    fn draw(&mut self, range: impl RangeBounds<usize>) -> usize {
        let words = (
            range.start_bound().map(|&bound| bound as u64),
            range.end_bound().map(|&bound| bound as u64),
        );
        self.u64(words) as usize
    }
}
