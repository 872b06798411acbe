//! The engine for processors, WebAssembly included.

use std::convert::Infallible;

use super::arena::Arena;
use super::params::{classifier, conv_params};
use super::run::Run;
use crate::artifact::Artifact;
use crate::graph::{Graph, IMAGE, Mixing, Node, TensorId};
use crate::heatmap::Heatmap;
use crate::kernels::conv::{self, ConvLayer, ConvLayouts};
use crate::kernels::linear::Linear;
use crate::kernels::{Isa, depthwise, pool};
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
        let head = classifier(&graph, artifact, &scales);
        Ok(Self {
            isa,
            layers,
            head,
            padding_codes: artifact.metadata.preprocessing.padding_codes(),
            arena: Arena::new(&graph, layouts),
            sums: vec![0; graph.tensors[pooled].channels],
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
        self.run(codes, observer, |_, _| {});
        &self.logits
    }

    /// [`Self::logits`], and what each place of the image adds to those of `classes`.
    ///
    /// # Panics
    /// If `codes` has another length, or there is no such class.
    pub fn logits_explained(&mut self, codes: &[i8], classes: &[usize]) -> (&[f32], Vec<Heatmap>) {
        let mut maps = Vec::new();
        self.run(codes, &mut |_, _| {}, |features, head| {
            maps.extend(classes.iter().map(|&class| Heatmap::new(features, head.row(class))));
        });
        (&self.logits, maps)
    }

    /// Computes the logits. `classified` sees what is classified, and the classifier.
    fn run(
        &mut self,
        codes: &[i8],
        observer: &mut Observer<'_>,
        mut classified: impl FnMut(&Tensor, &Linear),
    ) {
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
                    let features = self.arena.get(*input);
                    pool::global_sum(features, &mut self.sums);
                    self.head.run(&self.sums, &mut self.logits);
                    classified(features, &self.head);
                }
            }
            self.arena.expire(index);
        }
    }
}

/// One image at a time, in the call.
impl Run for Engine {
    type Error = Infallible;

    fn capacity(&self) -> usize {
        1
    }

    fn start(
        &mut self,
        images: &[&[i8]],
        mut logits: Vec<f32>,
    ) -> impl Future<Output = Result<Vec<f32>, Infallible>> + use<> {
        let [image] = images else { panic!("one image, and not {}", images.len()) };
        logits.clear();
        logits.extend_from_slice(self.logits(image));
        std::future::ready(Ok(logits))
    }
}

fn layouts(graph: &Graph) -> Vec<Layout> {
    let layout = |(id, shape): (TensorId, &crate::graph::Shape)| {
        let make = if id == IMAGE { Layout::dense } else { Layout::padded };
        make(shape.height, shape.width, shape.channels, graph.halo(id))
    };
    graph.tensors.iter().enumerate().map(layout).collect()
}
