//! A component's samples.

/// Samples in rows, in whole blocks.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    /// Samples from one row to the next.
    stride: usize,
    samples: Vec<u8>,
    /// Columns and rows that hold something of the picture.
    width: usize,
    height: usize,
}

/// What stands where nothing was decoded.
const MIDDLE: u8 = 128;

impl Plane {
    /// A plane of `width` × `height` samples in so many columns and rows of blocks of `side`².
    pub(crate) fn new((width, height): (u32, u32), (across, down): (u32, u32), side: u32) -> Self {
        let stride = across as usize * side as usize;
        let samples = vec![MIDDLE; stride * down as usize * side as usize];
        Self { stride, samples, width: width as usize, height: height as usize }
    }

    /// Samples of a plane like that.
    pub(crate) fn size((across, down): (u32, u32), side: u32) -> u64 {
        u64::from(across) * u64::from(side) * u64::from(down) * u64::from(side)
    }

    /// Columns that hold something of the picture.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Rows that hold something of the picture.
    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// A row, without what the last block has beyond the picture.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.samples[y * self.stride..][..self.width]
    }

    /// Writes the block of `SIDE`² samples in column `x` and row `y` of blocks.
    #[inline(always)]
    pub(crate) fn put<const SIDE: usize>(&mut self, x: u32, y: u32, block: &[[u8; SIDE]; SIDE]) {
        let mut at = y as usize * SIDE * self.stride + x as usize * SIDE;
        for row in block {
            self.samples[at..at + SIDE].copy_from_slice(row);
            at += self.stride;
        }
    }
}
