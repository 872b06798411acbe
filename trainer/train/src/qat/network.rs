//! The fake-quantised network of a segment.

use std::collections::BTreeMap;

use burn::backend::Flex;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig};
use burn::prelude::*;
use tagsight_core::artifact::{Artifact, QuantConv};
use tagsight_core::graph::{Conv, Graph, IMAGE, Interpreter, MaxPool, PerConv};
use tagsight_core::quant::PIXEL_SCALE;
use tagsight_network::weights::Weights;
use tagsight_network::{Segment, Spec};

use super::config::QatConfig;
use super::image::Image;
use super::layer::{OUTPUT_STEP, QatClassifier, QatConv, Quantised, WEIGHT_STEP};
use super::step;
use crate::model::{Classifier, Observer, max_pool};

/// A segment whose weights and activations are rounded to codes.
#[derive(Module, Debug)]
pub struct QatNetwork<B: Backend> {
    /// One a convolution, in the segment's order.
    convs: Vec<QatConv<B>>,
    /// The classifier, if the segment has it.
    classifier: Option<QatClassifier<B>>,
    /// Before the classifier, while training.
    dropout: Dropout,
    #[module(skip)]
    segment: Segment,
    #[module(skip)]
    input: Input,
}

/// What comes in from outside.
#[derive(Debug, Clone)]
enum Input {
    /// Normalised pixels.
    Image(Image),
    /// Values that are multiples of this step, as the segment before gives them.
    Features(f32),
}

/// A segment with all that its networks have in common.
#[derive(Debug, Clone)]
pub struct QatSegment {
    segment: Segment,
    config: QatConfig,
    input: Input,
}

impl QatSegment {
    /// A `segment` of the network that `spec` describes. `weights` are the whole network's, as
    /// the step of what comes in belongs to the segment before.
    ///
    /// # Panics
    /// If that step is absent.
    pub fn new(segment: Segment, spec: &Spec, config: &QatConfig, weights: &Weights) -> Self {
        let input = match spec.graph.activated_by(segment.input()) {
            None => Input::Image(Image::new(&spec.preprocessing)),
            Some(conv) => {
                let before = QatConv::<Flex>::new(conv, weights, config, &Default::default());
                Input::Features(before.output_step(conv.activation, 1).into_scalar())
            }
        };
        Self { segment, config: config.clone(), input }
    }

    /// The network with the weights and steps that bear its layers' names.
    ///
    /// # Panics
    /// If one is absent.
    pub fn network<B: Backend>(
        &self,
        weights: &Weights,
        dropout: f64,
        device: &B::Device,
    ) -> QatNetwork<B> {
        let Self { segment, config, input } = self.clone();
        let conv = |conv| QatConv::new(conv, weights, &config, device);
        let convs = segment.convs().map(conv).collect();
        let head = segment.head();
        let classifier = head.map(|head| QatClassifier::new(&head.name, weights, &config, device));
        let dropout = DropoutConfig::new(dropout).init();
        QatNetwork { convs, classifier, dropout, segment, input }
    }
}

impl<B: Backend> QatNetwork<B> {
    /// [`Classifier::features`], showing every convolution's output: codes less their zero point.
    pub fn features_observed(
        &self,
        input: Tensor<B, 4>,
        observe: &mut Observer<'_, B>,
    ) -> Tensor<B, 4> {
        let Quantised { codes, step } = self.quantised_features(input, observe);
        codes * step.reshape([1, 1, 1, 1])
    }

    fn quantised_features(
        &self,
        input: Tensor<B, 4>,
        observe: &mut Observer<'_, B>,
    ) -> Quantised<B> {
        let (image, input) = self.quantised_input(input);
        self.segment.run(input, &mut Forward { network: self, image, observe })
    }

    fn quantised_input(&self, input: Tensor<B, 4>) -> (Option<&Image>, Quantised<B>) {
        let device = input.device();
        let step = |value: f32| Tensor::from_floats([value], &device);
        match &self.input {
            Input::Image(image) => {
                let input = Quantised { codes: image.codes(input), step: step(PIXEL_SCALE) };
                (Some(image), input)
            }
            Input::Features(value) => {
                // Features are kept in half precision, and blended by mixup.
                let codes = (input / *value).round();
                (None, Quantised { codes, step: step(*value) })
            }
        }
    }

    /// The integers that the network computes with, as an artifact; scores stay uncalibrated and
    /// thresholds at a half, see [`fit_scores`](tagsight_quantiser::scores::fit_scores).
    ///
    /// # Panics
    /// If the segment is not the whole network.
    pub(super) fn export(&self, spec: &Spec, device: &B::Device) -> Artifact {
        let graph = &spec.graph;
        let Input::Image(image) = &self.input else { panic!("only a whole network is exported") };
        let pixel = Tensor::<B, 1>::from_floats([PIXEL_SCALE], device);
        let mut export = Export { network: self, image, convs: Vec::new() };
        let step = graph.interpret(pixel, &mut export);
        let classifier = self.classifier.as_ref().expect("a whole network has one");
        let shape = graph.features();
        Artifact {
            metadata: spec.uncalibrated(),
            convs: PerConv::new(graph, export.convs),
            head: classifier.export(&(step / (shape.height * shape.width) as f64)),
            graph: graph.clone(),
        }
    }
}

/// A batch's way through a network.
struct Forward<'a, 'o, B: Backend> {
    network: &'a QatNetwork<B>,
    /// What comes in, if it is pixels.
    image: Option<&'a Image>,
    observe: &'a mut Observer<'o, B>,
}

impl<B: Backend> Interpreter for Forward<'_, '_, B> {
    type Value = Quantised<B>;

    fn conv(
        &mut self,
        node: &Conv,
        input: &Quantised<B>,
        residual: Option<&Quantised<B>>,
    ) -> Quantised<B> {
        let conv = &self.network.convs[self.network.segment.position(node)];
        let image = self.image.filter(|_| node.input == IMAGE);
        let output = conv.forward(node, input, residual, image);
        (self.observe)(&node.name, &output.codes);
        output
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Quantised<B>) -> Quantised<B> {
        let Quantised { codes, step } = input.clone();
        Quantised { codes: max_pool(pool.window).forward(codes), step }
    }
}

/// A whole network's integers; a tensor is known by its step.
struct Export<'a, B: Backend> {
    network: &'a QatNetwork<B>,
    image: &'a Image,
    convs: Vec<QuantConv>,
}

impl<B: Backend> Interpreter for Export<'_, B> {
    type Value = Tensor<B, 1>;

    fn conv(
        &mut self,
        conv: &Conv,
        input: &Tensor<B, 1>,
        _: Option<&Tensor<B, 1>>,
    ) -> Tensor<B, 1> {
        let layer = &self.network.convs[self.network.segment.position(conv)];
        let image = (conv.input == IMAGE).then_some(self.image);
        self.convs.push(layer.export(conv, input, image));
        layer.output_step(conv.activation, 1)
    }

    fn max_pool(&mut self, _: &MaxPool, input: &Tensor<B, 1>) -> Tensor<B, 1> {
        input.clone()
    }
}

impl<B: Backend> Classifier<B> for QatNetwork<B> {
    fn features(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        self.features_observed(input, &mut |_, _| {})
    }

    fn logits(&self, input: Tensor<B, 4>) -> Tensor<B, 2> {
        let Quantised { codes, step } = self.quantised_features(input, &mut |_, _| {});
        let [count, channels, height, width] = codes.dims();
        let sums = codes.sum_dim(3).sum_dim(2).reshape([count, channels]);
        let step = step / (height * width) as f64;
        let classifier = self.classifier.as_ref().expect("the segment ends with the classifier");
        classifier.forward(self.dropout.forward(sums), &step)
    }

    fn weights(&self) -> Weights {
        let mut weights = Weights::new();
        for (conv, layer) in self.segment.convs().zip(&self.convs) {
            layer.store(&conv.name, &mut weights);
        }
        if let (Some(head), Some(classifier)) = (self.segment.head(), &self.classifier) {
            classifier.store(&head.name, &mut weights);
        }
        weights
    }

    /// The steps: of activations, and the geometric means of those of weights.
    fn scalars(&self) -> Vec<(String, f64)> {
        let weights = self.weights();
        let steps = weights
            .keys()
            .filter_map(|name| Some((format!("step/{name}"), step::mean(&weights, name)?)));
        steps.collect()
    }
}

/// Makes what was fitted with quantisation a float network again: its real weights and biases.
pub(crate) fn drop_steps(weights: &mut Weights, graph: &Graph) {
    for name in further_shapes(graph).into_keys().filter(|name| !name.ends_with(".bias")) {
        weights.remove(&name);
    }
}

/// Names and shapes of what a checkpoint of quantisation-aware training must have besides its
/// kernels: steps, and biases, since batch norms are folded.
pub(crate) fn further_shapes(graph: &Graph) -> BTreeMap<String, Vec<usize>> {
    let mut shapes = BTreeMap::new();
    for conv in graph.convs() {
        shapes.insert(format!("{}.bias", conv.name), vec![conv.channels]);
        shapes.extend(step::shapes(&conv.name, WEIGHT_STEP, conv.channels));
        shapes.extend(step::shapes(&conv.name, OUTPUT_STEP, 1));
    }
    let head = graph.head();
    shapes.extend(step::shapes(&head.name, WEIGHT_STEP, head.classes));
    shapes
}
