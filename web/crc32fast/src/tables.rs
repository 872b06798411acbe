//! What a byte at each place of a block does to the register.

use std::sync::OnceLock;

/// Bytes that are taken in at once ("slicing by 16").
pub(crate) const WIDTH: usize = 16;
/// The polynomial, reflected.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// `0[zeros][byte]`: the register after `byte` and then `zeros` bytes of zero.
pub(crate) struct Tables([[u32; 256]; WIDTH]);

impl Tables {
    /// The tables, computed at the first call.
    pub(crate) fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(Self::new)
    }

    fn new() -> Self {
        let one = std::array::from_fn(|byte| zero_byte(byte as u32));
        let mut tables = [one; WIDTH];
        for zeros in 1..WIDTH {
            tables[zeros] = tables[zeros - 1].map(zero_byte);
        }
        Self(tables)
    }

    /// Takes in a byte.
    pub(crate) fn byte(&self, register: u32, byte: u8) -> u32 {
        self.0[0][usize::from(register as u8 ^ byte)] ^ (register >> 8)
    }

    /// Takes in a block. The register only meets its first four bytes.
    pub(crate) fn block(&self, register: u32, block: &[u8; WIDTH]) -> u32 {
        let mut block = *block;
        for (byte, register) in block.iter_mut().zip(register.to_le_bytes()) {
            *byte ^= register;
        }
        let effects = block.iter().zip(self.0.iter().rev());
        effects.fold(0, |register, (&byte, table)| register ^ table[usize::from(byte)])
    }
}

/// Takes in a byte of zero.
fn zero_byte(register: u32) -> u32 {
    (0..8).fold(register, |register, _| bit(register))
}

/// Takes in a bit of zero.
fn bit(register: u32) -> u32 {
    (register >> 1) ^ ((register & 1) * POLYNOMIAL)
}

/// The register after `length` bytes of zero: multiplied by x^(8 · length), by squaring.
pub(crate) fn advance(register: u32, length: u64) -> u32 {
    // Reflected, the highest bit is x^0.
    let mut power = zero_byte(1 << 31);
    let mut product = register;
    let mut left = length;
    while left > 0 {
        if left & 1 == 1 {
            product = multiply(product, power);
        }
        power = multiply(power, power);
        left >>= 1;
    }
    product
}

/// The product of two polynomials, modulo [`POLYNOMIAL`].
fn multiply(left: u32, right: u32) -> u32 {
    let mut product = 0;
    let mut shifted = right;
    for power in (0..32).rev() {
        if left >> power & 1 == 1 {
            product ^= shifted;
        }
        shifted = bit(shifted);
    }
    product
}
