//! Bits of entropy-coded data, up to the next marker.
//!
//! The window holds up to 64 bits, the next one on top. Eight bytes that hold no 0xFF, which are
//! nearly all, are taken at once; the others one by one, for stuffed zeros and markers
//! (ITU-T T.81, B.1.1.5). Behind the data come zeros without end: who decodes need not ask at every
//! symbol whether there was one, only now and then whether the data is [exhausted](Bits::is_exhausted).

/// Bits that are in the window after it was topped up, or more.
const PREPARED: u32 = 56;
/// Bits that are left when a code and its value were taken from a prepared window: a short code of
/// 10 bits and its value can still be read.
pub(crate) const AFTER: u32 = PREPARED - 16 - 15;

/// Reads entropy-coded data of a file, most significant bit first.
///
/// A copy goes on where the original is. Loops over symbols work on a copy that no pointer reaches,
/// so it stays in registers.
#[derive(Clone, Copy)]
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    /// The next byte that is not in the window yet.
    at: usize,
    /// Bits below the first `count` are those of the bytes at `at`, or zero.
    window: u64,
    count: u32,
    /// How many of the window's last bits were made up.
    padding: u32,
}

impl<'a> Bits<'a> {
    /// Begins at byte `at` of `data`.
    pub(crate) fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, at: at.min(data.len()), window: 0, count: 0, padding: 0 }
    }

    /// Goes on at byte `at`; bits that are left over are forgotten.
    pub(crate) fn restart(&mut self, at: usize) {
        *self = Self::new(self.data, at);
    }

    /// The byte behind those in the window; never beyond the next marker.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The byte up to which bits were taken, give or take stuffed ones.
    pub(crate) fn consumed(&self) -> usize {
        self.at - ((self.count.saturating_sub(self.padding) / 8) as usize).min(self.at)
    }

    /// Whether bits were taken that the data does not have.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.padding > self.count
    }

    /// Tops up the window to [`PREPARED`] bits, which are enough for a code and its value, 16 + 15
    /// bits at the most, and [`AFTER`] more.
    ///
    /// It does not ask whether that is needed: the answer would be hard to predict.
    #[inline(always)]
    pub(crate) fn prepare(&mut self) {
        if let Some(bytes) = self.data.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let word = u64::from_be_bytes(*bytes);
            if !has_ff(word) {
                self.window |= word >> self.count;
                let taken = (63 - self.count) / 8;
                self.at += taken as usize;
                self.count += taken * 8;
                return;
            }
        }
        *self = self.prepared_bytewise();
    }

    /// The next `count` bits, 1 to 32; they stay.
    #[inline(always)]
    pub(crate) fn peek(&self, count: u32) -> u32 {
        (self.window >> (64 - count)) as u32
    }

    /// Takes bits that were looked at.
    #[inline(always)]
    pub(crate) fn consume(&mut self, count: u32) {
        debug_assert!(count <= self.count, "more than a prepared window holds");
        self.window <<= count;
        self.count -= count;
    }

    /// The next `count` bits, 0 to 16, of a prepared window.
    #[inline(always)]
    pub(crate) fn take(&mut self, count: u32) -> u32 {
        // Two shifts, as one by 64 is none.
        let bits = (self.window >> 1 >> (63 - count)) as u32;
        self.consume(count);
        bits
    }

    /// One bit, of a window that is topped up as needed.
    #[inline(always)]
    pub(crate) fn flag(&mut self) -> bool {
        if self.count == 0 {
            self.prepare();
        }
        self.take(1) != 0
    }

    /// Takes any number of bits without looking at them.
    pub(crate) fn skip(&mut self, mut count: u32) {
        while count > 0 {
            self.prepare();
            let now = count.min(PREPARED);
            self.consume(now);
            count -= now;
        }
    }

    /// A value of `size` bits, 0 to 15, with its sign (T.81, F.2.2.1, EXTEND).
    #[inline(always)]
    pub(crate) fn value(&mut self, size: u32) -> i32 {
        extend(self.take(size), size)
    }

    #[cold]
    #[inline(never)]
    fn prepared_bytewise(mut self) -> Self {
        while self.count < PREPARED {
            let byte = match self.data.get(self.at..) {
                Some(&[0xFF, ref rest @ ..]) => match stuffed(rest) {
                    Some(bytes) => {
                        self.at += 1 + bytes;
                        0xFF
                    }
                    None => self.made_up(),
                },
                Some(&[byte, ..]) => {
                    self.at += 1;
                    byte
                }
                _ => self.made_up(),
            };
            self.window |= u64::from(byte) << (PREPARED - self.count);
            self.count += 8;
        }
        self
    }

    fn made_up(&mut self) -> u8 {
        self.padding += 8;
        0
    }
}

/// How many bytes behind a 0xFF make it a byte of data: fill bytes and a zero. `None` at a marker.
fn stuffed(rest: &[u8]) -> Option<usize> {
    let fill = rest.iter().position(|&byte| byte != 0xFF)?;
    (rest[fill] == 0).then_some(fill + 1)
}

/// `bits` as a signed value of `size` bits.
#[inline(always)]
pub(crate) fn extend(bits: u32, size: u32) -> i32 {
    let negative = bits < (1 << size) >> 1;
    bits as i32 - if negative { (1 << size) - 1 } else { 0 }
}

/// Whether one of the eight bytes is 0xFF: one of the inverted bytes is zero.
#[inline(always)]
fn has_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (!word).wrapping_sub(ONES) & word & (ONES << 7) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits one by one, as the standard reads them.
    fn naive(data: &[u8]) -> Vec<bool> {
        let mut bits = Vec::new();
        let mut at = 0;
        while let Some(&byte) = data.get(at) {
            at += 1;
            if byte == 0xFF {
                match stuffed(&data[at..]) {
                    Some(bytes) => at += bytes,
                    None => break,
                }
            }
            bits.extend((0..8).rev().map(|bit| byte >> bit & 1 == 1));
        }
        bits
    }

    #[test]
    fn bits_come_as_if_read_one_by_one() {
        let mut data: Vec<u8> = (0..400u32).map(|i| (i * i * 7 % 251) as u8).collect();
        for at in [3, 40, 41, 100, 390] {
            data.splice(at..at, [0xFF, 0]);
        }
        data.splice(200..200, [0xFF, 0xFF, 0]);
        data.extend([0xFF, 0xD9, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let expected = naive(&data);
        for step in 1..=16 {
            let mut bits = Bits::new(&data, 0);
            for chunk in expected.chunks(step) {
                bits.prepare();
                let value = chunk.iter().fold(0, |value, &bit| value << 1 | u32::from(bit));
                assert_eq!(bits.take(chunk.len() as u32), value, "{step} bits at a time");
                assert!(!bits.is_exhausted());
            }
            bits.prepare();
            assert_eq!(bits.take(1), 0);
            assert!(bits.is_exhausted(), "the marker ends the data");
            assert_eq!(data[bits.position()..][..2], [0xFF, 0xD9]);
        }
    }

    #[test]
    fn skipping_is_taking() {
        let data: Vec<u8> = (1..200).collect();
        let mut bits = Bits::new(&data, 0);
        bits.skip(8 * 100 + 4);
        bits.prepare();
        assert_eq!(bits.take(8), 0x56, "between 101 and 102");
    }

    #[test]
    fn values_have_signs() {
        let expected = [(0, 0, 0), (0, 1, -1), (1, 1, 1), (0, 3, -7), (3, 3, -4), (4, 3, 4)];
        for (bits, size, value) in expected {
            assert_eq!(extend(bits, size), value, "{bits} of {size} bits");
        }
    }
}
