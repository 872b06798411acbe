//! Inputs and wanted outputs of one layer at sampled positions: what its rounding is fitted to.

use rand::seq::index;
use rand_chacha::ChaCha12Rng;
use tagsight_core::graph::{Conv, Window};

use super::float::{Batch, photos};
use super::walk::Pair;

/// One row a position of the layer's output.
pub(super) struct Samples {
    /// Number of rows.
    pub(super) rows: usize,
    /// What the quantised network has under the kernel, `[rows, in · kh · kw]`.
    pub(super) inputs: Vec<f32>,
    /// What joins the products: the quantised network's residual, if there is one, `[rows, out]`.
    pub(super) residual: Option<Vec<f32>>,
    /// What enters the activation in the float network, `[rows, out]`.
    pub(super) targets: Vec<f32>,
}

/// A pixel of a layer's output on one photo.
#[derive(Clone, Copy)]
struct Position {
    photo: usize,
    y: usize,
    x: usize,
}

/// The one pixel that an output stands at.
const PIXEL: Window = Window::pointwise(1);

impl Samples {
    /// About `wanted` rows of the convolution `conv`, as many from every photo.
    pub(super) fn draw(
        conv: &Conv,
        float_sums: &[Batch],
        input: &Pair,
        residual: Option<&Pair>,
        wanted: usize,
        rng: &mut ChaCha12Rng,
    ) -> Self {
        let positions = positions(float_sums, wanted, rng);
        let residual = residual.map(|residual| &residual.quantised);
        Self {
            rows: positions.len(),
            inputs: gather(&input.quantised, &positions, conv.window),
            residual: residual.map(|chunks| gather(chunks, &positions, PIXEL)),
            targets: gather(float_sums, &positions, PIXEL),
        }
    }
}

/// Random positions, photo by photo.
fn positions(outputs: &[Batch], wanted: usize, rng: &mut ChaCha12Rng) -> Vec<Position> {
    let photos = photos(outputs);
    let [.., height, width] = outputs[0].dims;
    let from_each = wanted.div_ceil(photos).min(height * width);
    let of_photo = |photo: usize| {
        let places = index::sample(rng, height * width, from_each);
        places.into_iter().map(move |place| Position { photo, y: place / width, x: place % width })
    };
    (0..photos).flat_map(of_photo).collect()
}

/// What lies under the window of each position, channel by channel, zeros outside.
fn gather(chunks: &[Batch], positions: &[Position], window: Window) -> Vec<f32> {
    let mut gathered = Vec::new();
    let mut first_photo = 0;
    for chunk in chunks {
        let [photos, channels, height, width] = chunk.dims;
        let is_here =
            |position: &&Position| (first_photo..first_photo + photos).contains(&position.photo);
        for &Position { photo, y, x } in positions.iter().filter(is_here) {
            for channel in 0..channels {
                let plane = ((photo - first_photo) * channels + channel) * height * width;
                for tap in 0..window.kernel * window.kernel {
                    // Left of or above the image these wrap to huge numbers, which are outside.
                    let from = |at: usize, tap: usize| {
                        (at * window.stride + tap).wrapping_sub(window.padding.before)
                    };
                    let (y, x) = (from(y, tap / window.kernel), from(x, tap % window.kernel));
                    let is_inside = y < height && x < width;
                    let value = if is_inside { chunk.values[plane + y * width + x] } else { 0.0 };
                    gathered.push(value);
                }
            }
        }
        first_photo += photos;
    }
    gathered
}
