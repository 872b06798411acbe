//! The same photos through the float network and through the quantised one, node by node.
//!
//! Quantised activations are the real values that codes stand for, so that both networks run on the
//! same float kernels; they are what the integer engine computes up to the rounding of float sums.

use tagsight_core::artifact::Preprocessing;
use tagsight_core::graph::{Conv, Graph, IMAGE, TensorId, Window};
use tagsight_core::quant::{Activation, PIXEL_SCALE};

use super::float::{Batch, CHUNK, activate, convolved, max_pool, photos, reads_later};
use super::layer::{FloatLayer, QuantLayer};

/// A tensor of all photos, some photos at a time.
pub(super) type Chunks = Vec<Batch>;

/// What both networks made of the photos so far.
pub(super) struct Walk<'a> {
    graph: &'a Graph,
    padding: [f32; 3],
    float: Vec<Chunks>,
    quantised: Vec<Chunks>,
}

impl<'a> Walk<'a> {
    /// At the image. Without images nothing is computed and every mean is 0.
    pub(super) fn new(graph: &'a Graph, images: &[Vec<i8>], preprocessing: &Preprocessing) -> Self {
        let mut float = vec![Chunks::new(); graph.tensors.len()];
        let mut quantised = float.clone();
        let padding = preprocessing.padding_codes().map(|code| f32::from(code) * PIXEL_SCALE);
        // Pixels less what pads them, so that zero padding is right.
        let from_padding = Preprocessing { mean: padding, std: [1.0; 3], ..preprocessing.clone() };
        for chunk in images.chunks(CHUNK) {
            let codes = chunk.concat();
            float[IMAGE].push(Batch::of_images(&codes, preprocessing));
            quantised[IMAGE].push(Batch::of_images(&codes, &from_padding));
        }
        Self { graph, padding, float, quantised }
    }

    /// The float network's activations.
    pub(super) fn float(&self, tensor: TensorId) -> &Chunks {
        &self.float[tensor]
    }

    /// The quantised network's activations.
    pub(super) fn quantised(&self, tensor: TensorId) -> &Chunks {
        &self.quantised[tensor]
    }

    /// What enters the activation in the float network.
    pub(super) fn float_sums(&self, conv: &Conv, layer: &FloatLayer) -> Chunks {
        sums(conv, layer, &self.float)
    }

    /// What enters the activation in the quantised network.
    pub(super) fn quantised_sums(&self, conv: &Conv, layer: &QuantLayer) -> Chunks {
        let mut layer = layer.dequantised();
        if conv.input == IMAGE {
            let taps = layer.weight.values.len() / layer.bias.len();
            let kernels = layer.weight.values.chunks_exact(taps);
            for (bias, kernel) in layer.bias.iter_mut().zip(kernels) {
                let channels = kernel.chunks_exact(taps / self.padding.len());
                let padded =
                    channels.zip(self.padding).map(|(taps, p)| taps.iter().sum::<f32>() * p);
                *bias += padded.sum::<f32>();
            }
        }
        sums(conv, &layer, &self.quantised)
    }

    /// Finishes a convolution: activations of both networks, the quantised one's on its grid.
    pub(super) fn finish_conv(
        &mut self,
        conv: &Conv,
        float: Chunks,
        quantised: Chunks,
        scale: f32,
    ) {
        let activated = float.into_iter().map(|sums| activate(sums, conv.activation));
        self.float[conv.output] = activated.collect();
        let rounded = quantised.into_iter().map(|sums| to_grid(sums, conv.activation, scale));
        self.quantised[conv.output] = rounded.collect();
    }

    /// Runs a pool in both networks.
    pub(super) fn pool(&mut self, window: Window, input: TensorId, output: TensorId) {
        for tensors in [&mut self.float, &mut self.quantised] {
            tensors[output] = pooled(window, &tensors[input]);
        }
    }

    /// Forgets what no node after number `index` reads.
    pub(super) fn expire(&mut self, index: usize) {
        for tensor in 0..self.graph.tensors.len() {
            if !reads_later(self.graph, index, tensor) {
                self.float[tensor].clear();
                self.quantised[tensor].clear();
            }
        }
    }
}

/// The activation as codes express it.
pub(super) fn to_grid(sums: Batch, activation: Activation, scale: f32) -> Batch {
    let (least, most) = (activation.code_min() as f32, activation.code_max() as f32);
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
pub(super) fn sums(conv: &Conv, layer: &FloatLayer, tensors: &[Chunks]) -> Chunks {
    let add_residual = |(index, input): (usize, &Batch)| {
        let sums = convolved(conv, input, &layer.weight.values, &layer.bias);
        match conv.residual {
            Some(residual) => sums.plus(&tensors[residual][index]),
            None => sums,
        }
    };
    tensors[conv.input].iter().enumerate().map(add_residual).collect()
}
