//! Max pool and global sum. Plain loops over contiguous channels, which compilers vectorise.

#[cfg(feature = "webgpu")]
pub(super) mod wgsl;

use crate::graph::Window;
use crate::tensor::Tensor;

/// Max pool of rectified codes: the halo's zeros are the neutral element.
///
/// # Panics
/// If the output is larger than the window makes it, or the input's halo is smaller than the
/// window's padding.
pub fn max_pool(window: Window, input: &Tensor, output: &mut Tensor) {
    let (from, to) = (*input.layout(), *output.layout());
    assert!(from.halo() >= window.padding.largest() && from.pixel_stride() == to.pixel_stride());
    let shift = from.halo() - window.padding.before;
    for y in 0..to.height() {
        for x in 0..to.width() {
            let pixel = output.pixel_mut(y, x);
            pixel.fill(0);
            for tap in 0..window.kernel * window.kernel {
                let tap_y = shift + y * window.stride + tap / window.kernel;
                let tap_x = shift + x * window.stride + tap % window.kernel;
                let start = from.offset_with_halo(tap_y, tap_x);
                let codes = &input.bytes()[start..start + pixel.len()];
                for (max, &code) in pixel.iter_mut().zip(codes) {
                    // As unsigned bytes, for which the oldest SIMD sets have a maximum.
                    *max = (*max as u8).max(code as u8) as i8;
                }
            }
        }
    }
}

/// Sum of each channel over all pixels: the average pool without its division.
///
/// # Panics
/// If `sums` is not one a channel.
pub fn global_sum(input: &Tensor, sums: &mut [i32]) {
    let layout = *input.layout();
    assert_eq!(sums.len(), layout.channels());
    sums.fill(0);
    for y in 0..layout.height() {
        for x in 0..layout.width() {
            for (sum, &code) in sums.iter_mut().zip(input.pixel(y, x)) {
                *sum += i32::from(code);
            }
        }
    }
}
