//! The engine for processors, WebAssembly included.

use super::arena::Arena;
use crate::artifact::{Artifact, QuantConv};
use crate::graph::{Conv, Graph, IMAGE, Mixing, Node, Padding, TensorId};
use crate::kernels::conv::{self, ConvLayer, ConvLayouts, ConvParams};
use crate::kernels::linear::Linear;
use crate::kernels::{Isa, depthwise, pool};
use crate::quant;
use crate::tensor::{Layout, Tensor};

/// Why an engine could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The processor lacks it, or it was not compiled in.
    #[error("this machine or build does not run the engine {0}; choose another")]
    Unavailable(&'static str),
}

/// A network, packed for one instruction set, with the memory for one photo.
#[derive(Debug)]
pub struct Engine {
    isa: Isa,
    graph: Graph,
    /// One a convolution, in the graph's order.
    layers: Vec<Box<dyn ConvLayer>>,
    head: Linear,
    padding_codes: [i8; 3],
    arena: Arena,
    sums: Vec<i32>,
    logits: Vec<f32>,
    parallel: bool,
}

/// Sees every layer's name and output; for tests and analysis.
pub type Observer<'a> = dyn FnMut(&str, &Tensor) + 'a;

impl Engine {
    /// Packs an artifact's weights for `isa`.
    ///
    /// # Errors
    /// If this machine does not run `isa`.
    ///
    /// # Panics
    /// If the artifact was changed after it was read, so that it no longer is valid.
    pub fn new(artifact: &Artifact, isa: Isa) -> Result<Self, EngineError> {
        let graph = artifact.graph();
        let layouts = layouts(&graph);
        let scales = artifact.scales(&graph);
        let layers = graph.convs().map(|node| {
            let params = conv_params(&graph, node, &artifact.convs[&node.name], &scales);
            let layouts = ConvLayouts {
                input: layouts[node.input],
                residual: node.residual.map(|residual| layouts[residual]),
                output: layouts[node.output],
            };
            let prepare = match node.mixing {
                Mixing::Dense => conv::prepare,
                Mixing::Depthwise => depthwise::prepare,
            };
            prepare(isa, params, layouts).ok_or(EngineError::Unavailable(isa.name()))
        });
        let layers = layers.collect::<Result<_, _>>()?;
        let (_, pooled) = graph.classifier();
        let features = graph.tensors[pooled];
        let pooled_scale = scales[pooled] / (features.height * features.width) as f32;
        let head = Linear {
            weight: artifact.head.weight.clone(),
            bias: artifact.head.bias.clone(),
            scale: artifact.head.weight_scale.iter().map(|scale| scale * pooled_scale).collect(),
        };
        Ok(Self {
            isa,
            layers,
            head,
            padding_codes: artifact.metadata.preprocessing.padding_codes(),
            arena: Arena::new(&graph, layouts),
            sums: vec![0; features.channels],
            logits: vec![0.0; graph.classes],
            parallel: false,
            graph,
        })
    }

    /// The instruction set that it runs on.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// The layers.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Whether a photo's layers are split over the current rayon pool (off at first); without
    /// the crate's feature `threads` it has no effect.
    pub fn set_parallel(&mut self, parallel: bool) {
        self.parallel = parallel;
    }

    /// Logits of one image of 7-bit codes, HWC, `side · side · 3` long.
    ///
    /// # Panics
    /// If `codes` has another length.
    pub fn logits(&mut self, codes: &[i8]) -> &[f32] {
        self.logits_observed(codes, &mut |_, _| {})
    }

    /// [`Self::logits`], showing `observer` every convolution's and pool's output.
    ///
    /// # Panics
    /// If `codes` has another length.
    pub fn logits_observed(&mut self, codes: &[i8], observer: &mut Observer<'_>) -> &[f32] {
        let mut image = self.arena.take(IMAGE);
        image.fill_halo(&self.padding_codes);
        image.copy_from_dense(codes);
        self.arena.put(IMAGE, image);
        let mut layers = self.layers.iter();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            match node {
                Node::Conv(conv) => {
                    let layer = layers.next().expect("one layer a convolution");
                    let mut output = self.arena.take(conv.output);
                    let residual = conv.residual.map(|residual| self.arena.get(residual));
                    let input = self.arena.get(conv.input);
                    layer.run(input, residual, &mut output, self.parallel);
                    observer(&conv.name, &output);
                    self.arena.put(conv.output, output);
                }
                Node::MaxPool { window, input, output } => {
                    let mut pooled = self.arena.take(*output);
                    pool::max_pool(*window, self.arena.get(*input), &mut pooled);
                    observer("maxpool", &pooled);
                    self.arena.put(*output, pooled);
                }
                Node::Head { input, .. } => {
                    pool::global_sum(self.arena.get(*input), &mut self.sums);
                    self.head.run(&self.sums, &mut self.logits);
                }
            }
            self.arena.expire(index);
        }
        &self.logits
    }
}

fn layouts(graph: &Graph) -> Vec<Layout> {
    let layout = |(id, shape): (TensorId, &crate::graph::Shape)| {
        let make = if id == IMAGE { Layout::dense } else { Layout::padded };
        make(shape.height, shape.width, shape.channels, graph.halo(id))
    };
    graph.tensors.iter().enumerate().map(layout).collect()
}

/// A layer's stored scales as the multipliers that kernels use.
fn conv_params(graph: &Graph, node: &Conv, stored: &QuantConv, scales: &[f32]) -> ConvParams {
    let input_scale = scales[node.input];
    let weight_scales = stored.weight_scale.iter();
    let multiplier = weight_scales
        .clone()
        .map(|&scale| quant::multiplier(input_scale, scale, stored.output_scale))
        .collect();
    let residual_multiplier: Vec<i32> = match node.residual {
        None => Vec::new(),
        Some(residual) => weight_scales
            .map(|&scale| quant::residual_multiplier(scales[residual], input_scale, scale))
            .map(|multiplier| multiplier.expect("validated when read"))
            .collect(),
    };
    let mut bias = stored.bias.clone();
    fold_zero_points(graph, node, &stored.weight, &residual_multiplier, &mut bias);
    ConvParams {
        window: node.window,
        weight: stored.weight.clone(),
        bias,
        multiplier,
        residual_multiplier,
        activation: node.activation,
    }
}

/// Takes from the biases what the zero points of input and residual add to the sums, so that
/// kernels need not know of them.
fn fold_zero_points(
    graph: &Graph,
    node: &Conv,
    weight: &[i8],
    residual_multiplier: &[i32],
    bias: &mut [i32],
) {
    let input = graph.zero_point(node.input);
    assert!(input == 0 || node.window.padding == Padding::even(0), "what pads is 0");
    let taps = weight.len() / bias.len();
    for (bias, weights) in bias.iter_mut().zip(weight.chunks_exact(taps)) {
        *bias -= quant::zero_point_share(weights, input);
    }
    let residual = node.residual.map_or(0, |residual| graph.zero_point(residual));
    for (bias, multiplier) in bias.iter_mut().zip(residual_multiplier) {
        *bias -= residual * multiplier;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Architecture;
    use crate::quant::{Activation, CENTRE};

    /// `bias' + Σ w·code + R·code_r` must be `bias + Σ w·(code − 64) + R·(code_r − 64)`.
    #[test]
    fn zero_points_of_input_and_residual_fold_into_the_bias() {
        let graph = Architecture::MobileNetV2.graph(64, 2);
        let node = graph.convs().find(|conv| conv.name == "features.3.conv.0.0").unwrap();
        assert_eq!((graph.zero_point(node.input), node.residual), (CENTRE, None));
        let mut bias = [100, -7];
        fold_zero_points(&graph, node, &[1, -3, 5, 127, 127, -1], &[], &mut bias);
        assert_eq!(bias, [100 - 64 * 3, -7 - 64 * 253]);
        let node = graph.convs().find(|conv| conv.name == "features.3.conv.2").unwrap();
        assert_eq!((node.activation, graph.zero_point(node.input)), (Activation::Centred, 0));
        let mut bias = [100, -7];
        fold_zero_points(&graph, node, &[1; 6], &[10, 20], &mut bias);
        assert_eq!(bias, [100 - 640, -7 - 1280]);
    }
}
