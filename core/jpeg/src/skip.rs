//! Reading over coefficients that nobody wants.
//!
//! At an eighth of the size a block of luminance is its mean, so of its other coefficients only the
//! end has to be found. Several codes with their values lie in a dozen bits, and one look-up reads
//! over all of them: a photo's blocks take some three look-ups each.

use crate::bits::{AFTER, Bits};
use crate::huffman::{LONGEST, Spec, Symbol, Table};
use crate::walk::Ending;

/// Bits that are looked at.
const LOOK: u32 = 12;
/// A code and its value take no more bits, or are read apart.
const LONG: u32 = AFTER;
/// Behind a block's last coefficient.
const END: u32 = 64;

/// What some bits hold.
///
/// Bits 0 to 4: how many bits the codes take, with their values; bits 5 to 11: how many
/// coefficients they pass, with the block's end counted as one, or more than there are if the bits
/// hold no whole code; bit 12: whether the last code ends the block. The first code alone: bits 16
/// to 20, its length with its value; bits 21 to 25, the coefficients that it passes, 0 if it ends
/// the block.
#[derive(Debug, Clone, Copy)]
struct Entry(u32);

impl Entry {
    const LONGER: Self = Self(127 << 5);

    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 & 31
    }

    #[inline(always)]
    fn passed(self) -> u32 {
        self.0 >> 5 & 127
    }

    #[inline(always)]
    fn ends(self) -> bool {
        self.0 & 1 << 12 != 0
    }

    #[inline(always)]
    fn first_bits(self) -> u32 {
        self.0 >> 16 & 31
    }

    #[inline(always)]
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
    /// The window must have what a difference leaves in it.
    #[inline(always)]
    pub(crate) fn block(&self, bits: &mut Bits, table: &Table) -> Ending {
        let mut next = 1;
        loop {
            // Two look-ups take no more than what was topped up.
            for prepared in [false, true] {
                if prepared {
                    bits.prepare();
                }
                match self.pass(bits, table, next) {
                    Ok(after) => next = after,
                    Err(ending) => return ending,
                }
            }
        }
    }

    /// Reads over some codes, the first of which is coefficient `next`'s or a later one's; returns
    /// the number of the coefficient behind them, or how the block ended.
    #[inline(always)]
    fn pass(&self, bits: &mut Bits, table: &Table, next: u32) -> Result<u32, Ending> {
        let entry = self.0[bits.peek(LOOK) as usize];
        let after = next + entry.passed();
        if after <= END {
            bits.consume(entry.bits());
            if entry.ends() || after == END { Err(Ending::Sound) } else { Ok(after) }
        } else if entry.first_bits() != 0 {
            // Not all of these codes are this block's.
            bits.consume(entry.first_bits());
            behind(next, entry.first_passed())
        } else {
            let symbol = table.symbol(bits).ok_or(Ending::Broken)?;
            bits.consume(symbol.size());
            behind(next, if is_end(symbol) { 0 } else { symbol.run() + 1 })
        }
    }
}

/// The number of the coefficient behind `passed` others; none were passed at the block's end.
#[inline(always)]
fn behind(next: u32, passed: u32) -> Result<u32, Ending> {
    match next + passed {
        _ if passed == 0 => Err(Ending::Sound),
        after @ ..END => Ok(after),
        END => Err(Ending::Sound),
        _ => Err(Ending::Broken),
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
        let room = if taken == 0 { LONG } else { LOOK };
        if taken + length > LOOK || taken + whole > room {
            break;
        }
        ends = is_end(symbol);
        let passes = if ends { 0 } else { symbol.run() + 1 };
        if taken == 0 {
            first = whole << 16 | passes << 21;
        }
        taken += whole;
        passed += if ends { 1 } else { passes };
    }
    if taken == 0 {
        return Entry::LONGER;
    }
    Entry(taken | passed.min(127) << 5 | u32::from(ends) << 12 | first)
}
