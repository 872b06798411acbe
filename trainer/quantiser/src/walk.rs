//! The same photos through the float network and through the quantised one, node by node.
//!
//! Quantised activations are the real values that codes stand for, so that both networks run on the
//! same float kernels; they are what the integer engine computes up to the rounding of float sums.

use tagsight_core::Preprocessing;
use tagsight_core::graph::{Conv, IMAGE, Window};
use tagsight_core::quant::PIXEL_SCALE;

use super::float::{Batch, CHUNK, activate, convolved, max_pool, photos};
use super::layer::FloatLayer;
use super::precision::Grid;

/// A tensor of all photos, some photos at a time.
pub(super) type Chunks = Vec<Batch>;

/// A tensor of all photos in both networks.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// The float network's activations.
    pub(super) float: Chunks,
    /// The quantised network's activations.
    pub(super) quantised: Chunks,
    /// What those are rounded to; none if they are not.
    pub(super) grid: Option<Grid>,
}

impl Pair {
    /// The photos themselves. Without any nothing is computed and every mean is 0.
    pub(super) fn of_images(images: &[Vec<i8>], preprocessing: &Preprocessing) -> Self {
        let chunks = images.chunks(CHUNK);
        let float = chunks.map(|chunk| Batch::of_images(&chunk.concat(), preprocessing)).collect();
        let quantised = pixels(images, preprocessing);
        Self { float, quantised, grid: Some(Grid::PIXELS) }
    }

    /// Of what enters the activation of `conv` in both networks, the quantised one's on its grid.
    pub(super) fn activated(
        conv: &Conv,
        float: Chunks,
        quantised: Chunks,
        grid: Option<Grid>,
    ) -> Self {
        let activated = float.into_iter().map(|sums| activate(sums, conv.activation));
        Self { float: activated.collect(), quantised: rounded(conv, quantised, grid), grid }
    }

    /// What a max pool makes of it.
    pub(super) fn pooled(&self, window: Window) -> Self {
        let [float, quantised] = [&self.float, &self.quantised].map(|input| pooled(window, input));
        Self { float, quantised, grid: self.grid }
    }
}

/// The photos as the quantised network takes them: pixels less what pads them, so that zero padding is
/// right.
pub(super) fn pixels(images: &[Vec<i8>], preprocessing: &Preprocessing) -> Chunks {
    let mean = padding(preprocessing);
    let from_padding = Preprocessing { mean, std: [1.0; 3], ..preprocessing.clone() };
    let chunks = images.chunks(CHUNK);
    chunks.map(|chunk| Batch::of_images(&chunk.concat(), &from_padding)).collect()
}

/// What becomes of the sums of `conv` in the quantised network.
pub(super) fn rounded(conv: &Conv, sums: Chunks, grid: Option<Grid>) -> Chunks {
    let round = |sums| match grid {
        Some(grid) => to_grid(sums, grid),
        None => activate(sums, conv.activation),
    };
    sums.into_iter().map(round).collect()
}

/// What enters the activation of `conv` in the quantised network, whose weights `layer` has.
pub(super) fn quantised_sums(
    conv: &Conv,
    mut layer: FloatLayer,
    preprocessing: &Preprocessing,
    input: &Chunks,
    residual: Option<&Chunks>,
) -> Chunks {
    if conv.input == IMAGE {
        let padding = padding(preprocessing);
        let taps = layer.weight.values.len() / layer.bias.len();
        let kernels = layer.weight.values.chunks_exact(taps);
        for (bias, kernel) in layer.bias.iter_mut().zip(kernels) {
            let channels = kernel.chunks_exact(taps / padding.len());
            let padded = channels.zip(padding).map(|(taps, p)| taps.iter().sum::<f32>() * p);
            *bias += padded.sum::<f32>();
        }
    }
    sums(conv, &layer, input, residual)
}

/// What the image is padded with.
fn padding(preprocessing: &Preprocessing) -> [f32; 3] {
    preprocessing.quantised_mean().map(|code| f32::from(code) * PIXEL_SCALE)
}

/// The activation as codes express it.
pub(super) fn to_grid(sums: Batch, grid: Grid) -> Batch {
    let Grid { least, most, scale } = grid;
    sums.map(|sum| (sum / scale).clamp(least, most).round_ties_even() * scale)
}

/// Mean of each channel over photos and pixels; zeros where there are no photos.
pub(super) fn channel_means(chunks: &[Batch], channels: usize) -> Vec<f64> {
    let mut means = vec![0.0; channels];
    let photos = photos(chunks);
    for chunk in chunks {
        let share = chunk.photos() as f64 / photos as f64;
        for (mean, value) in means.iter_mut().zip(chunk.channel_means()) {
            *mean += share * f64::from(value);
        }
    }
    means
}

/// What a max pool makes of `input`.
pub(super) fn pooled(window: Window, input: &[Batch]) -> Chunks {
    input.iter().map(|input| max_pool(window, input)).collect()
}

/// What enters the activation of `conv`, the residual included.
pub(super) fn sums(
    conv: &Conv,
    layer: &FloatLayer,
    input: &Chunks,
    residual: Option<&Chunks>,
) -> Chunks {
    let add_residual = |(index, input): (usize, &Batch)| {
        let sums = convolved(conv, input, &layer.weight.values, &layer.bias);
        match residual {
            Some(residual) => sums.plus(&residual[index]),
            None => sums,
        }
    };
    input.iter().enumerate().map(add_residual).collect()
}
