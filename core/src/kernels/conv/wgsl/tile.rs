//! How a convolution is divided among workgroups.

/// The outputs of a workgroup: `rows` pixels by `column_threads · 4` channels. `slices` times
/// `row_threads · column_threads` threads make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Pixels.
    pub rows: usize,
    /// Threads along the pixels; each makes `rows / row_threads` of them.
    pub row_threads: usize,
    /// Threads along the channels; each makes four of them.
    pub column_threads: usize,
    /// Threads that share an output's inner dimension.
    pub slices: usize,
}

impl Tile {
    /// Those that there are, largest first. Large ones read less, small ones keep more of a device
    /// busy with one photo; slices do so where outputs are few and each is a long sum.
    pub const ALL: [Self; 7] = [
        Self::new(128, 16, 16, 1),
        Self::new(64, 16, 16, 1),
        Self::new(64, 16, 8, 1),
        Self::new(32, 8, 8, 1),
        Self::new(16, 8, 8, 1),
        Self::new(32, 8, 8, 4),
        Self::new(16, 8, 8, 4),
    ];
    /// The most slices that there are.
    pub const MAX_SLICES: usize = 4;
    /// Weights are padded to a multiple of this many channels, the widest tile's.
    pub const MAX_COLUMNS: usize = 64;
    /// Vectors of the inner dimension that a slice reads at a time, as `conv.wgsl` says.
    pub const DEPTH: usize = 4;

    const fn new(rows: usize, row_threads: usize, column_threads: usize, slices: usize) -> Self {
        Self { rows, row_threads, column_threads, slices }
    }

    /// A name, e.g. `64x32`, or `16x32/4` with slices.
    pub fn name(self) -> String {
        let (rows, columns) = (self.rows, self.columns());
        match self.slices {
            1 => format!("{rows}x{columns}"),
            slices => format!("{rows}x{columns}/{slices}"),
        }
    }

    /// The tile of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tile| tile.name() == name)
    }

    /// Channels.
    pub fn columns(self) -> usize {
        self.column_threads * 4
    }

    /// Threads of a workgroup.
    pub fn threads(self) -> usize {
        self.slice_threads() * self.slices
    }

    fn slice_threads(self) -> usize {
        self.row_threads * self.column_threads
    }

    /// Pixels of a thread.
    pub(super) fn rows_of_thread(self) -> usize {
        self.rows / self.row_threads
    }

    /// Vectors of the input that a thread reads at a time.
    pub(super) fn loads(self) -> usize {
        self.rows * Self::DEPTH / self.slice_threads()
    }

    /// Workgroups for so many pixels of so many channels: along channels and pixels.
    pub fn groups(self, pixels: usize, channels: usize) -> [u32; 2] {
        [channels.div_ceil(self.columns()) as u32, pixels.div_ceil(self.rows) as u32]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_tiles_apart() {
        for tile in Tile::ALL {
            assert_eq!(Tile::from_name(&tile.name()), Some(tile));
        }
    }

    #[test]
    fn threads_share_a_tiles_work_evenly() {
        for tile in Tile::ALL {
            assert_eq!(tile.rows % tile.row_threads, 0, "{tile:?}");
            assert_eq!(tile.rows * Tile::DEPTH % tile.slice_threads(), 0, "{tile:?}");
            assert_eq!(tile.slice_threads() % Tile::DEPTH, 0, "{tile:?}");
            assert_eq!(Tile::MAX_SLICES % tile.slices, 0, "{tile:?}");
            assert!(tile.threads() <= 256, "the least that every device has: {tile:?}");
            assert_eq!(Tile::MAX_COLUMNS % tile.columns(), 0, "{tile:?}");
            let bytes = (tile.rows + tile.columns()) * Tile::DEPTH * 16 * tile.slices;
            assert!(bytes <= 16 << 10, "the least that every device has: {tile:?}");
            // Their sums go through the memory of the codes.
            let sums = tile.rows * tile.column_threads;
            assert!(tile.slices == 1 || sums <= tile.rows * Tile::DEPTH * tile.slices, "{tile:?}");
        }
    }
}
