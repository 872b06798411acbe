//! The kernels that there are, and the text of each.

use super::text::{Dot, GROUPS_PER_ROW, THREADS, WINDOW, flat};
use crate::kernels::conv::wgsl::{self as conv, Tile};
use crate::kernels::depthwise::wgsl as depthwise;
use crate::kernels::linear::wgsl as linear;
use crate::kernels::pool::wgsl as pool;

/// A kernel that a layer can run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// A dense convolution.
    Conv {
        /// The outputs of a workgroup.
        tile: Tile,
        /// Whether its input is the image.
        reads_image: bool,
        /// Whether something is added to its sums.
        has_residual: bool,
    },
    /// A depthwise convolution.
    Depthwise,
    /// A max pool.
    MaxPool,
    /// Sums over all pixels.
    GlobalSum,
    /// The classifier.
    Linear,
}

impl Kernel {
    /// Its text.
    pub fn source(self, dot: Dot) -> String {
        match self {
            Self::Conv { tile, reads_image, has_residual } => {
                conv::source(tile, reads_image, has_residual, dot)
            }
            Self::Depthwise => flat(&[WINDOW, depthwise::SOURCE]),
            Self::MaxPool => flat(&[WINDOW, pool::MAX]),
            Self::GlobalSum => flat(&[pool::GLOBAL_SUM]),
            Self::Linear => flat(&[linear::SOURCE]),
        }
    }

    /// The bindings that it has; see [the module](super).
    pub fn bindings(self) -> &'static [u32] {
        match self {
            Self::Conv { has_residual: true, .. } => &[0, 1, 2, 3, 4, 5, 6],
            Self::Conv { .. } | Self::Depthwise => &[0, 1, 2, 3, 4, 6],
            Self::MaxPool | Self::GlobalSum => &[0, 1, 4, 6],
            Self::Linear => &[1, 2, 3, 4, 6],
        }
    }

    /// Its name, for error messages and tools.
    pub fn label(self) -> &'static str {
        match self {
            Self::Conv { reads_image: true, .. } => "convolution of the image",
            Self::Conv { .. } => "convolution",
            Self::Depthwise => "depthwise convolution",
            Self::MaxPool => "max pool",
            Self::GlobalSum => "global sum",
            Self::Linear => "classifier",
        }
    }

    /// Workgroups of a kernel that is not tiled, for so many threads.
    pub fn flat_groups(threads: usize) -> [u32; 2] {
        let groups = threads.div_ceil(THREADS) as u32;
        match groups {
            0..=GROUPS_PER_ROW => [groups, 1],
            _ => [GROUPS_PER_ROW, groups.div_ceil(GROUPS_PER_ROW)],
        }
    }
}

/// A number that changes with the texts of convolutions (32-bit FNV-1a), for those who keep what
/// was measured of them.
pub fn fingerprint(dot: Dot) -> u32 {
    let kernels = Tile::ALL.into_iter().flat_map(|tile| {
        let kernel = |reads_image| Kernel::Conv { tile, reads_image, has_residual: true };
        [true, false].map(|reads_image| kernel(reads_image).source(dot))
    });
    let byte = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    kernels.fold(0x811C_9DC5, |hash, text| text.bytes().fold(hash, byte))
}
