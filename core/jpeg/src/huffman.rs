//! Huffman codes (ITU-T T.81, annex C and F.2.2.3), as look-up tables.

use crate::Error;
use crate::bits::{AFTER, Bits, extend};

/// Bits that the first look-up takes; longer codes are rare.
const LOOK: u32 = 10;
const _: () = assert!(LOOK + 15 <= AFTER, "a short code and its value need no prepared window");
/// The longest code.
pub(crate) const LONGEST: u32 = 16;

/// A table as a file defines it (T.81, B.2.4.2): how many codes have each length, and what they
/// mean in order of their codes.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) counts: [u8; LONGEST as usize],
    pub(crate) symbols: Vec<u8>,
}

impl Spec {
    /// Every code, left-aligned in 16 bits, with its length and symbol.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (u32, u32, u8)> {
        let lengths = (1..=LONGEST).zip(self.counts);
        let lengths = lengths.flat_map(|(length, count)| (0..count).map(move |_| length));
        lengths.zip(&self.symbols).scan(0, |next, (length, &symbol)| {
            let code = *next;
            *next += 1 << (LONGEST - length);
            Some((code, length, symbol))
        })
    }

    /// Whether the codes fit into their lengths.
    fn is_valid(&self) -> bool {
        let space = self.codes().map(|(_, length, _)| 1u32 << (LONGEST - length)).sum::<u32>();
        space <= 1 << LONGEST
    }
}

/// What a code says: so many zeros, then a value of so many bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Symbol(pub(crate) u8);

impl Symbol {
    /// Coefficients of zero before the value.
    #[inline(always)]
    pub(crate) fn run(self) -> u32 {
        u32::from(self.0 >> 4)
    }

    /// Bits of the value.
    #[inline(always)]
    pub(crate) fn size(self) -> u32 {
        u32::from(self.0 & 15)
    }
}

/// What was read at once.
pub(crate) enum Read {
    /// A code and the value behind it.
    Value { run: u32, value: i32 },
    /// A code; its value, if it has one, comes next.
    Code(Symbol),
}

/// An entry of the first look-up.
///
/// Bits 0 to 4: how many bits it takes, 0 for a longer code; bit 5: whether the value is among
/// them; bits 8 to 15: the symbol; above: the value.
#[derive(Debug, Clone, Copy, Default)]
struct Entry(u32);

impl Entry {
    fn code(length: u32, symbol: u8) -> Self {
        Self(length | u32::from(symbol) << 8)
    }

    fn value(length: u32, symbol: u8, value: i32) -> Self {
        Self(length | 1 << 5 | u32::from(symbol) << 8 | (value as u32) << 16)
    }

    #[inline(always)]
    fn length(self) -> u32 {
        self.0 & 31
    }

    #[inline(always)]
    fn has_value(self) -> bool {
        self.0 & 1 << 5 != 0
    }

    #[inline(always)]
    fn symbol(self) -> Symbol {
        Symbol((self.0 >> 8) as u8)
    }

    #[inline(always)]
    fn signed(self) -> i32 {
        self.0 as i32 >> 16
    }
}

/// A table to decode with.
pub(crate) struct Table {
    entries: Box<[Entry; 1 << LOOK]>,
    /// By length: the first 16 bits that no code of that length or a shorter one begins.
    limits: [u32; LONGEST as usize + 1],
    /// By length: the place of a code's symbol, less the code.
    offsets: [i32; LONGEST as usize + 1],
    symbols: Vec<u8>,
}

impl Table {
    /// The table that `spec` defines.
    ///
    /// # Errors
    /// If it has more codes of some lengths than there can be.
    pub(crate) fn new(spec: &Spec) -> Result<Self, Error> {
        if !spec.is_valid() {
            return Err(Error::Damaged("a Huffman table has too many codes"));
        }
        let mut table = Self {
            entries: Box::new([Entry::default(); 1 << LOOK]),
            limits: [0; LONGEST as usize + 1],
            offsets: [0; LONGEST as usize + 1],
            symbols: spec.symbols.clone(),
        };
        for (place, (code, length, symbol)) in spec.codes().enumerate() {
            let index = length as usize;
            if table.limits[index] == 0 {
                table.offsets[index] = place as i32 - (code >> (LONGEST - length)) as i32;
            }
            table.limits[index] = code + (1 << (LONGEST - length));
            table.enter(code, length, symbol);
        }
        for length in 1..table.limits.len() {
            table.limits[length] = table.limits[length].max(table.limits[length - 1]);
        }
        Ok(table)
    }

    /// Enters a code into the first look-up, with its value where that fits.
    fn enter(&mut self, code: u32, length: u32, symbol: u8) {
        if length > LOOK {
            return;
        }
        let first = code >> (LONGEST - LOOK);
        let size = Symbol(symbol).size();
        let spare = LOOK - length;
        for low in 0..1 << spare {
            self.entries[(first + low) as usize] = if (1..=spare).contains(&size) {
                Entry::value(length + size, symbol, extend(low >> (spare - size), size))
            } else {
                Entry::code(length, symbol)
            };
        }
    }

    /// Reads a code, and its value if that is short. The window must have [`AFTER`] bits, and then has
    /// those of the value.
    #[inline(always)]
    pub(crate) fn read(&self, bits: &mut Bits) -> Option<Read> {
        let entry = self.entries[bits.peek(LOOK) as usize];
        if entry.length() == 0 {
            return self.take_long(bits).map(Read::Code);
        }
        bits.consume(entry.length());
        Some(if entry.has_value() {
            Read::Value { run: entry.symbol().run(), value: entry.signed() }
        } else {
            Read::Code(entry.symbol())
        })
    }

    /// Reads a code alone; `None` if there is none. The window must have [`AFTER`] bits, and then has
    /// those of the value.
    #[inline(always)]
    pub(crate) fn symbol(&self, bits: &mut Bits) -> Option<Symbol> {
        let entry = self.entries[bits.peek(LOOK) as usize];
        let symbol = entry.symbol();
        match entry.length() {
            0 => self.take_long(bits),
            length if entry.has_value() => {
                bits.consume(length - symbol.size());
                Some(symbol)
            }
            length => {
                bits.consume(length);
                Some(symbol)
            }
        }
    }

    #[inline(always)]
    fn take_long(&self, bits: &mut Bits) -> Option<Symbol> {
        bits.prepare();
        let (length, symbol) = self.long(bits.peek(LONGEST));
        bits.consume(length);
        symbol
    }

    /// The length of the code that 16 bits begin with, and its symbol.
    #[cold]
    #[inline(never)]
    fn long(&self, next: u32) -> (u32, Option<Symbol>) {
        let length = (1..=LONGEST).find(|&length| next < self.limits[length as usize]);
        let Some(length) = length else { return (LONGEST, None) };
        let place = (next >> (LONGEST - length)) as i32 + self.offsets[length as usize];
        (length, self.symbols.get(place as usize).map(|&symbol| Symbol(symbol)))
    }

    /// Reads the difference of a block's first coefficient to the one before it; `None` for a code
    /// that there is not. Leaves [`AFTER`] bits in the window.
    #[inline(always)]
    pub(crate) fn difference(&self, bits: &mut Bits) -> Option<i32> {
        bits.prepare();
        match self.read(bits)? {
            Read::Value { value, .. } => Some(value),
            Read::Code(symbol) => Some(bits.value(symbol.size())),
        }
    }
}
