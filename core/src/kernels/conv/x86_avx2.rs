//! AVX2: 4 pixels × 16 channels with `vpmaddubsw` and `vpmaddwd`, and the 256-bit tile that
//! AVX-VNNI shares.
//!
//! `vpmaddubsw` adds two products in 16 bits and saturates; with 7-bit codes the largest sum is
//! 2·127·127 < 2¹⁵, so it never does.

use std::arch::x86_64::*;

use super::packed::STEP;
use super::tiled::{Tile, TileKernel};
use crate::kernels::isa::x86::Avx2;
use crate::kernels::requantise::x86_avx2::{narrow, requantise};

const ROWS: usize = 4;
/// Vectors of 8 channels.
const VECTORS: usize = 2;
const LANES: usize = 8;
/// Channels of a 256-bit tile.
pub(super) const COLUMNS: usize = VECTORS * LANES;

impl TileKernel<ROWS> for Avx2 {
    const COLUMNS: usize = COLUMNS;

    unsafe fn run(self, tile: &Tile<ROWS>) {
        // SAFETY: `self` proves the instruction set; the caller vouches for the tile.
        unsafe { run(tile) }
    }
}

/// # Safety
/// As [`TileKernel::run`].
#[target_feature(enable = "avx2")]
unsafe fn run(tile: &Tile<ROWS>) {
    let ones = _mm256_set1_epi16(1);
    // SAFETY: as the caller's.
    unsafe {
        tile_256(tile, |sum, codes, weights| {
            let pairs = _mm256_maddubs_epi16(codes, weights);
            _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones))
        });
    }
}

/// A tile of `R` pixels × [`COLUMNS`] channels; `dot(sum, codes, weights)` adds four products to
/// each lane.
///
/// # Safety
/// As [`TileKernel::run`], and the processor has AVX2.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) unsafe fn tile_256<const R: usize>(
    tile: &Tile<R>,
    dot: impl Fn(__m256i, __m256i, __m256i) -> __m256i,
) {
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        let mut sums = [[_mm256_setzero_si256(); VECTORS]; R];
        for row in &mut sums {
            for (vector, sum) in row.iter_mut().enumerate() {
                *sum = _mm256_loadu_si256(tile.bias.add(vector * LANES).cast());
            }
        }
        let mut weights = tile.weights;
        for kernel_row in 0..tile.kernel_rows {
            let start = kernel_row * tile.row_stride;
            for step in 0..tile.steps {
                let offset = start + step * STEP;
                let columns: [__m256i; VECTORS] = std::array::from_fn(|vector| {
                    _mm256_loadu_si256(weights.add(vector * LANES * STEP).cast())
                });
                weights = weights.add(VECTORS * LANES * STEP);
                for (row, input) in sums.iter_mut().zip(&tile.input) {
                    let codes = _mm256_set1_epi32(input.add(offset).cast::<i32>().read_unaligned());
                    for (sum, column) in row.iter_mut().zip(columns) {
                        *sum = dot(*sum, codes, column);
                    }
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            let [low, high] =
                std::array::from_fn(|vector| finish(tile, row, vector * LANES, sums[vector]));
            // Packing works within 128-bit halves; the permutation puts the quarters in order.
            let words = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi32(low, high));
            _mm_storeu_si128(tile.output[row].cast(), narrow(words, &tile.range));
        }
    }
}

/// Adds the residual and requantises 8 channels from `channel` on.
///
/// # Safety
/// As [`tile_256`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn finish<const R: usize>(
    tile: &Tile<R>,
    row: usize,
    channel: usize,
    mut sum: __m256i,
) -> __m256i {
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        if !tile.residual_multiplier.is_null() {
            let codes = _mm_loadl_epi64(tile.residual[row].add(channel).cast());
            let factors = _mm256_loadu_si256(tile.residual_multiplier.add(channel).cast());
            let product = _mm256_mullo_epi32(_mm256_cvtepi8_epi32(codes), factors);
            sum = _mm256_add_epi32(sum, product);
        }
        requantise(sum, _mm256_loadu_ps(tile.multiplier.add(channel)), &tile.range)
    }
}
