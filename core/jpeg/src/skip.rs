//! Reading over coefficients that nobody wants.
//!
//! At an eighth of the size a block of luminance is its mean, so of its other coefficients only the
//! end has to be found. Several codes with their values lie in a dozen bits, and one look-up reads
//! over all of them: a photo's blocks take some three look-ups each.

use crate::bits::Bits;
use crate::huffman::{LONGEST, Spec, Symbol, Table};
use crate::walk::Ending;

/// Bits that are looked at.
const LOOK: u32 = 12;
/// Behind a block's last coefficient.
const END: u32 = 64;

/// What some bits hold.
///
/// Bits 0 to 4: how many bits the codes take, with their values; bits 5 to 11: how many
/// coefficients they pass, or more than there are if the bits hold no whole code; bit 12: whether
/// the last of them ends the block. The first code alone: bits 16 to 20, its length with its value;
/// bits 21 to 25, the coefficients that it passes, 0 if it ends the block.
#[derive(Debug, Clone, Copy)]
struct Entry(u32);

impl Entry {
    const LONGER: Self = Self(127 << 5);

    fn bits(self) -> u32 {
        self.0 & 31
    }

    fn passed(self) -> u32 {
        self.0 >> 5 & 127
    }

    fn ends(self) -> bool {
        self.0 & 1 << 12 != 0
    }

    fn first_bits(self) -> u32 {
        self.0 >> 16 & 31
    }

    fn first_passed(self) -> u32 {
        self.0 >> 21 & 31
    }
}

/// Reads over the coefficients of blocks.
pub(crate) struct Skips(Box<[Entry; 1 << LOOK]>);

impl Skips {
    /// For blocks that are coded with the table of `spec`, which is valid.
    pub(crate) fn new(spec: &Spec) -> Self {
        let firsts = first_codes(spec);
        let mut entries = Box::new([Entry::LONGER; 1 << LOOK]);
        for (bits, entry) in entries.iter_mut().enumerate() {
            *entry = combine(&firsts, bits as u32);
        }
        Self(entries)
    }

    /// Reads over coefficients 1 to 63 of a block; `table` reads the codes that are too long here.
    #[inline(always)]
    pub(crate) fn block(&self, bits: &mut Bits, table: &Table) -> Ending {
        let mut local = *bits;
        let ending = self.rest(&mut local, table);
        *bits = local;
        ending
    }

    #[inline(always)]
    fn rest(&self, bits: &mut Bits, table: &Table) -> Ending {
        let mut next = 1;
        while next < END {
            bits.prepare();
            let entry = self.0[bits.peek(LOOK) as usize];
            let after = next + entry.passed();
            if after + u32::from(entry.ends()) <= END {
                bits.consume(entry.bits());
                if entry.ends() {
                    return Ending::Sound;
                }
                next = after;
            } else if entry.first_bits() != 0 {
                // Not all of these codes are this block's.
                bits.consume(entry.first_bits());
                if entry.first_passed() == 0 {
                    return Ending::Sound;
                }
                next += entry.first_passed();
            } else {
                match table.symbol(bits) {
                    None => return Ending::Broken,
                    Some(symbol) if is_end(symbol) => return Ending::Sound,
                    Some(symbol) => {
                        bits.consume(symbol.size());
                        next += symbol.run() + 1;
                    }
                }
            }
        }
        if next == END { Ending::Sound } else { Ending::Broken }
    }
}

/// Whether a code ends a block: every one without a value but that of sixteen zeros.
pub(crate) fn is_end(symbol: Symbol) -> bool {
    symbol.size() == 0 && symbol.run() < 15
}

/// By the next bits, the code that they begin with: its length and symbol.
fn first_codes(spec: &Spec) -> Vec<Option<(u32, Symbol)>> {
    let mut firsts = vec![None; 1 << LOOK];
    for (code, length, symbol) in spec.codes().filter(|&(_, length, _)| length <= LOOK) {
        let first = (code >> (LONGEST - LOOK)) as usize;
        firsts[first..first + (1 << (LOOK - length))].fill(Some((length, Symbol(symbol))));
    }
    firsts
}

/// As many of the codes in `bits` as are whole, with their values; the first one in any case.
fn combine(firsts: &[Option<(u32, Symbol)>], bits: u32) -> Entry {
    let (mut taken, mut passed, mut ends) = (0, 0, false);
    let mut first = 0;
    while taken < LOOK && !ends {
        let rest = bits << taken & ((1 << LOOK) - 1);
        let Some((length, symbol)) = firsts[rest as usize] else { break };
        // What lies beyond the bits that are looked at is not known.
        let whole = length + symbol.size();
        if taken + length > LOOK || (taken > 0 && taken + whole > LOOK) {
            break;
        }
        ends = is_end(symbol);
        let passes = if ends { 0 } else { symbol.run() + 1 };
        if taken == 0 {
            first = whole << 16 | passes << 21;
        }
        taken += whole;
        passed += passes;
    }
    if taken == 0 {
        return Entry::LONGER;
    }
    Entry(taken | passed.min(127) << 5 | u32::from(ends) << 12 | first)
}
