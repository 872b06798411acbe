//! Dense convolution as matrix products: columns of input values under the window, for as many
//! photos at once as fit a bound on memory.

use burn::backend::Flex;
use burn::prelude::*;
use burn::tensor::ops::FloatTensorOps;
use rayon::prelude::*;

use tagsight_network::kernels::Geometry;

use super::processor::{Primitive, floats};

/// Most values of one matrix of columns.
const LARGEST_COLUMNS: usize = 16 << 20;

/// Σ weight · input, without bias: `[n, out, h, w]`.
pub(super) fn forward(geometry: &Geometry, input: &Primitive, weight: &Primitive) -> Vec<f32> {
    let mut sums = vec![0.0; geometry.count * geometry.outputs * geometry.output_plane()];
    let weight = weight_matrix(geometry, weight);
    for chunk in chunks(geometry) {
        let columns = chunk.columns(floats(input));
        let product = Flex::float_matmul(weight.clone(), columns);
        chunk.scatter(floats(&product), &mut sums);
    }
    sums
}

/// Gradients of the input (if `wanted`) and the weight, of the gradient of the sums.
pub(super) fn backward(
    geometry: &Geometry,
    gradient: &Primitive,
    input: &Primitive,
    weight: &Primitive,
    wanted: bool,
) -> (Option<Vec<f32>>, Vec<f32>) {
    let weight = weight_matrix(geometry, weight);
    let weight_transposed = weight.transpose(0, 1);
    let input_len = geometry.count * geometry.inputs * geometry.input_plane();
    let mut of_input = wanted.then(|| vec![0.0; input_len]);
    let mut of_weight = vec![0.0; geometry.outputs * column_len(geometry)];
    for chunk in chunks(geometry) {
        let gathered = chunk.gather(floats(gradient));
        let columns = chunk.columns(floats(input));
        let product = Flex::float_matmul(gathered.clone(), columns.transpose(0, 1));
        let sums = of_weight.par_iter_mut().zip(floats(&product));
        sums.for_each(|(sum, value)| *sum += value);
        if let Some(of_input) = &mut of_input {
            let columns = Flex::float_matmul(weight_transposed.clone(), gathered);
            chunk.fold(floats(&columns), of_input);
        }
    }
    (of_input, of_weight)
}

/// Consecutive photos of a batch.
struct Chunk<'a> {
    geometry: &'a Geometry,
    first: usize,
    count: usize,
}

/// Values under one window.
fn column_len(geometry: &Geometry) -> usize {
    geometry.inputs * geometry.taps()
}

fn weight_matrix(geometry: &Geometry, weight: &Primitive) -> Primitive {
    weight.reshape(Shape::from([geometry.outputs, column_len(geometry)]))
}

fn chunks(geometry: &Geometry) -> impl Iterator<Item = Chunk<'_>> {
    let photo = column_len(geometry) * geometry.output_plane();
    let photos = (LARGEST_COLUMNS / photo).clamp(1, geometry.count.max(1));
    (0..geometry.count).step_by(photos).map(move |first| Chunk {
        geometry,
        first,
        count: photos.min(geometry.count - first),
    })
}

impl Chunk<'_> {
    /// Where photo `photo` of the chunk has channel `channel` among planes of `plane` values.
    fn plane(&self, photo: usize, channels: usize, channel: usize, plane: usize) -> usize {
        ((self.first + photo) * channels + channel) * plane
    }

    /// `[in · k · k, photos · h · w]`: for every output, the input values under its window.
    fn columns(&self, input: &[f32]) -> Primitive {
        let geometry = self.geometry;
        let (plane, output_plane) = (geometry.input_plane(), geometry.output_plane());
        let row_len = self.count * output_plane;
        let mut columns = vec![0.0; column_len(geometry) * row_len];
        columns.par_chunks_mut(row_len).enumerate().for_each(|(row, to)| {
            let (channel, tap) = (row / geometry.taps(), row % geometry.taps());
            for (photo, to) in to.chunks_exact_mut(output_plane).enumerate() {
                let start = self.plane(photo, geometry.inputs, channel, plane);
                take_tap(geometry, tap, &input[start..start + plane], to);
            }
        });
        matrix(columns, row_len)
    }

    /// Adds columns back to where [`Self::columns`] took them from.
    fn fold(&self, columns: &[f32], input: &mut [f32]) {
        let geometry = self.geometry;
        let (plane, output_plane) = (geometry.input_plane(), geometry.output_plane());
        let row_len = self.count * output_plane;
        let start = self.plane(0, geometry.inputs, 0, plane);
        let planes = input[start..][..self.count * geometry.inputs * plane].par_chunks_mut(plane);
        planes.enumerate().for_each(|(index, to)| {
            let (photo, channel) = (index / geometry.inputs, index % geometry.inputs);
            for tap in 0..geometry.taps() {
                let row = channel * geometry.taps() + tap;
                let from = &columns[row * row_len + photo * output_plane..][..output_plane];
                add_tap(geometry, tap, from, to);
            }
        });
    }

    /// `[out, photos · h · w]` to `[photos, out, h, w]`.
    fn scatter(&self, product: &[f32], sums: &mut [f32]) {
        let (outputs, plane) = (self.geometry.outputs, self.geometry.output_plane());
        let start = self.plane(0, outputs, 0, plane);
        let planes = sums[start..][..self.count * outputs * plane].par_chunks_mut(plane);
        planes.enumerate().for_each(|(index, to)| {
            let (photo, output) = (index / outputs, index % outputs);
            to.copy_from_slice(&product[(output * self.count + photo) * plane..][..plane]);
        });
    }

    /// `[photos, out, h, w]` to `[out, photos · h · w]`.
    fn gather(&self, gradient: &[f32]) -> Primitive {
        let (outputs, plane) = (self.geometry.outputs, self.geometry.output_plane());
        let row_len = self.count * plane;
        let mut gathered = vec![0.0; outputs * row_len];
        gathered.par_chunks_mut(row_len).enumerate().for_each(|(output, to)| {
            for (photo, to) in to.chunks_exact_mut(plane).enumerate() {
                let start = self.plane(photo, outputs, output, plane);
                to.copy_from_slice(&gradient[start..start + plane]);
            }
        });
        matrix(gathered, row_len)
    }
}

/// Of each output, the input value under tap `tap` of its window; padding stays zero.
fn take_tap(geometry: &Geometry, tap: usize, input: &[f32], outputs: &mut [f32]) {
    geometry.for_each_tap_row(tap, |output, input_start, len| {
        let outputs = &mut outputs[output..output + len];
        if geometry.window.stride == 1 {
            outputs.copy_from_slice(&input[input_start..input_start + len]);
        } else {
            let values = input[input_start..].iter().step_by(geometry.window.stride);
            outputs.iter_mut().zip(values).for_each(|(to, from)| *to = *from);
        }
    });
}

/// The transpose of [`take_tap`].
fn add_tap(geometry: &Geometry, tap: usize, outputs: &[f32], input: &mut [f32]) {
    geometry.for_each_tap_row(tap, |output, input_start, len| {
        let outputs = &outputs[output..output + len];
        if geometry.window.stride == 1 {
            let input = &mut input[input_start..input_start + len];
            input.iter_mut().zip(outputs).for_each(|(to, from)| *to += from);
        } else {
            let values = input[input_start..].iter_mut().step_by(geometry.window.stride);
            values.zip(outputs).for_each(|(to, from)| *to += from);
        }
    });
}

fn matrix(values: Vec<f32>, columns: usize) -> Primitive {
    let rows = values.len() / columns;
    Primitive::from_data(TensorData::new(values, [rows, columns]))
}
