//! Quantisation after training from end to end, and how well it went.

use burn::backend::Flex;
use tagsight_core::Artifact;
use tagsight_core::artifact::Preprocessing;
use tagsight_core::engine::{Engine, EngineError, Isa};
use tagsight_core::graph::Graph;
use tagsight_core::quant::Activation;
use tagsight_data::progress;
use tagsight_network::Segment;
use tagsight_network::weights::{Weights, fold_batch_norm};

use super::{
    ChannelMaxima, Granularity, RangeMethod, ScaleMethod, WeightMethod, equalise, observe_ranges,
    quantise,
};
use crate::checkpoint::Checkpoint;
use crate::model::{Network, normalised};

/// Photos at a time.
const CHUNK: usize = 32;

/// All choices.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PostTraining {
    /// Ranges of activations.
    pub ranges: RangeMethod,
    /// Codes of weights.
    pub weights: WeightMethod,
    /// Whether cross-layer equalisation is tried; it stays where it brings the integer network's
    /// logits nearer to the float one's.
    pub equalise: bool,
}

/// A quantised network.
#[derive(Debug, Clone)]
pub struct Quantised {
    /// Its integers.
    pub artifact: Artifact,
    /// Signal to noise of its logits on images that it was not calibrated on, decibels.
    pub logit_decibels: f64,
    /// Whether its layers were equalised.
    pub is_equalised: bool,
}

/// Quantises a float network on calibration `images` (7-bit codes, HWC), and compares the logits on
/// others: rounding that was learned on an image suits that image.
///
/// # Errors
/// If this machine does not run its best engine: never.
///
/// # Panics
/// If there are no images.
pub fn post_training(
    checkpoint: &Checkpoint,
    images: &[Vec<i8>],
    others: &[Vec<i8>],
    method: &PostTraining,
) -> Result<Quantised, EngineError> {
    let metadata = &checkpoint.metadata;
    let graph = metadata.graph();
    let folded = fold_batch_norm(&checkpoint.weights, &graph);
    let network = network(&graph, &folded);
    let float = float_logits(&network, others, &metadata.preprocessing);
    let run = |weights: &Weights, network: &Network<Flex>, is_equalised: bool| {
        let (preprocessing, device) = (&metadata.preprocessing, Default::default());
        let ranges = observe_ranges(network, images, preprocessing, method.ranges, &device);
        let artifact = quantise(weights, &ranges, metadata, images, &method.weights);
        let logits = integer_logits(&artifact, others)?;
        let logit_decibels = decibels(&float, &logits);
        Ok(Quantised { artifact, logit_decibels, is_equalised })
    };
    let plain = run(&folded, &network, false)?;
    if !method.equalise {
        return Ok(plain);
    }
    let mut equalised = folded;
    let maxima = channel_maxima(&network, &graph, images, &metadata.preprocessing);
    equalise(&mut equalised, &graph, maxima);
    let equalised = run(&equalised, &self::network(&graph, &equalised), true)?;
    Ok(if equalised.logit_decibels > plain.logit_decibels { equalised } else { plain })
}

impl PostTraining {
    /// The choices in words, for a model's card.
    pub fn describe(&self, quantised: &Quantised) -> String {
        let WeightMethod { format, bias_correction, adaround } = &self.weights;
        let bits = match format.bits {
            8 => "8-bit weights".to_owned(),
            bits => format!("{bits}-bit weights (8 bits in stem, depthwise layers and classifier)"),
        };
        let granularity = match format.granularity {
            Granularity::Channel => "output channel",
            Granularity::Tensor => "layer",
        };
        let scales = match format.method {
            ScaleMethod::MinMax => "minimum and maximum",
            ScaleMethod::Mse => "least mean square error",
        };
        let mut text = String::from("quantised after training: batch norm folded");
        if quantised.is_equalised {
            text.push_str(", layers equalised");
        }
        text.push_str(&format!(", {bits} symmetric per {granularity}, scales by {scales}"));
        if let Some(adaround) = adaround {
            text.push_str(&format!(", rounded by AdaRound ({} steps a layer)", adaround.steps));
        }
        if *bias_correction {
            text.push_str(", biases corrected");
        }
        text.push_str("; activations 7 bits per layer, ranges by ");
        text.push_str(&match self.ranges {
            RangeMethod::MinMax => "minimum and maximum".into(),
            RangeMethod::Percentile(percentile) => format!("the {percentile} % percentile"),
            RangeMethod::Mse => "least mean square error".into(),
            RangeMethod::Entropy => "least Kullback–Leibler divergence".into(),
        });
        text.push_str(&format!(
            "; logits {:.1} dB above their rounding noise",
            quantised.logit_decibels
        ));
        text
    }
}

/// The float network, batch norms folded.
pub(super) fn network(graph: &Graph, folded: &Weights) -> Network<Flex> {
    Network::new(Segment::whole(graph), folded, 0.0, &Default::default())
}

/// Logits of the float network, image by image.
pub(super) fn float_logits(
    network: &Network<Flex>,
    images: &[Vec<i8>],
    preprocessing: &Preprocessing,
) -> Vec<f32> {
    let of_chunk = |chunk: &[Vec<i8>]| -> Vec<f32> {
        let input = normalised(&chunk.concat(), preprocessing, &Default::default());
        network.logits(input).into_data().iter().collect()
    };
    images.chunks(CHUNK).flat_map(of_chunk).collect()
}

/// Logits of the integer network, image by image.
pub(super) fn integer_logits(
    artifact: &Artifact,
    images: &[Vec<i8>],
) -> Result<Vec<f32>, EngineError> {
    let mut engine = Engine::new(artifact, Isa::best())?;
    engine.set_parallel(true);
    Ok(images.iter().flat_map(|codes| engine.logits(codes).to_vec()).collect())
}

/// Signal to noise in decibels; the signal is what varies, for a constant says nothing.
pub(super) fn decibels(signal: &[f32], noisy: &[f32]) -> f64 {
    let mean = signal.iter().map(|&value| f64::from(value)).sum::<f64>() / signal.len() as f64;
    let power: f64 = signal.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum();
    let noise: f64 =
        signal.iter().zip(noisy).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (power / noise).log10()
}

/// The largest value of each channel that is rectified at 6.
pub(super) fn channel_maxima(
    network: &Network<Flex>,
    graph: &Graph,
    images: &[Vec<i8>],
    preprocessing: &Preprocessing,
) -> ChannelMaxima {
    let mut maxima = ChannelMaxima::new();
    let bar = progress::bar(images.len(), "channels: photos");
    for chunk in images.chunks(CHUNK) {
        let input = normalised(&chunk.concat(), preprocessing, &Default::default());
        network.features_observed(input, &mut |name, output| {
            let is_bounded = |conv: &tagsight_core::graph::Conv| {
                conv.name == name && conv.activation == Activation::Relu6
            };
            if !graph.convs().any(is_bounded) {
                return;
            }
            let channels = output.dims()[1];
            let largest = output.clone().max_dim(3).max_dim(2).max_dim(0).into_data();
            let entry = maxima.entry(name.to_owned()).or_insert_with(|| vec![0.0; channels]);
            for (maximum, value) in entry.iter_mut().zip(largest.iter::<f32>()) {
                *maximum = maximum.max(value);
            }
        });
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    maxima
}
