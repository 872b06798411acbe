//! A photo's difference hash: what it looks like in 64 bits, of which photos that look alike share most.
//!
//! It is dHash (N. Krawetz 2013, "Kind of Like That"): grey means of 9 × 8 fields, and a bit for each pair of
//! neighbours in a row, whether it gets lighter to the right. Means are compared as fractions, so the bits
//! follow from the pixels alone, on every machine.

use std::fmt;
use std::str::FromStr;

const COLUMNS: usize = 9;
const ROWS: usize = 8;
/// Weights of red, green and blue in grey (ITU-R BT.601), of 256.
const GREY: [u64; 3] = [77, 150, 29];

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DHash(pub u64);

/// The sum of a field's grey, and of how many pixels.
#[derive(Clone, Copy, Default)]
struct Field {
    sum: u64,
    pixels: u64,
}

impl DHash {
    /// Bits.
    pub const BITS: u32 = u64::BITS;

    /// Of a network's input: `side² · 3` codes, HWC.
    ///
    /// # Panics
    /// If there are not as many, or the side is shorter than nine pixels.
    pub fn of(codes: &[i8], side: usize) -> Self {
        assert_eq!(codes.len(), side * side * 3, "as many codes as pixels");
        assert!(side >= COLUMNS, "a pixel a field");
        let mut fields = [[Field::default(); COLUMNS]; ROWS];
        for (y, row) in codes.chunks_exact(side * 3).enumerate() {
            let fields = &mut fields[y * ROWS / side];
            for (x, pixel) in row.chunks_exact(3).enumerate() {
                let grey = pixel.iter().zip(GREY).map(|(&code, weight)| code as u64 * weight);
                let field = &mut fields[x * COLUMNS / side];
                field.sum += grey.sum::<u64>();
                field.pixels += 1;
            }
        }
        let pairs = fields.iter().flat_map(|row| row.windows(2));
        Self(pairs.fold(0, |bits, pair| bits << 1 | u64::from(pair[0].is_darker_than(pair[1]))))
    }

    /// Whether it says next to nothing, as of an even wall or sky: rows that do not change, or from one side
    /// to the other only one way. The library, which has no photos' pixels, knows the same of its hashes.
    pub fn is_plain(self) -> bool {
        self.0.to_be_bytes().iter().all(|&row| row == 0 || row == u8::MAX)
    }

    /// Bits that differ, 0 to 64.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

impl Field {
    fn is_darker_than(self, other: Self) -> bool {
        self.sum * other.pixels < other.sum * self.pixels
    }
}

/// Sixteen hexadecimal digits.
impl fmt::Display for DHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

/// As it is displayed.
impl FromStr for DHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_written = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = is_written.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        bits.map(Self).ok_or("a hash is sixteen hexadecimal digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    fn picture(side: usize, grey: impl Fn(usize, usize) -> i8) -> Vec<i8> {
        let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        places.flat_map(|(x, y)| [grey(x, y); 3]).collect()
    }

    #[test]
    fn bits_say_where_it_gets_lighter_to_the_right() {
        // Fields of 2 × 2 or 3 × 3 pixels; the fourth of each row is the only light one.
        for side in [18, 27] {
            let codes = picture(side, |x, _| if x * 9 / side == 3 { 100 } else { 7 });
            assert_eq!(DHash::of(&codes, side).to_string(), "20".repeat(8), "{side}");
        }
        let lighter = DHash::of(&picture(90, |x, _| x as i8), 90);
        assert_eq!(lighter, DHash(u64::MAX));
        let even = DHash::of(&picture(90, |_, y| y as i8), 90);
        assert_eq!(even, DHash(0));
        assert!(lighter.is_plain() && even.is_plain() && !DHash(0x20).is_plain());
    }

    #[test]
    fn fields_of_different_sizes_are_compared_by_their_means() {
        // 32 is no multiple of nine: fields have three or four columns.
        assert_eq!(DHash::of(&picture(32, |_, _| 90), 32), DHash(0));
        let codes = picture(32, |x, _| (x * 9 / 32) as i8);
        assert_eq!(DHash::of(&codes, 32), DHash(u64::MAX));
    }

    #[test]
    fn noise_changes_little_and_another_picture_much() {
        let mut random = SplitMix64(3);
        let coarse: Vec<i8> = (0..100).map(|_| (random.next() % 100) as i8).collect();
        let pattern = |x: usize, y: usize| coarse[y / 10 * 10 + x / 10];
        let first = DHash::of(&picture(100, pattern), 100);
        let noisy = picture(100, |x, y| pattern(x, y) + ((x * 7 + y * 13) % 5) as i8);
        assert!(first.distance(DHash::of(&noisy, 100)) <= 4);
        let turned = DHash::of(&picture(100, |x, y| pattern(y, x)), 100);
        assert!(first.distance(turned) > 16);
    }

    #[test]
    fn a_hash_reads_back_and_others_are_refused() {
        for hash in [DHash(0), DHash(0x0123_4567_89ab_cdef), DHash(u64::MAX)] {
            assert_eq!(hash.to_string().parse(), Ok(hash));
        }
        for text in ["", "0", "00000000000000000", "+000000000000001", "000000000000000g", "ﬀ"] {
            assert!(text.parse::<DHash>().is_err(), "{text}");
        }
    }
}
