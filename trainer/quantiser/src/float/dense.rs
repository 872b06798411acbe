//! Dense convolutions as matrix products, a photo at a time.

use rayon::prelude::*;
use tagsight_core::graph::Window;
use tagsight_network::kernels::Geometry;
use tagsight_network::transposed;

use super::product::{Matrix, Order, product};

/// Outputs whose windows are gathered at a time.
const TILE: usize = 512;

/// Σ weight · input, without bias: `[n, out, h, w]` of `input` `[n, in, h, w]` and `weight` `[out,
/// in, k, k]`.
pub(super) fn forward(geometry: &Geometry, input: &[f32], weight: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; geometry.count * geometry.outputs * geometry.output_plane()];
    let photos = input.par_chunks(geometry.inputs * geometry.input_plane());
    let photos = sums.par_chunks_mut(geometry.outputs * geometry.output_plane()).zip(photos);
    if is_pointwise(geometry.window) {
        let weight = Matrix::new(weight, geometry.outputs, Order::Rows);
        photos.for_each(|(sums, photo)| {
            let photo = Matrix::new(photo, geometry.inputs, Order::Rows);
            sums.copy_from_slice(&product(weight, photo));
        });
    } else {
        let weight = transposed(weight, geometry.inputs, geometry.taps());
        photos.for_each(|(sums, photo)| windows(geometry, photo, &weight, sums));
    }
    sums
}

/// Whether a photo as it lies is the matrix that the weights are multiplied with.
fn is_pointwise(window: Window) -> bool {
    window.kernel == 1
        && window.stride == 1
        && window.padding.before == 0
        && window.padding.after == 0
}

/// One photo's sums, tile by tile; `weight` is `[out, k · k, in]`.
fn windows(geometry: &Geometry, photo: &[f32], weight: &[f32], sums: &mut [f32]) {
    let pixels = transposed(photo, geometry.inputs, geometry.input_plane());
    let weight = Matrix::new(weight, geometry.outputs, Order::Rows);
    let plane = geometry.output_plane();
    let tiles: Vec<(usize, Vec<f32>)> = (0..plane)
        .into_par_iter()
        .step_by(TILE)
        .map(|first| {
            let last = (first + TILE).min(plane);
            let columns = columns(geometry, &pixels, first..last);
            let columns = Matrix::new(&columns, geometry.taps() * geometry.inputs, Order::Columns);
            (first, product(weight, columns))
        })
        .collect();
    for (first, tile) in tiles {
        let len = tile.len() / geometry.outputs;
        for (sums, tile) in sums.chunks_exact_mut(plane).zip(tile.chunks_exact(len)) {
            sums[first..first + len].copy_from_slice(tile);
        }
    }
}

/// The pixels under the windows of some outputs, window after window `[k · k, in]`; padding is zero.
fn columns(geometry: &Geometry, pixels: &[f32], outputs: std::ops::Range<usize>) -> Vec<f32> {
    let Geometry { inputs, height, width, window, .. } = *geometry;
    let [_, output_columns] = geometry.output_sides();
    let mut columns = vec![0.0; outputs.len() * geometry.taps() * inputs];
    let places = columns.chunks_exact_mut(geometry.taps() * inputs).zip(outputs);
    for (column, output) in places {
        let (y, x) =
            (output / output_columns * window.stride, output % output_columns * window.stride);
        for (tap, to) in column.chunks_exact_mut(inputs).enumerate() {
            // Left of or above the image these wrap to huge numbers, which are outside.
            let y = (y + tap / window.kernel).wrapping_sub(window.padding.before);
            let x = (x + tap % window.kernel).wrapping_sub(window.padding.before);
            if y < height && x < width {
                to.copy_from_slice(&pixels[(y * width + x) * inputs..][..inputs]);
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::graph::Padding;

    /// The sum as it is written down.
    fn plain(geometry: &Geometry, input: &[f32], weight: &[f32]) -> Vec<f32> {
        let Geometry { count, inputs, outputs, height, width, window } = *geometry;
        let [rows, columns] = geometry.output_sides();
        let mut sums = Vec::new();
        for (photo, output, row, column) in (0..count * outputs * rows * columns).map(|index| {
            let (row, column) = (index / columns % rows, index % columns);
            let channel = index / (rows * columns);
            (channel / outputs, channel % outputs, row, column)
        }) {
            let mut sum = 0.0;
            for (channel, tap) in (0..inputs * geometry.taps())
                .map(|index| (index / geometry.taps(), index % geometry.taps()))
            {
                let from = |at: usize, tap: usize| {
                    (at * window.stride + tap).wrapping_sub(window.padding.before)
                };
                let (y, x) = (from(row, tap / window.kernel), from(column, tap % window.kernel));
                if y < height && x < width {
                    sum += input[((photo * inputs + channel) * height + y) * width + x]
                        * weight[(output * inputs + channel) * geometry.taps() + tap];
                }
            }
            sums.push(sum);
        }
        sums
    }

    #[test]
    fn sums_are_those_of_the_definition() {
        let one_sided = Padding { before: 0, after: 1 };
        let windows = [
            (1, 1, Padding::even(0), 5, 3),
            (1, 2, Padding::even(0), 7, 5),
            (3, 1, Padding::even(1), 30, 31),
            (3, 2, one_sided, 8, 6),
            (7, 2, Padding::even(3), 9, 9),
        ];
        for (kernel, stride, padding, height, width) in windows {
            let window = Window::new(kernel, stride, padding);
            let geometry = Geometry { count: 2, inputs: 3, outputs: 4, height, width, window };
            // Small whole numbers, whose sums are exact in any order.
            let numbers = |count: usize| -> Vec<f32> {
                (0..count).map(|index| (index * 7 % 11) as f32 - 5.0).collect()
            };
            let input = numbers(2 * 3 * height * width);
            let weight = numbers(4 * 3 * geometry.taps());
            let sums = forward(&geometry, &input, &weight);
            assert_eq!(sums, plain(&geometry, &input, &weight), "{window:?}");
        }
    }
}
