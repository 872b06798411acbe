//! The engine for processors, WebAssembly included.

use std::convert::Infallible;

use super::memory::Memory;
use super::params::{classifier, conv_params};
use super::run::Run;
use crate::artifact::Artifact;
use crate::graph::{
    Conv, Graph, Groups, IMAGE, Interpreter, MaxPool, PerConv, TensorId, Values, layout,
};
use crate::heatmap::Heatmap;
use crate::kernels::conv::{self, ConvLayer, ConvLayouts};
use crate::kernels::linear::Linear;
use crate::kernels::{Isa, depthwise, pool};
use crate::tensor::{Layout, Tensor};
#[cfg(feature = "threads")]
use crate::threads::Rayon;
use crate::threads::Threads;

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
    layers: PerConv<Box<dyn ConvLayer>>,
    head: Linear,
    quantised_mean: [i8; 3],
    memory: Memory,
    /// Of one photo in flight.
    values: Values<Tensor>,
    sums: Vec<i32>,
    logits: Vec<f32>,
    threads: Threads,
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
        let graph = artifact.graph.clone();
        let layouts = layouts(&graph);
        let scales = artifact.scales();
        let layers = PerConv::try_new(&graph, |conv| {
            let params = conv_params(artifact, conv, &scales);
            let layouts = ConvLayouts {
                input: layouts[conv.input],
                residual: conv.residual.map(|residual| layouts[residual]),
                output: layouts[conv.output],
            };
            let prepare = match conv.groups {
                Groups::One => conv::prepare,
                Groups::Depthwise => depthwise::prepare,
            };
            prepare(isa, params, layouts).ok_or(EngineError::Unavailable(isa.name()))
        })?;
        Ok(Self {
            isa,
            layers,
            head: classifier(artifact, &scales),
            quantised_mean: artifact.metadata.preprocessing.quantised_mean(),
            memory: Memory::new(&graph, layouts),
            values: Values::new(&graph),
            sums: vec![0; graph.features().channels],
            logits: vec![0.0; graph.head().classes],
            threads: Threads::One,
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

    /// Whether a photo's layers are split over the current rayon pool (off at first).
    #[cfg(feature = "threads")]
    pub fn set_parallel(&mut self, parallel: bool) {
        self.threads = if parallel { Rayon.into() } else { Threads::One };
    }

    /// What computes a photo's layers.
    pub fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Has a photo's layers computed by `threads` (at first [`Threads::One`]).
    pub fn set_threads(&mut self, threads: Threads) {
        self.threads = threads;
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
        let mut image = self.memory.take(IMAGE);
        image.fill_halo(&self.quantised_mean);
        image.copy_from_dense(codes);
        let (nodes, head) = (0..self.graph.nodes().len(), self.graph.head().input);
        let mut forward = Forward {
            layers: &self.layers,
            memory: &mut self.memory,
            observer,
            threads: &mut self.threads,
        };
        let features = self.graph.interpret_part(nodes, image, &mut self.values, &mut forward);
        pool::global_sum(&features, &mut self.sums);
        self.head.run(&self.sums, &mut self.logits);
        classified(&features, &self.head);
        self.memory.give_back(head, features);
    }
}

/// One photo's way through the layers.
struct Forward<'a, 'o> {
    layers: &'a PerConv<Box<dyn ConvLayer>>,
    memory: &'a mut Memory,
    observer: &'a mut Observer<'o>,
    threads: &'a mut Threads,
}

impl Interpreter for Forward<'_, '_> {
    type Value = Tensor;

    fn conv(&mut self, conv: &Conv, input: &Tensor, residual: Option<&Tensor>) -> Tensor {
        let mut output = self.memory.take(conv.output);
        self.layers[conv].run(input, residual, &mut output, self.threads);
        (self.observer)(&conv.name, &output);
        output
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Tensor) -> Tensor {
        let mut output = self.memory.take(pool.output);
        pool::max_pool(pool.window, input, &mut output);
        (self.observer)(&pool.name, &output);
        output
    }

    fn release(&mut self, tensor: TensorId, value: Tensor) {
        self.memory.give_back(tensor, value);
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
    let layout = |tensor| layout(graph, tensor).expect("a graph's tensors are bounded");
    (0..graph.tensors()).map(layout).collect()
}
