//! What files define before and between scans: quantisation, Huffman codes, restarts
//! (ITU-T T.81, B.2.4).

use crate::huffman::Spec;
use crate::{Error, standard};

/// The natural place of each coefficient in the order that files have (T.81, figure A.6).
pub(crate) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Steps of coefficients, in the order that files have.
pub(crate) type Steps = [u16; 64];

/// The tables that are in force.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) steps: [Option<Box<Steps>>; 4],
    /// For first coefficients.
    pub(crate) dc: [Option<Spec>; 4],
    /// For the others.
    pub(crate) ac: [Option<Spec>; 4],
    /// Units between restart markers; 0 for none.
    pub(crate) restart_interval: u32,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            steps: [const { None }; 4],
            dc: [Some(standard::dc_luminance()), Some(standard::dc_chrominance()), None, None],
            ac: [Some(standard::ac_luminance()), Some(standard::ac_chrominance()), None, None],
            restart_interval: 0,
        }
    }
}

impl Tables {
    /// Reads the tables of a DQT segment.
    pub(crate) fn define_steps(&mut self, mut segment: &[u8]) -> Result<(), Error> {
        const SHORT: Error = Error::Damaged("a quantisation table is too short");
        while let Some((&kind, rest)) = segment.split_first() {
            let wide = kind >> 4 != 0;
            let (table, rest) = rest.split_at_checked(if wide { 128 } else { 64 }).ok_or(SHORT)?;
            let slot = self.steps.get_mut(usize::from(kind & 15));
            let slot = slot.ok_or(Error::Damaged("a quantisation table has no such slot"))?;
            let step = |k: usize| match wide {
                true => u16::from_be_bytes([table[2 * k], table[2 * k + 1]]),
                false => u16::from(table[k]),
            };
            *slot = Some(Box::new(std::array::from_fn(step)));
            segment = rest;
        }
        Ok(())
    }

    /// Reads the tables of a DHT segment.
    pub(crate) fn define_codes(&mut self, mut segment: &[u8]) -> Result<(), Error> {
        const SHORT: Error = Error::Damaged("a Huffman table is too short");
        while let Some((&kind, rest)) = segment.split_first() {
            let (&counts, rest) = rest.split_first_chunk().ok_or(SHORT)?;
            let codes = counts.iter().map(|&count: &u8| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(codes).ok_or(SHORT)?;
            let class = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let slot = class.get_mut(usize::from(kind & 15));
            let slot = slot.ok_or(Error::Damaged("a Huffman table has no such slot"))?;
            *slot = Some(Spec { counts, symbols: symbols.to_vec() });
            segment = rest;
        }
        Ok(())
    }

    /// Reads a DRI segment.
    pub(crate) fn define_restarts(&mut self, segment: &[u8]) -> Result<(), Error> {
        let interval = segment.first_chunk();
        let interval = interval.ok_or(Error::Damaged("the restart interval is missing"))?;
        self.restart_interval = u16::from_be_bytes(*interval).into();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path as the standard draws it: along the diagonals, up and down in turn.
    #[test]
    fn the_order_runs_along_the_diagonals() {
        let mut path = Vec::new();
        for diagonal in 0..15u8 {
            let mut steps: Vec<u8> = (0..8)
                .filter(|row| (0..8).contains(&(i16::from(diagonal) - row)))
                .map(|row| row as u8 * 8 + (diagonal - row as u8))
                .collect();
            if diagonal % 2 == 0 {
                steps.reverse();
            }
            path.extend(steps);
        }
        assert_eq!(path, ZIGZAG);
    }
}
