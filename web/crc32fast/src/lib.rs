//! The checksum of PNG and gzip (CRC-32, ISO 3309), small to download.
//!
//! The published crate of this name carries its tables in the module: 16 KB that no compression
//! makes smaller, in a page that may weigh 400. Here they are computed when they are first needed,
//! which takes microseconds. The interface is the part of that crate that others use.

mod tables;

use tables::{Tables, WIDTH};

/// The checksum of `bytes`.
pub fn hash(bytes: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(bytes);
    hasher.finalize()
}

/// A checksum that bytes are added to.
#[derive(Debug, Clone, Default)]
pub struct Hasher {
    sum: u32,
    length: u64,
}

impl Hasher {
    /// Of no bytes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of bytes whose checksum is known.
    pub fn new_with_initial(sum: u32) -> Self {
        Self { sum, length: 0 }
    }

    /// Of `length` bytes whose checksum is known.
    pub fn new_with_initial_len(sum: u32, length: u64) -> Self {
        Self { sum, length }
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let tables = Tables::get();
        let (blocks, rest) = bytes.as_chunks::<WIDTH>();
        // The register holds the complement of what is announced.
        let register =
            blocks.iter().fold(!self.sum, |register, block| tables.block(register, block));
        self.sum = !rest.iter().fold(register, |register, &byte| tables.byte(register, byte));
        self.length += bytes.len() as u64;
    }

    /// Adds the bytes that `other` was made of.
    ///
    /// A checksum is linear: that of two parts is that of the first, advanced by as many zeros as
    /// the second is long, and the second's, added.
    pub fn combine(&mut self, other: &Self) {
        self.sum = tables::advance(self.sum, other.length) ^ other.sum;
        self.length += other.length;
    }

    /// The checksum.
    pub fn finalize(self) -> u32 {
        self.sum
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as the standard has it.
    fn naive(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |register, &byte| {
            (0..8).fold(register ^ u32::from(byte), |register: u32, _| {
                let carry = register & 1;
                (register >> 1) ^ (carry * 0xEDB8_8320)
            })
        })
    }

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|index| (index * index * 31 + index * 7) as u8).collect()
    }

    #[test]
    fn the_check_value_of_the_catalogue() {
        assert_eq!(hash(b"123456789"), 0xCBF4_3926);
        assert_eq!(hash(b""), 0);
    }

    #[test]
    fn every_length_gives_what_single_bits_give() {
        for count in 0..200 {
            assert_eq!(hash(&bytes(count)), naive(&bytes(count)), "{count} bytes");
        }
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let whole = bytes(1000);
        for cut in [0, 1, 15, 16, 17, 500, 999, 1000] {
            let (head, tail) = whole.split_at(cut);
            let mut added = Hasher::new();
            added.update(head);
            let mut combined = added.clone();
            added.update(tail);
            let mut second = Hasher::new();
            second.update(tail);
            combined.combine(&second);
            assert_eq!(added.finalize(), naive(&whole), "cut at {cut}");
            assert_eq!(combined.finalize(), naive(&whole), "combined at {cut}");
        }
    }

    #[test]
    fn a_reset_starts_over() {
        let mut hasher = Hasher::new_with_initial_len(7, 3);
        hasher.update(b"abc");
        hasher.reset();
        hasher.update(b"123456789");
        assert_eq!(hasher.finalize(), hash(b"123456789"));
    }
}
