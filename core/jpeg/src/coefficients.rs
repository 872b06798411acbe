//! A component's coefficients, between the scans of a progressive picture.
//!
//! Of a block only those are kept that its scale needs. A scan that refines others still has to
//! know which of them are zero, so there is a bit for each.

use crate::Scale;
use crate::idct::Block;
use crate::tables::{Steps, ZIGZAG};

/// Coefficients of all blocks.
pub(crate) struct Coefficients {
    /// Blocks in a row.
    across: usize,
    /// The numbers of those that are kept, in the file's order.
    kept: Vec<u8>,
    /// By number, the place among those that are kept.
    places: [Option<u8>; 64],
    values: Vec<i16>,
    nonzero: Vec<u64>,
}

/// The coefficients of one block.
pub(crate) struct Kept<'a> {
    places: &'a [Option<u8>; 64],
    values: &'a mut [i16],
    /// A bit for every coefficient but the first that is not zero.
    pub(crate) nonzero: &'a mut u64,
}

impl Coefficients {
    /// Zeros for blocks that are decoded at `scale`.
    pub(crate) fn new((across, down): (u32, u32), scale: Scale) -> Self {
        let kept: Vec<u8> = kept(scale).collect();
        let mut places = [None; 64];
        for (place, &k) in (0..).zip(&kept) {
            places[usize::from(k)] = Some(place);
        }
        let blocks = across as usize * down as usize;
        Self {
            across: across as usize,
            values: vec![0; blocks * kept.len()],
            kept,
            places,
            nonzero: vec![0; blocks],
        }
    }

    /// Bytes that the coefficients of so many blocks take.
    pub(crate) fn size((across, down): (u32, u32), scale: Scale) -> u64 {
        let block = kept(scale).count() * size_of::<i16>() + size_of::<u64>();
        u64::from(across) * u64::from(down) * block as u64
    }

    /// The coefficients of the block in column `x` and row `y`.
    #[inline(always)]
    pub(crate) fn block(&mut self, x: u32, y: u32) -> Kept<'_> {
        let index = y as usize * self.across + x as usize;
        let count = self.kept.len();
        Kept {
            places: &self.places,
            values: &mut self.values[index * count..][..count],
            nonzero: &mut self.nonzero[index],
        }
    }

    /// Puts a block's coefficients into `block`, multiplied by their steps.
    pub(crate) fn dequantise(&mut self, x: u32, y: u32, steps: &Steps, block: &mut Block) {
        let index = y as usize * self.across + x as usize;
        let values = &self.values[index * self.kept.len()..][..self.kept.len()];
        block.clear();
        block.set_first(i32::from(values[0]) * i32::from(steps[0]));
        if self.nonzero[index] == 0 {
            return;
        }
        for (&k, &value) in self.kept.iter().zip(values).skip(1) {
            let k = usize::from(k);
            if value != 0 {
                block.set(k, i32::from(value) * i32::from(steps[k]));
            }
        }
    }
}

impl Kept<'_> {
    /// The first coefficient.
    #[inline(always)]
    pub(crate) fn first(&mut self) -> &mut i16 {
        &mut self.values[0]
    }

    /// Coefficient `k`, if it is kept.
    #[inline(always)]
    pub(crate) fn get(&mut self, k: u32) -> Option<&mut i16> {
        let place = self.places[k as usize & 63]?;
        self.values.get_mut(usize::from(place))
    }

    /// Whether nothing but the first one is kept.
    #[inline(always)]
    pub(crate) fn is_mean(&self) -> bool {
        self.values.len() == 1
    }
}

/// The coefficients that a block's samples at `scale` depend on, in the file's order.
fn kept(scale: Scale) -> impl Iterator<Item = u8> {
    let needed = move |line: u8| match scale {
        Scale::Eighth => line == 0,
        Scale::Quarter => line == 0 || line % 2 == 1,
        Scale::Half => line != 4,
        Scale::Full => true,
    };
    (0..64).filter(move |&k| {
        let place = ZIGZAG[usize::from(k)];
        needed(place / 8) && needed(place % 8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_depends_on_the_scale() {
        let counts = Scale::ALL.map(|scale| kept(scale).count());
        assert_eq!(counts, [1, 25, 49, 64]);
        assert!(Scale::ALL.iter().all(|&scale| kept(scale).next() == Some(0)));
    }
}
