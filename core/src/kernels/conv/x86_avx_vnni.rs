//! AVX-VNNI: 6 pixels × 16 channels with 256-bit `vpdpbusd`.
//!
//! 12 accumulators, two weight vectors and one broadcast fill 15 of the 16 registers.

use std::arch::x86_64::*;

use super::tiled::{Tile, TileKernel};

use super::x86_avx2::{COLUMNS, tile_256};
use crate::kernels::isa::x86::AvxVnni;

const ROWS: usize = 6;

impl TileKernel<ROWS> for AvxVnni {
    const COLUMNS: usize = COLUMNS;

    unsafe fn run(self, tile: &Tile<ROWS>) {
        // SAFETY: `self` proves the instruction sets; the caller vouches for the tile.
        unsafe { run(tile) }
    }
}

/// # Safety
/// As [`TileKernel::run`].
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn run(tile: &Tile<ROWS>) {
    // SAFETY: as the caller's.
    unsafe { tile_256(tile, |sum, codes, weights| _mm256_dpbusd_avx_epi32(sum, codes, weights)) }
}
