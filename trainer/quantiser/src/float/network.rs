//! A network of floats whose batch norms are folded.

use tagsight_core::Preprocessing;
use tagsight_core::graph::{Conv, Graph, Groups, Interpreter, MaxPool};
use tagsight_core::quant::{Activation, RELU6_MAX};
use tagsight_network::Spec;
use tagsight_network::kernels::{Geometry, depthwise};
use tagsight_network::weights::Weights;

use super::batch::Batch;
use super::dense;
use super::pool::max_pool;
use super::product::{Matrix, Order, product};

/// Photos at a time.
pub(crate) const CHUNK: usize = 32;

/// A whole network, ready to run.
#[derive(Debug, Clone)]
pub struct FloatNetwork<'a> {
    graph: &'a Graph,
    preprocessing: &'a Preprocessing,
    folded: &'a Weights,
}

impl<'a> FloatNetwork<'a> {
    /// The network that `spec` describes, with weights whose batch norms are folded.
    pub fn new(spec: &'a Spec, folded: &'a Weights) -> Self {
        Self { graph: &spec.graph, preprocessing: &spec.preprocessing, folded }
    }

    /// Its layers.
    pub(crate) fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// Logits of images (7-bit codes, HWC), image by image.
    ///
    /// # Panics
    /// If a weight is absent, or an image has another size than the network's.
    pub fn logits(&self, images: &[Vec<i8>]) -> Vec<f32> {
        let of_chunk = |chunk: &[Vec<i8>]| self.classify(&self.features(chunk, &mut |_, _| {}));
        images.chunks(CHUNK).flat_map(of_chunk).collect()
    }

    /// What the last convolution or pool makes of some images, showing every convolution's name and
    /// output after its activation.
    pub(crate) fn features(
        &self,
        images: &[Vec<i8>],
        observe: &mut dyn FnMut(&str, &Batch),
    ) -> Batch {
        let image = Batch::of_images(&images.concat(), self.preprocessing);
        self.graph.interpret(image, &mut Forward { network: self, observe })
    }

    /// Logits of the last features: global average pool, and classifier.
    pub(crate) fn classify(&self, features: &Batch) -> Vec<f32> {
        let name = &self.graph.head().name;
        classified(features, self.weight(name, "weight"), self.weight(name, "bias"))
    }

    fn conv(&self, conv: &Conv, input: &Batch, residual: Option<&Batch>) -> Batch {
        let [weight, bias] = ["weight", "bias"].map(|field| self.weight(&conv.name, field));
        let sums = convolved(conv, input, weight, bias);
        let sums = match residual {
            Some(residual) => sums.plus(residual),
            None => sums,
        };
        activate(sums, conv.activation)
    }

    fn weight(&self, layer: &str, field: &str) -> &[f32] {
        &self.folded[&format!("{layer}.{field}")].values
    }
}

/// Some images' way through a network.
struct Forward<'a, 'n> {
    network: &'a FloatNetwork<'n>,
    observe: &'a mut dyn FnMut(&str, &Batch),
}

impl Interpreter for Forward<'_, '_> {
    type Value = Batch;

    fn conv(&mut self, conv: &Conv, input: &Batch, residual: Option<&Batch>) -> Batch {
        let value = self.network.conv(conv, input, residual);
        (self.observe)(&conv.name, &value);
        value
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Batch) -> Batch {
        max_pool(pool.window, input)
    }
}

/// Logits of features: global average pool, and the classifier of these weights.
pub(crate) fn classified(features: &Batch, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let means = features.plane_means();
    let mut logits = product(
        Matrix::new(&means, features.photos(), Order::Rows),
        Matrix::new(weight, features.channels(), Order::Columns),
    );
    for row in logits.chunks_exact_mut(bias.len()) {
        row.iter_mut().zip(bias).for_each(|(logit, bias)| *logit += bias);
    }
    logits
}

/// What `conv` sums up, bias included, before a residual and its activation.
pub(crate) fn convolved(conv: &Conv, input: &Batch, weight: &[f32], bias: &[f32]) -> Batch {
    let [count, inputs, height, width] = input.dims;
    let outputs = bias.len();
    let geometry = Geometry { count, inputs, outputs, height, width, window: conv.window };
    let mut values = match conv.groups {
        Groups::One => dense::forward(&geometry, &input.values, weight),
        Groups::Depthwise => depthwise::forward(&geometry, &input.values, weight),
    };
    geometry.finish(&mut values, bias, Activation::Linear);
    let [rows, columns] = geometry.output_sides();
    Batch { dims: [count, outputs, rows, columns], values }
}

/// The activation in floats.
pub(crate) fn activate(sums: Batch, activation: Activation) -> Batch {
    match activation {
        Activation::Relu => sums.map(|sum| sum.max(0.0)),
        Activation::Relu6 => sums.map(|sum| sum.clamp(0.0, RELU6_MAX)),
        Activation::Linear | Activation::Asymmetric => sums,
    }
}
