//! Depthwise convolution, plane by plane: every channel of every photo is walked by itself.

use rayon::prelude::*;

use super::Geometry;

/// Σ weight · input, without bias: `[n, c, h, w]`.
pub fn forward(geometry: &Geometry, input: &[f32], weight: &[f32]) -> Vec<f32> {
    let [rows, columns] = geometry.output_sides();
    let mut sums = vec![0.0; geometry.count * geometry.outputs * rows * columns];
    let planes = sums.par_chunks_mut(rows * columns).zip(input.par_chunks(geometry.input_plane()));
    planes.enumerate().for_each_init(Vec::new, |padded, (index, (sums, input))| {
        geometry.pad(input, padded);
        let kernel = geometry.kernel(weight, index);
        geometry.for_each_row(|tap, row, from| {
            let sums = &mut sums[row * columns..][..columns];
            let values = padded[from..].iter();
            add_scaled(sums.iter_mut(), values, kernel[tap], 1, geometry.window.stride);
        });
    });
    sums
}

/// Gradient of the input, of the gradient of the sums.
pub fn input_gradient(geometry: &Geometry, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
    let [rows, columns] = geometry.output_sides();
    let plane = geometry.input_plane();
    let mut result = vec![0.0; geometry.count * geometry.inputs * plane];
    let planes = result.par_chunks_mut(plane).zip(gradient.par_chunks(rows * columns));
    planes.enumerate().for_each_init(Vec::new, |padded, (index, (result, gradient))| {
        let [padded_rows, padded_columns] = geometry.padded_sides();
        padded.clear();
        padded.resize(padded_rows * padded_columns, 0.0);
        let kernel = geometry.kernel(weight, index);
        geometry.for_each_row(|tap, row, to| {
            let values = gradient[row * columns..][..columns].iter();
            let sums = padded[to..].iter_mut();
            add_scaled(sums, values, kernel[tap], geometry.window.stride, 1);
        });
        geometry.unpad(padded, result);
    });
    result
}

/// Gradient of the weight. Each channel's taps are summed over its planes in the order of the
/// photos, whatever thread takes them, so that a run is the same every time.
pub fn weight_gradient(geometry: &Geometry, gradient: &[f32], input: &[f32]) -> Vec<f32> {
    let [rows, columns] = geometry.output_sides();
    let mut result = vec![0.0; geometry.outputs * geometry.taps()];
    let channels = result.par_chunks_mut(geometry.taps()).enumerate();
    channels.for_each_init(Vec::new, |padded, (channel, result)| {
        for photo in 0..geometry.count {
            let plane = photo * geometry.outputs + channel;
            geometry.pad(&input[plane * geometry.input_plane()..], padded);
            let gradient = &gradient[plane * rows * columns..];
            geometry.for_each_row(|tap, row, from| {
                let gradient = &gradient[row * columns..][..columns];
                result[tap] += dot(gradient, &padded[from..], geometry.window.stride);
            });
        }
    });
    result
}

impl Geometry {
    /// Rows and columns of a plane with its padding.
    fn padded_sides(&self) -> [usize; 2] {
        let padding = self.window.padding.before + self.window.padding.after;
        [self.height + padding, self.width + padding]
    }

    fn kernel<'a>(&self, weight: &'a [f32], plane: usize) -> &'a [f32] {
        &weight[plane % self.outputs * self.taps()..][..self.taps()]
    }

    /// Calls `visit(tap, output row, where that row's first value lies in a padded plane)`.
    fn for_each_row(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let [rows, _] = self.output_sides();
        let [_, padded_columns] = self.padded_sides();
        let kernel = self.window.kernel;
        for row in 0..rows {
            for tap in 0..self.taps() {
                let y = row * self.window.stride + tap / kernel;
                visit(tap, row, y * padded_columns + tap % kernel);
            }
        }
    }

    fn pad(&self, plane: &[f32], padded: &mut Vec<f32>) {
        let [padded_rows, padded_columns] = self.padded_sides();
        padded.clear();
        padded.resize(padded_rows * padded_columns, 0.0);
        let before = self.window.padding.before;
        let rows = padded.chunks_exact_mut(padded_columns).skip(before);
        for (to, from) in rows.zip(plane.chunks_exact(self.width).take(self.height)) {
            to[before..][..self.width].copy_from_slice(from);
        }
    }

    fn unpad(&self, padded: &[f32], plane: &mut [f32]) {
        let [_, padded_columns] = self.padded_sides();
        let before = self.window.padding.before;
        let rows = padded.chunks_exact(padded_columns).skip(before);
        for (to, from) in plane.chunks_exact_mut(self.width).zip(rows) {
            to.copy_from_slice(&from[before..][..self.width]);
        }
    }
}

/// `sums[i · sum_step] += values[i · value_step] · factor`.
#[inline]
fn add_scaled<'a>(
    sums: std::slice::IterMut<'_, f32>,
    values: std::slice::Iter<'a, f32>,
    factor: f32,
    sum_step: usize,
    value_step: usize,
) {
    // Steps of 1 are apart, since only those vectorise.
    if sum_step == 1 && value_step == 1 {
        sums.zip(values).for_each(|(sum, value)| *sum += value * factor);
    } else {
        let pairs = sums.step_by(sum_step).zip(values.step_by(value_step));
        pairs.for_each(|(sum, value)| *sum += value * factor);
    }
}

/// `Σ left[i] · right[i · step]`, in eight partial sums so that it vectorises.
fn dot(left: &[f32], right: &[f32], step: usize) -> f32 {
    const LANES: usize = 8;
    if step > 1 {
        return left.iter().zip(right.iter().step_by(step)).map(|(a, b)| a * b).sum();
    }
    let right = &right[..left.len()];
    let ((left, left_rest), (right, right_rest)) =
        (left.as_chunks::<LANES>(), right.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in left.iter().zip(right) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(a, b)| a * b);
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}
