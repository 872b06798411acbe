//! The same photos through the float network and through the quantised one, node by node.
//!
//! Quantised activations are the real values that codes stand for, so that both networks run on the
//! same float kernels; they are what the integer engine computes up to the rounding of float sums.

use burn::backend::Flex;
use burn::prelude::*;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::graph::{Conv, Graph, IMAGE, Node, TensorId};
use tagsight_core::quant::{Activation, PIXEL_SCALE, RELU6_MAX};
use tagsight_network::Segment;
use tagsight_network::weights::{Weight, Weights};

use super::layer::{FloatLayer, QuantLayer};
use crate::model::{Network, normalised};

/// Photos at a time.
pub(super) const CHUNK: usize = 32;

/// A tensor of all photos, some photos at a time: `[n, channels, height, width]` each.
pub(super) type Chunks = Vec<Tensor<Flex, 4>>;

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
            float[IMAGE].push(normalised(&codes, preprocessing, &Default::default()));
            quantised[IMAGE].push(normalised(&codes, &from_padding, &Default::default()));
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
        sums(self.graph, conv, layer, &self.float)
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
        sums(self.graph, conv, &layer, &self.quantised)
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
    pub(super) fn pool(&mut self, node: &Node, input: TensorId, output: TensorId) {
        for tensors in [&mut self.float, &mut self.quantised] {
            tensors[output] = pooled(self.graph, node, &tensors[input]);
        }
    }

    /// Forgets what no node after number `index` reads.
    pub(super) fn expire(&mut self, index: usize) {
        let later = &self.graph.nodes[index + 1..];
        for tensor in 0..self.graph.tensors.len() {
            if !later.iter().any(|node| node.inputs().any(|input| input == tensor)) {
                self.float[tensor].clear();
                self.quantised[tensor].clear();
            }
        }
    }
}

/// The activation in floats.
pub(super) fn activate(sums: Tensor<Flex, 4>, activation: Activation) -> Tensor<Flex, 4> {
    match activation {
        Activation::Relu => sums.clamp_min(0.0),
        Activation::Relu6 => sums.clamp(0.0, RELU6_MAX),
        Activation::Linear | Activation::Centred => sums,
    }
}

/// The activation as codes express it.
pub(super) fn to_grid(
    sums: Tensor<Flex, 4>,
    activation: Activation,
    scale: f32,
) -> Tensor<Flex, 4> {
    let codes = (sums / scale).clamp(activation.code_min(), activation.code_max());
    codes.round() * scale
}

/// Mean of each channel over photos and pixels; zeros where there are no photos.
pub(super) fn channel_means(chunks: &Chunks, channels: usize) -> Vec<f64> {
    let mut means = vec![0.0; channels];
    let photos: usize = chunks.iter().map(|chunk| chunk.dims()[0]).sum();
    for chunk in chunks {
        let share = chunk.dims()[0] as f64 / photos as f64;
        let of_chunk = chunk.clone().mean_dim(3).mean_dim(2).mean_dim(0).into_data();
        for (mean, value) in means.iter_mut().zip(of_chunk.iter::<f32>()) {
            *mean += share * f64::from(value);
        }
    }
    means
}

/// One value a channel, to be added to activations.
pub(super) fn per_channel(values: Vec<f32>) -> Tensor<Flex, 4> {
    let shape = [1, values.len(), 1, 1];
    Tensor::from_data(TensorData::new(values, shape), &Default::default())
}

/// What the max pool `node` makes of `input`.
pub(super) fn pooled(graph: &Graph, node: &Node, input: &Chunks) -> Chunks {
    let network = single(graph, node.clone(), &Weights::new());
    input.iter().map(|input| network.features(input.clone())).collect()
}

/// What enters the activation of `conv`, the residual included.
pub(super) fn sums(graph: &Graph, conv: &Conv, layer: &FloatLayer, tensors: &[Chunks]) -> Chunks {
    if tensors[conv.input].is_empty() {
        return Chunks::new();
    }
    let linear = Conv { residual: None, activation: Activation::Linear, ..conv.clone() };
    let bias = Weight::new([layer.bias.len()], layer.bias.clone());
    let weights = Weights::from([
        (format!("{}.weight", conv.name), layer.weight.clone()),
        (format!("{}.bias", conv.name), bias),
    ]);
    let network = single(graph, Node::Conv(linear), &weights);
    let add_residual = |(index, input): (usize, &Tensor<Flex, 4>)| {
        let sums = network.features(input.clone());
        match conv.residual {
            Some(residual) => sums + tensors[residual][index].clone(),
            None => sums,
        }
    };
    tensors[conv.input].iter().enumerate().map(add_residual).collect()
}

/// A network of one node.
fn single(graph: &Graph, node: Node, weights: &Weights) -> Network<Flex> {
    let segment = Segment {
        input: node.inputs().next().expect("every node reads something"),
        nodes: vec![node],
        tensors: graph.tensors.clone(),
        classes: graph.classes,
    };
    Network::new(segment, weights, 0.0, &Default::default())
}
