//! How many bits a weight takes in the file; in memory all are `i8`, so kernels know one kind.

/// Bits of a stored weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightBits {
    /// Codes `-127..=127`, one a byte.
    Eight,
    /// Codes `-7..=7`, two a byte.
    Four,
}

impl WeightBits {
    /// The narrowest that holds the codes of `bits` bits, symmetric around 0.
    ///
    /// # Panics
    /// If `bits` is not in `2..=8`.
    pub fn holding(bits: u32) -> Self {
        assert!((2..=8).contains(&bits), "weights have 2 to 8 bits, not {bits}");
        if bits <= 4 { Self::Four } else { Self::Eight }
    }

    /// Largest magnitude of a code.
    pub fn quant_max(self) -> i8 {
        match self {
            Self::Eight => 127,
            Self::Four => 7,
        }
    }
}

/// Bytes of a packed row of `row_len` codes.
pub(super) fn packed_len(row_len: usize) -> usize {
    row_len.div_ceil(2)
}

/// Packs rows of `row_len` codes, each within ±7, two a byte.
pub(super) fn pack4(codes: &[i8], row_len: usize) -> Vec<u8> {
    let nibble = |code: i8| code as u8 & 0x0F;
    let byte = |pair: &[i8]| nibble(pair[0]) | nibble(*pair.get(1).unwrap_or(&0)) << 4;
    codes.chunks_exact(row_len).flat_map(|row| row.chunks(2).map(byte)).collect()
}

/// Unpacks [`pack4`]'s rows; `None` if a row of an odd number of codes does
/// not end in a half of zero.
pub(super) fn unpack4(bytes: &[u8], row_len: usize) -> Option<Vec<i8>> {
    let mut codes = Vec::with_capacity(bytes.len() * 2);
    for row in bytes.chunks_exact(packed_len(row_len)) {
        // Shifting to the top and back extends the sign.
        codes.extend(row.iter().flat_map(|&byte| [(byte << 4) as i8 >> 4, byte as i8 >> 4]));
        if row_len % 2 == 1 && codes.pop() != Some(0) {
            return None;
        }
    }
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_packing_whatever_the_length() {
        for row_len in 1..=31 {
            let codes: Vec<i8> = (0..2 * row_len).map(|i| (i * 5 % 15) as i8 - 7).collect();
            let packed = pack4(&codes, row_len);
            assert_eq!(packed.len(), 2 * row_len.div_ceil(2));
            assert_eq!(unpack4(&packed, row_len), Some(codes), "rows of {row_len}");
        }
        assert_eq!(pack4(&[-7, 3, 1], 3), [0x39, 0x01]);
        assert_eq!(unpack4(&[0x39, 0x01], 3), Some(vec![-7, 3, 1]));
        assert_eq!(unpack4(&[0x39, 0x11], 3), None, "the last half is not zero");
        assert_eq!(unpack4(&[0x88], 2), Some(vec![-8, -8]), "the range is the reader's to check");
    }

    #[test]
    fn the_narrowest_that_holds_them() {
        assert_eq!([2, 4, 5, 8].map(WeightBits::holding), {
            use WeightBits::{Eight, Four};
            [Four, Four, Eight, Eight]
        });
    }
}
