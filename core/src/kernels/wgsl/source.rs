//! From files to the text of one kernel.

use super::Tile;

/// Threads of a workgroup of the kernels that are not tiled.
pub(super) const THREADS: usize = 64;
/// Their workgroups along the first dimension, if there are more than so many.
pub(super) const GROUPS_PER_ROW: u32 = 1 << 15;

/// How depthwise convolutions and pools go over their windows.
const WINDOW: &str = include_str!("window.wgsl");

/// How words are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dot {
    /// By the language's `dot4I8Packed`.
    Packed,
    /// Taken apart by hand, where there is no such function.
    Unpacked,
}

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
        let dot = match dot {
            Dot::Packed => include_str!("dot_packed.wgsl"),
            Dot::Unpacked => include_str!("dot_unpacked.wgsl"),
        };
        let common = include_str!("common.wgsl");
        match self {
            Self::Conv { tile, reads_image, has_residual } => {
                let fetch = match reads_image {
                    true => include_str!("fetch_image.wgsl"),
                    false => include_str!("fetch.wgsl"),
                };
                let residual = match has_residual {
                    true => include_str!("residual.wgsl"),
                    false => include_str!("no_residual.wgsl"),
                };
                let conv = unrolled(include_str!("conv.wgsl"), tile);
                [&tile_constants(tile), common, dot, fetch, residual, &conv].join("\n")
            }
            Self::Depthwise => flat(&[WINDOW, include_str!("depthwise.wgsl")]),
            Self::MaxPool => flat(&[WINDOW, include_str!("max_pool.wgsl")]),
            Self::GlobalSum => flat(&[include_str!("global_sum.wgsl")]),
            Self::Linear => flat(&[include_str!("linear.wgsl")]),
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

/// A kernel that is not tiled.
fn flat(parts: &[&str]) -> String {
    let constants =
        format!("const THREADS = {THREADS}u;\nconst GROUPS_PER_ROW = {GROUPS_PER_ROW}u;\n");
    [&[&constants, include_str!("common.wgsl")], parts].concat().join("\n")
}

fn tile_constants(tile: Tile) -> String {
    let Tile { rows, row_threads, column_threads, slices } = tile;
    format!(
        "const ROWS = {rows}u;\nconst ROW_THREADS = {row_threads}u;\n\
         const COLUMN_THREADS = {column_threads}u;\nconst SLICES = {slices}u;\n"
    )
}

/// Repeats lines with `$row` and `$load` for each of a thread's. Written out, sums are registers
/// on every device; an array of them need not be.
fn unrolled(body: &str, tile: Tile) -> String {
    let mut text = String::new();
    for line in body.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let (mark, count) = match line {
            _ if line.contains("$row") => ("$row", tile.rows_of_thread()),
            _ if line.contains("$load") => ("$load", tile.loads()),
            _ => ("$row", 1),
        };
        for number in 0..count {
            text.push_str(&line.replace(mark, &number.to_string()));
            text.push('\n');
        }
    }
    text
}
