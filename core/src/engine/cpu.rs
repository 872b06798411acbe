//! The engine for processors, WebAssembly included.

use super::arena::Arena;
use crate::artifact::{Artifact, QuantConv};
use crate::graph::{Conv, Graph, IMAGE, Node, TensorId};
use crate::kernels::conv::{self, ConvLayer, ConvLayouts, ConvParams};
use crate::kernels::linear::Linear;
use crate::kernels::{Isa, pool};
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
            let params = conv_params(node, &artifact.convs[&node.name], &scales);
            let layouts = ConvLayouts {
                input: layouts[node.input],
                residual: node.residual.map(|residual| layouts[residual]),
                output: layouts[node.output],
            };
            conv::prepare(isa, params, layouts).ok_or(EngineError::Unavailable(isa.name()))
        });
        let layers = layers.collect::<Result<_, _>>()?;
        let features = *graph.tensors.last().expect("a graph has its image");
        let pooled_scale =
            scales.last().expect("as above") / (features.height * features.width) as f32;
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
fn conv_params(node: &Conv, stored: &QuantConv, scales: &[f32]) -> ConvParams {
    let input_scale = scales[node.input];
    let weight_scales = stored.weight_scale.iter();
    let multiplier = weight_scales
        .clone()
        .map(|&scale| quant::multiplier(input_scale, scale, stored.output_scale))
        .collect();
    let residual_multiplier = match node.residual {
        None => Vec::new(),
        Some(residual) => weight_scales
            .map(|&scale| quant::residual_multiplier(scales[residual], input_scale, scale))
            .map(|multiplier| multiplier.expect("validated when read"))
            .collect(),
    };
    ConvParams {
        window: node.window,
        weight: stored.weight.clone(),
        bias: stored.bias.clone(),
        multiplier,
        residual_multiplier,
        activation: node.activation,
    }
}
