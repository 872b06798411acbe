//! AVX-512 VNNI: 7 pixels × 32 channels with `vpdpbusd`.
//!
//! Seven rows, since every layer of a ResNet at 224² has a multiple of seven pixels a row; 14
//! accumulators hide the instruction's latency and leave the loads (7 broadcasts and 2 vectors for
//! 14 products) below two a cycle.

use std::arch::x86_64::*;

use super::packed::STEP;
use super::tiled::{Tile, TileKernel};
use crate::kernels::isa::x86::Avx512Vnni;
use crate::kernels::requantise::x86_avx512::requantise;

const ROWS: usize = 7;
/// Vectors of 16 channels.
const VECTORS: usize = 2;
const LANES: usize = 16;

impl TileKernel<ROWS> for Avx512Vnni {
    const COLUMNS: usize = VECTORS * LANES;

    unsafe fn run(self, tile: &Tile<ROWS>) {
        // SAFETY: `self` proves the instruction sets; the caller vouches for the tile.
        unsafe { run(tile) }
    }
}

/// # Safety
/// As [`TileKernel::run`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn run(tile: &Tile<ROWS>) {
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        let mut sums = [[_mm512_setzero_si512(); VECTORS]; ROWS];
        for row in &mut sums {
            for (vector, sum) in row.iter_mut().enumerate() {
                *sum = _mm512_loadu_si512(tile.bias.add(vector * LANES).cast());
            }
        }
        let mut weights = tile.weights;
        for kernel_row in 0..tile.kernel_rows {
            let start = kernel_row * tile.row_stride;
            for step in 0..tile.steps {
                let offset = start + step * STEP;
                let columns: [__m512i; VECTORS] = std::array::from_fn(|vector| {
                    _mm512_loadu_si512(weights.add(vector * LANES * STEP).cast())
                });
                weights = weights.add(VECTORS * LANES * STEP);
                for (row, input) in sums.iter_mut().zip(&tile.input) {
                    let codes = _mm512_set1_epi32(input.add(offset).cast::<i32>().read_unaligned());
                    for (sum, column) in row.iter_mut().zip(columns) {
                        *sum = _mm512_dpbusd_epi32(*sum, codes, column);
                    }
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            for (vector, &sum) in sums.iter().enumerate() {
                let codes = finish(tile, row, vector * LANES, sum);
                _mm_storeu_si128(tile.output[row].add(vector * LANES).cast(), codes);
            }
        }
    }
}

/// Adds the residual and requantises 16 channels from `channel` on.
///
/// # Safety
/// As [`TileKernel::run`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn finish(tile: &Tile<ROWS>, row: usize, channel: usize, mut sum: __m512i) -> __m128i {
    // SAFETY: all addresses are those that the tile's fields promise.
    unsafe {
        if !tile.residual_multiplier.is_null() {
            let codes = _mm_loadu_si128(tile.residual[row].add(channel).cast());
            let factors = _mm512_loadu_si512(tile.residual_multiplier.add(channel).cast());
            let product = _mm512_mullo_epi32(_mm512_cvtepi8_epi32(codes), factors);
            sum = _mm512_add_epi32(sum, product);
        }
        requantise(sum, _mm512_loadu_ps(tile.multiplier.add(channel)), &tile.range)
    }
}
