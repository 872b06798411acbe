//! Huffman tables: the standard's own, and random ones.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::random::Draw;

/// A table: how many codes have each length, and their symbols in order.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    pub(super) counts: [u8; 16],
    pub(super) symbols: Vec<u8>,
}

impl Codes {
    /// A random table for `symbols`, of codes of 1 to 16 bits.
    pub(super) fn random(random: &mut Rng, mut symbols: Vec<u8>) -> Self {
        random.mix(&mut symbols);
        // Leaves of a random tree; the code of ones alone is not to be used (T.81, C.2).
        let mut lengths = vec![1u8, 1];
        while lengths.len() < symbols.len() + 1 {
            let leaf = random.draw(0..lengths.len());
            // Beyond 250 symbols the tree has to stay flat.
            if lengths[leaf] < 9 || lengths[leaf] < 16 && random.u8(0..4) > 0 {
                lengths[leaf] += 1;
                let length = lengths[leaf];
                lengths.push(length);
            }
        }
        lengths.sort_unstable();
        lengths.truncate(symbols.len());
        let mut counts = [0; 16];
        for length in lengths {
            counts[usize::from(length) - 1] += 1;
        }
        Self { counts, symbols }
    }

    /// By symbol: its code and length (T.81, C.2).
    pub(super) fn by_symbol(&self) -> BTreeMap<u8, (u32, u32)> {
        let lengths = (1..=16).zip(self.counts);
        let mut lengths = lengths.flat_map(|(length, count)| (0..count).map(move |_| length));
        let mut code = 0;
        let mut last = 0;
        let symbols = self.symbols.iter().map(|&symbol| {
            let length = lengths.next().expect("a length for every symbol");
            code <<= length - last;
            last = length;
            code += 1;
            (symbol, (code - 1, length))
        });
        symbols.collect()
    }
}
