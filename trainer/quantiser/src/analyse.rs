//! Where a quantised network differs from the float one: layer by layer, and what each layer alone
//! costs.

use std::collections::BTreeMap;

use serde::Serialize;
use tagsight_core::Artifact;
use tagsight_core::artifact::QuantConv;
use tagsight_core::engine::{Engine, EngineError, Isa};
use tagsight_core::graph::{Conv, Graph, IMAGE, Interpreter, MaxPool};
use tagsight_data::progress;
use tagsight_network::Spec;
use tagsight_network::weights::{Weight, Weights, fold_batch_norm};

use super::comparison::{decibels, integer_logits};
use super::float::{Batch, FloatNetwork, activate};
use super::histogram::Histogram;
use super::layer::FloatLayer;
use super::precision::{ENGINE_ACTIVATION_BITS, Grid};
use super::ranges::{Ranges, observe_histograms, observe_largest};
use super::walk::{self, Chunks};

/// Bins of the histograms.
const BINS: usize = 64;
/// Photos at a time.
const CHUNK: usize = 16;
/// The page; the figures take the place of [`PLACEHOLDER`].
const PAGE: &str = include_str!("analysis.html");
const PLACEHOLDER: &str = "/*analysis*/ null";

/// An artifact beside the float network that it was made from.
#[derive(Debug, Clone, Serialize)]
pub struct Analysis {
    /// `resnet18` and so on.
    pub architecture: String,
    /// Images that everything was measured on.
    pub images: usize,
    /// Signal to noise of the logits, decibels.
    pub logit_decibels: f64,
    /// In the order they run.
    pub layers: Vec<LayerAnalysis>,
}

/// One convolution.
#[derive(Debug, Clone, Serialize)]
pub struct LayerAnalysis {
    /// torchvision's name.
    pub name: String,
    /// Signal to noise of its output in the quantised network, decibels.
    pub output_decibels: f64,
    /// Signal to noise of its weights, decibels.
    pub weight_decibels: f64,
    /// Signal to noise of the logits if nothing but this layer's weights and output are quantised,
    /// decibels: the lower, the more it costs.
    pub alone_decibels: f64,
    /// The largest magnitude of its output in the float network.
    pub largest: f32,
    /// The value of its largest output code.
    pub range: f32,
    /// Part of its outputs that is 0 in the float network.
    pub zero_share: f64,
    /// Counts of its other outputs' magnitudes in equal bins up to `largest`.
    pub histogram: Vec<u64>,
}

impl Analysis {
    /// A page that shows it, with nothing to load.
    pub fn html(&self) -> String {
        // No text of the figures may end the script that they are in.
        let json =
            serde_json::to_string(self).expect("plain data serialises").replace('<', "\\u003c");
        PAGE.replace(PLACEHOLDER, &json)
    }
}

/// Compares `artifact` with the float network of `spec` and `weights` on `images` (7-bit codes, HWC).
/// The artifact's layers must not have been equalised: their channels are on other scales then.
///
/// # Errors
/// If this machine does not run its best engine: never.
///
/// # Panics
/// If the two are of different networks.
pub fn analyse(
    spec: &Spec,
    weights: &Weights,
    artifact: &Artifact,
    images: &[Vec<i8>],
) -> Result<Analysis, EngineError> {
    let graph = &spec.graph;
    let folded = fold_batch_norm(weights, graph);
    let comparison = Comparison { graph, folded: &folded, artifact, images };
    let network = FloatNetwork::new(spec, &folded);
    let largest = observe_largest(&network, images);
    let histograms = observe_histograms(&network, &largest, images);
    let float = network.logits(images);
    let output_decibels = comparison.output_decibels(&network)?;
    let bar = progress::bar(graph.convs().count(), "layers alone");
    let layers = graph.convs().map(|conv| {
        let altered = comparison.logits_with(&network, conv);
        bar.inc(1);
        LayerAnalysis {
            output_decibels: output_decibels[&conv.name],
            alone_decibels: decibels(&float, &altered),
            ..comparison.layer(conv, &largest, &histograms[&conv.name])
        }
    });
    Ok(Analysis {
        architecture: artifact.metadata.architecture.clone(),
        images: images.len(),
        layers: layers.collect(),
        logit_decibels: decibels(&float, &integer_logits(artifact, images)?),
    })
}

/// The float network with one convolution's weights and output quantised.
struct Altered<'a> {
    comparison: &'a Comparison<'a>,
    altered: &'a Conv,
}

impl Interpreter for Altered<'_> {
    type Value = Chunks;

    fn conv(&mut self, conv: &Conv, input: &Chunks, residual: Option<&Chunks>) -> Chunks {
        let Self { comparison, altered } = self;
        let mut layer = FloatLayer::of(comparison.folded, &conv.name);
        let is_altered = conv.name == altered.name;
        if is_altered {
            layer.weight = comparison.dequantised(conv);
        }
        let output = |sums| {
            if is_altered {
                let scale = comparison.quantised(conv).output_scale;
                walk::to_grid(sums, Grid::of(conv.activation, ENGINE_ACTIVATION_BITS, scale))
            } else {
                activate(sums, conv.activation)
            }
        };
        walk::sums(conv, &layer, input, residual).into_iter().map(output).collect()
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Chunks) -> Chunks {
        walk::pooled(pool.window, input)
    }
}

/// Both networks and the images.
struct Comparison<'a> {
    graph: &'a Graph,
    folded: &'a Weights,
    artifact: &'a Artifact,
    images: &'a [Vec<i8>],
}

impl Comparison<'_> {
    /// What needs no inference.
    fn layer(&self, conv: &Conv, largest: &Ranges, histogram: &Histogram) -> LayerAnalysis {
        let float = FloatLayer::of(self.folded, &conv.name).weight;
        LayerAnalysis {
            name: conv.name.clone(),
            output_decibels: 0.0,
            weight_decibels: decibels(&float.values, &self.dequantised(conv).values),
            alone_decibels: 0.0,
            largest: largest[&conv.name],
            range: self.quantised(conv).output_scale * conv.activation.quant_max() as f32,
            zero_share: histogram.zero_share(),
            histogram: histogram.coarse(BINS),
        }
    }

    fn quantised(&self, conv: &Conv) -> &QuantConv {
        &self.artifact.convs[conv]
    }

    /// The quantised weights as the float network has them: `[out, in, kh, kw]`, and the stem's for
    /// a normalised image.
    fn dequantised(&self, conv: &Conv) -> Weight {
        let QuantConv { weight, weight_scale, .. } = self.quantised(conv);
        let shape = self.folded[&format!("{}.weight", conv.name)].shape.clone();
        let (inputs, area) = (shape[1], shape[2] * shape[3]);
        let std = self.artifact.metadata.preprocessing.std;
        let kernels = weight.chunks_exact(inputs * area).zip(weight_scale);
        let values = kernels.flat_map(|(kernel, scale)| {
            (0..inputs * area).map(move |index| {
                let (input, tap) = (index / area, index % area);
                let normalisation = if conv.input == IMAGE { std[input] } else { 1.0 };
                f32::from(kernel[tap * inputs + input]) * scale * normalisation
            })
        });
        Weight::new(shape, values.collect())
    }

    /// Signal to noise of every convolution's output, by name.
    fn output_decibels(
        &self,
        network: &FloatNetwork<'_>,
    ) -> Result<BTreeMap<String, f64>, EngineError> {
        let mut engine = Engine::new(self.artifact, Isa::best())?;
        let mut powers = BTreeMap::<String, [f64; 2]>::new();
        for codes in self.images {
            let mut float = BTreeMap::<String, Vec<f32>>::new();
            network.features(std::slice::from_ref(codes), &mut |name, output| {
                float.insert(name.to_owned(), pixels_first(output));
            });
            engine.logits_observed(codes, &mut |name, tensor| {
                let Some(conv) = self.graph.convs().find(|conv| conv.name == name) else { return };
                let zero_point = conv.activation.zero_point();
                let scale = self.quantised(conv).output_scale;
                let [signal, noise] = powers.entry(name.to_owned()).or_default();
                for (value, code) in float[name].iter().zip(tensor.to_dense()) {
                    let error = value - (i32::from(code) - zero_point) as f32 * scale;
                    *signal += f64::from(value * value);
                    *noise += f64::from(error * error);
                }
            });
        }
        let in_decibels = |[signal, noise]: [f64; 2]| 10.0 * (signal / noise).log10();
        Ok(powers.into_iter().map(|(name, powers)| (name, in_decibels(powers))).collect())
    }

    /// Logits of the float network with nothing but `altered` quantised.
    fn logits_with(&self, network: &FloatNetwork<'_>, altered: &Conv) -> Vec<f32> {
        let preprocessing = &self.artifact.metadata.preprocessing;
        let mut logits = Vec::new();
        for images in self.images.chunks(CHUNK) {
            let image = vec![Batch::of_images(&images.concat(), preprocessing)];
            let features = self.graph.interpret(image, &mut Altered { comparison: self, altered });
            logits.extend(network.classify(&features[0]));
        }
        logits
    }
}

/// One photo's values, pixel by pixel as the integer engine has them.
fn pixels_first(output: &Batch) -> Vec<f32> {
    let plane_len = output.plane_len();
    let of_pixel = |pixel: usize| output.values[pixel..].iter().step_by(plane_len).copied();
    (0..plane_len).flat_map(of_pixel).collect()
}
