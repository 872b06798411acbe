//! What is known of the tiles that suit a device.

use core::fmt;
use std::collections::BTreeMap;

use crate::kernels::wgsl::Tile;

/// The fastest tiles by the shapes of convolutions. It is worth keeping, by the device's name: as
/// text it is a line for each, the tile and then the shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuning(BTreeMap<String, Tile>);

impl Tuning {
    /// Reads what was kept. Lines that say nothing that is known any more are left out.
    pub fn parse(text: &str) -> Self {
        let mut tuning = Self::default();
        tuning.0.extend(text.lines().filter_map(|line| {
            let (tile, shape) = line.split_once(' ')?;
            Some((shape.to_owned(), Tile::from_name(tile)?))
        }));
        tuning
    }

    /// The tile for a convolution of this shape, if it was measured.
    pub(super) fn tile(&self, shape: &str) -> Option<Tile> {
        self.0.get(shape).copied()
    }

    /// Notes the fastest tile for a convolution of this shape.
    pub(super) fn insert(&mut self, shape: String, tile: Tile) {
        self.0.insert(shape, tile);
    }

    /// Adds what was measured elsewhere, which counts where both know a shape.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl fmt::Display for Tuning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(shape, tile)| writeln!(f, "{} {shape}", tile.name()))
    }
}
