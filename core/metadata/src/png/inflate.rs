//! zlib's compressed format (RFC 1950 and 1951), for the texts of PNGs: short, and bit by bit after the
//! canonical codes of Adler's puff. Libraries for it are ten times as large as all of the rest that the
//! page has to load to read a photo's keywords, since they are made to be fast.

/// Bits of the longest code.
const LONGEST: usize = 15;
/// Codes of literals and lengths, and of distances.
const LITERALS: usize = 288;
const DISTANCES: usize = 30;

/// Least length and further bits of each code for it (RFC 1951, 3.2.5).
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
/// The order in which the lengths of code lengths' codes come.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// What was compressed, or its first `most` bytes; nothing if it is damaged before. The checksum behind it
/// is not looked at: what is cut or wrong shows in the text.
pub(super) fn inflate(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let (&[method, flags], rest) = packed.split_first_chunk()?;
    let is_zlib = u16::from_be_bytes([method, flags]).is_multiple_of(31) && method & 0x0F == 8;
    let has_dictionary = flags & 0x20 != 0;
    if !is_zlib || has_dictionary {
        return None;
    }
    let mut inflater =
        Inflater { bits: Bits { bytes: rest, held: 0, count: 0 }, out: Vec::new(), most };
    while inflater.block()? {}
    inflater.out.truncate(most);
    Some(inflater.out)
}

/// Bits, the lowest of a byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn take(&mut self, number: u32) -> Option<u32> {
        while self.count < number {
            let (&first, rest) = self.bytes.split_first()?;
            self.held |= u32::from(first) << self.count;
            self.bytes = rest;
            self.count += 8;
        }
        let taken = self.held & ((1 << number) - 1);
        self.held >>= number;
        self.count -= number;
        Some(taken)
    }

    /// Goes on at the next byte.
    fn align(&mut self) {
        self.held = 0;
        self.count = 0;
    }
}

/// A canonical code: how many symbols there are of each length, and all of them in order.
struct Code {
    counts: [u16; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Code {
    /// The code in which symbols have these lengths; nothing if there are more than can be.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; LONGEST + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let mut left = 1_i32;
        for &count in &counts[1..] {
            left = left * 2 - i32::from(count);
            if left < 0 {
                return None;
            }
        }
        let of = |length: usize| {
            let symbols = lengths.iter().enumerate();
            symbols.filter(move |(_, other)| usize::from(**other) == length)
        };
        let symbols = (1..=LONGEST).flat_map(|length| of(length).map(|(symbol, _)| symbol as u16));
        Some(Self { counts, symbols: symbols.collect() })
    }

    fn read(&self, bits: &mut Bits) -> Option<u16> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for &count in &self.counts[1..] {
            code |= bits.take(1)?;
            let count = u32::from(count);
            if code < first + count {
                return self.symbols.get((index + code - first) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

struct Inflater<'a> {
    bits: Bits<'a>,
    out: Vec<u8>,
    most: usize,
}

impl Inflater<'_> {
    /// A block; whether there are more, and whether they are wanted.
    fn block(&mut self) -> Option<bool> {
        let is_last = self.bits.take(1)? == 1;
        match self.bits.take(2)? {
            0 => self.stored()?,
            1 => self.coded(&fixed()?, &Code::new(&[5; DISTANCES])?)?,
            2 => {
                let (literals, distances) = self.codes()?;
                self.coded(&literals, &distances)?;
            }
            _ => return None,
        }
        Some(!is_last && self.out.len() < self.most)
    }

    fn stored(&mut self) -> Option<()> {
        self.bits.align();
        let (&[low, high, not_low, not_high], rest) = self.bits.bytes.split_first_chunk()?;
        let length = u16::from_le_bytes([low, high]);
        let (bytes, rest) = rest.split_at_checked(length.into())?;
        if length != !u16::from_le_bytes([not_low, not_high]) {
            return None;
        }
        self.out.extend(bytes);
        self.bits.bytes = rest;
        Some(())
    }

    /// The codes that a block brings.
    fn codes(&mut self) -> Option<(Code, Code)> {
        let literals = self.bits.take(5)? as usize + 257;
        let distances = self.bits.take(5)? as usize + 1;
        let number = self.bits.take(4)? as usize + 4;
        let mut lengths = [0; ORDER.len()];
        for &at in &ORDER[..number] {
            lengths[at] = self.bits.take(3)? as u8;
        }
        let code = Code::new(&lengths)?;
        let mut lengths: Vec<u8> = Vec::new();
        while lengths.len() < literals + distances {
            let (length, times) = match code.read(&mut self.bits)? {
                16 => (*lengths.last()?, 3 + self.bits.take(2)?),
                17 => (0, 3 + self.bits.take(3)?),
                18 => (0, 11 + self.bits.take(7)?),
                length => (length as u8, 1),
            };
            lengths.resize(lengths.len() + times as usize, length);
        }
        let (of_literals, rest) = lengths.split_at(literals);
        let of_distances = rest.get(..distances).filter(|_| rest.len() == distances)?;
        Some((Code::new(of_literals)?, Code::new(of_distances)?))
    }

    fn coded(&mut self, literals: &Code, distances: &Code) -> Option<()> {
        while self.out.len() < self.most {
            let symbol = literals.read(&mut self.bits)?;
            match symbol {
                0..256 => self.out.push(symbol as u8),
                256 => return Some(()),
                _ => {
                    let &(least, further) = LENGTHS.get(usize::from(symbol) - 257)?;
                    let length = u32::from(least) + self.bits.take(further.into())?;
                    self.copy(distances, length as usize)?;
                }
            }
        }
        Some(())
    }

    /// Repeats what came some bytes before.
    fn copy(&mut self, distances: &Code, length: usize) -> Option<()> {
        let symbol = u32::from(distances.read(&mut self.bits)?);
        // Two codes to each number of further bits.
        let further = (symbol / 2).saturating_sub(1);
        let least = if symbol < 4 { symbol } else { (2 + symbol % 2) << further };
        let distance = (least + 1 + self.bits.take(further)?) as usize;
        let start = self.out.len().checked_sub(distance)?;
        for at in start..start + length {
            self.out.push(self.out[at]);
        }
        Some(())
    }
}

/// The code of blocks that bring none.
fn fixed() -> Option<Code> {
    let mut lengths = [8; LITERALS];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    Code::new(&lengths)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "<rdf:li>강아지</rdf:li><rdf:li>강아지</rdf:li> and so on, and so on, and so on";

    /// What a library makes of a text, at every way of compressing that it has.
    fn packed(text: &[u8]) -> Vec<Vec<u8>> {
        let mut stored = vec![0x78, 0x01];
        let blocks: Vec<&[u8]> = text.chunks(50).collect();
        for (index, block) in blocks.iter().enumerate() {
            stored.push(u8::from(index + 1 == blocks.len()));
            stored.extend((block.len() as u16).to_le_bytes());
            stored.extend((!(block.len() as u16)).to_le_bytes());
            stored.extend(*block);
        }
        let levels = [1, 6, 9].map(|level| miniz_oxide::deflate::compress_to_vec_zlib(text, level));
        [vec![stored, fdeflate::compress_to_vec(text)], levels.to_vec()].concat()
    }

    #[test]
    fn texts_are_what_they_were() {
        let long = TEXT.repeat(500);
        // Bytes without any pattern.
        let noise: Vec<u8> =
            (0..3000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for text in [b"".as_slice(), b"a", TEXT.as_bytes(), long.as_bytes(), &noise] {
            for packed in packed(text).iter().filter(|packed| packed.len() > 2) {
                assert_eq!(inflate(packed, 1 << 20).as_deref(), Some(text));
                let most = text.len() / 2;
                assert_eq!(inflate(packed, most).as_deref(), Some(&text[..most]));
            }
        }
    }

    #[test]
    fn what_is_cut_or_odd_is_nothing() {
        for packed in packed(TEXT.as_bytes()) {
            for length in 0..packed.len() - 5 {
                assert_eq!(inflate(&packed[..length], 1 << 20), None, "{length} bytes");
            }
            for (at, bit) in (0..packed.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut odd = packed.clone();
                odd[at] ^= 1 << bit;
                // Whatever it is now, it is no more than that.
                assert!(inflate(&odd, 1000).is_none_or(|text| text.len() <= 1000));
            }
        }
    }
}
