//! The way through a scan's blocks, and what was missing on it.
//!
//! A scan with one component has its blocks row by row; one with several has them in units (MCU),
//! each with some blocks of every component (ITU-T T.81, A.2). Restart markers part the data into
//! intervals, so that damage in one does not reach the next.

use crate::Error;
use crate::bits::Bits;
use crate::marker::{self, RST0, RST7, SOF0};

/// How a block's data ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it should.
    Sound,
    /// With a code that there is not, or beyond the block.
    Broken,
}

/// What reads blocks.
pub(crate) trait Coder {
    /// Forgets what came before a restart marker.
    fn restart(&mut self);

    /// Reads the block in column `x` and row `y` of the scan's component number `part`.
    fn block(&mut self, bits: &mut Bits, part: usize, x: u32, y: u32) -> Ending;
}

/// A scan's blocks.
pub(crate) struct Walk {
    /// Columns and rows of units.
    pub(crate) units: (u32, u32),
    /// Columns and rows of each component's blocks in a unit.
    pub(crate) parts: Vec<(u32, u32)>,
    /// Units between restart markers; 0 for none.
    pub(crate) restart_interval: u32,
}

impl Walk {
    /// Reads all blocks whose data begins at byte `at`; returns where it ends.
    ///
    /// # Errors
    /// If so much is missing that there is no picture.
    pub(crate) fn run(
        &self,
        data: &[u8],
        at: usize,
        coder: &mut impl Coder,
    ) -> Result<usize, Error> {
        let places = self.places();
        let mut bits = Bits::new(data, at);
        let mut intervals = Intervals { data, next: 0 };
        let mut losses = Losses::default();
        let mut to_go = self.restart_interval;
        let mut lost = false;
        for y in 0..self.units.1 {
            for x in 0..self.units.0 {
                if self.restart_interval > 0 {
                    if to_go == 0 {
                        coder.restart();
                        (bits, lost) = intervals.advance(bits);
                        to_go = self.restart_interval;
                    }
                    to_go -= 1;
                }
                let mut ending = Ending::Sound;
                if !lost {
                    ending = unit(&places, &mut bits, coder, x, y);
                    lost = bits.is_exhausted();
                }
                losses.count(lost, ending);
            }
        }
        losses.judge()?;
        if ends_in_zeros(data, bits.consumed()) {
            return Err(Error::Cut);
        }
        Ok(bits.position())
    }

    /// The blocks of a unit: their component, and where they are in it.
    fn places(&self) -> Vec<Place> {
        let parts = self.parts.iter().enumerate();
        let places = parts.flat_map(|(part, &(across, down))| {
            let places =
                (0..down).flat_map(move |row| (0..across).map(move |column| (column, row)));
            places.map(move |(column, row)| Place { part, across, down, column, row })
        });
        places.collect()
    }
}

/// A block of a unit.
struct Place {
    part: usize,
    /// Columns and rows of its component's blocks in a unit.
    across: u32,
    down: u32,
    /// Its own among them.
    column: u32,
    row: u32,
}

#[inline(always)]
fn unit(places: &[Place], bits: &mut Bits, coder: &mut impl Coder, x: u32, y: u32) -> Ending {
    let mut ending = Ending::Sound;
    for place in places {
        let (column, row) = (x * place.across + place.column, y * place.down + place.row);
        if coder.block(bits, place.part, column, row) == Ending::Broken {
            ending = Ending::Broken;
        }
    }
    ending
}

/// Finds restart markers, in damaged data too, as libjpeg does.
struct Intervals<'a> {
    data: &'a [u8],
    /// The number of the next one, 0 to 7.
    next: u8,
}

impl Intervals<'_> {
    /// Goes to the next interval; says whether it is lost.
    fn advance<'a>(&mut self, mut bits: Bits<'a>) -> (Bits<'a>, bool) {
        let expected = self.next;
        self.next = (expected + 1) % 8;
        let mut at = bits.position();
        while let Some((marker, start)) = marker::find(self.data, at) {
            at = start + 2;
            let ahead = match marker {
                RST0..=RST7 => (marker - RST0 + 8 - expected) % 8,
                // There are no such markers: a byte of data was damaged.
                ..SOF0 => continue,
                _ => 1,
            };
            match ahead {
                // It is an earlier one.
                6 | 7 => {}
                // It is a later one, or another marker: what was to come is missing.
                1 | 2 => {
                    bits.restart(start);
                    return (bits, true);
                }
                _ => {
                    bits.restart(at);
                    return (bits, false);
                }
            }
        }
        (bits, true)
    }
}

/// Units that could not be read.
#[derive(Debug, Default)]
struct Losses {
    units: u64,
    /// Units with codes that there are not.
    broken: u64,
    /// Missing units before others that are there.
    inside: u64,
    /// Missing units since.
    tail: u64,
}

/// Of so many units one may be missing at the end, if something was broken before.
const TAIL: u64 = 64;
/// Of so many units one may be broken or missing.
const BROKEN: u64 = 8;

impl Losses {
    #[inline(always)]
    fn count(&mut self, lost: bool, ending: Ending) {
        self.units += 1;
        if lost {
            self.tail += 1;
            return;
        }
        if self.tail > 0 {
            self.inside += self.tail;
            self.tail = 0;
        }
        self.broken += u64::from(ending == Ending::Broken);
    }

    /// A picture whose data ends early is cut, even if by one unit. But where a bit was damaged,
    /// decoders fall back into step a few units early or late: that picture is still one.
    fn judge(&self) -> Result<(), Error> {
        let damaged = self.broken + self.inside;
        if self.tail > 0 && (damaged == 0 || self.tail * TAIL > self.units) {
            return Err(Error::Cut);
        }
        if (damaged + self.tail) * BROKEN > self.units {
            return Err(Error::Damaged("too much of the picture is damaged"));
        }
        Ok(())
    }
}

/// Whether data ends at byte `at` in the middle of many zeros.
///
/// That is what half-written files have, and in many tables zeros are codes of empty blocks. A
/// picture may end with such blocks, but then its data ends with them, in a marker or padding of
/// ones.
fn ends_in_zeros(data: &[u8], at: usize) -> bool {
    follows_zeros(data, at) && follows_zeros(data, at + ZEROS)
}

/// More zeros than come together by chance.
const ZEROS: usize = 32;

/// Whether many zeros come before byte `at`.
pub(crate) fn follows_zeros(data: &[u8], at: usize) -> bool {
    let bytes = at.checked_sub(ZEROS).and_then(|start| data.get(start..at));
    bytes.is_some_and(|bytes| bytes.iter().all(|&byte| byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a byte a block, 0 of which is broken.
    struct Bytes(Vec<(u32, u32, u32)>);

    impl Coder for Bytes {
        fn restart(&mut self) {
            self.0.push((0, 0, 999));
        }

        fn block(&mut self, bits: &mut Bits, _: usize, x: u32, y: u32) -> Ending {
            bits.prepare();
            let byte = bits.take(8);
            self.0.push((x, y, byte));
            if byte == 0 { Ending::Broken } else { Ending::Sound }
        }
    }

    fn walk(units: (u32, u32), restart_interval: u32, data: &[u8]) -> Result<usize, Error> {
        let walk = Walk { units, parts: vec![(1, 1)], restart_interval };
        walk.run(data, 0, &mut Bytes(Vec::new()))
    }

    #[test]
    fn blocks_of_a_unit_come_together() {
        let walk = Walk { units: (2, 1), parts: vec![(2, 1), (1, 2)], restart_interval: 0 };
        let mut coder = Bytes(Vec::new());
        assert_eq!(walk.run(&[1, 2, 3, 4, 5, 6, 7, 8], 0, &mut coder), Ok(8));
        let expected = [
            (0, 0, 1),
            (1, 0, 2),
            (0, 0, 3),
            (0, 1, 4),
            (2, 0, 5),
            (3, 0, 6),
            (1, 0, 7),
            (1, 1, 8),
        ];
        assert_eq!(coder.0, expected);
    }

    #[test]
    fn one_missing_block_is_a_cut() {
        let data = [1; 100];
        assert_eq!(walk((10, 10), 0, &data), Ok(100));
        assert_eq!(walk((10, 10), 0, &data[1..]), Err(Error::Cut));
        let glued = [&data[1..], &[0xFF, 0xD9]].concat();
        assert_eq!(walk((10, 10), 0, &glued), Err(Error::Cut));
    }

    #[test]
    fn damage_excuses_a_few_blocks() {
        let mut data = [1; 128];
        data[50] = 0;
        assert_eq!(walk((16, 8), 0, &data[..126]), Ok(126));
        assert_eq!(walk((16, 8), 0, &data[..125]), Err(Error::Cut));
        data[20..40].fill(0);
        assert!(matches!(walk((16, 8), 0, &data), Err(Error::Damaged(_))));
    }

    #[test]
    fn damage_stays_within_its_interval() {
        let intervals: Vec<Vec<u8>> =
            (0..32u8).map(|i| [&[i + 1; 4][..], &[0xFF, RST0 + i % 8]].concat()).collect();
        let whole = intervals.concat();
        assert_eq!(walk((16, 8), 4, &whole), Ok(whole.len() - 2));
        let mut without_one = intervals.clone();
        without_one.remove(9);
        assert_eq!(walk((16, 8), 4, &without_one.concat()), Ok(whole.len() - 8));
        let mut no_such_marker = intervals.clone();
        no_such_marker[9][1] = 0xFF;
        no_such_marker[9][2] = 0x41;
        assert_eq!(walk((16, 8), 4, &no_such_marker.concat()), Ok(whole.len() - 2));
        let without_the_last = intervals[..31].concat();
        assert_eq!(walk((16, 8), 4, &without_the_last), Err(Error::Cut));
    }

    #[test]
    fn zeros_without_end_are_no_picture() {
        let zeros = [[1; 40], [0; 40]].concat();
        assert!(!ends_in_zeros(&zeros, 80), "a picture may end with zeros");
        assert!(!ends_in_zeros(&zeros, 40), "and may be padded with them");
        assert!(!ends_in_zeros(&[0; 63], 32));
        assert!(ends_in_zeros(&[0; 64], 32));
    }
}
