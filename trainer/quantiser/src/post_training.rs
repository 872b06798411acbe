//! Quantisation after training from end to end, and how well it went.

use tagsight_core::Artifact;
use tagsight_core::engine::EngineError;
use tagsight_network::Spec;
use tagsight_network::weights::{Weights, fold_batch_norm};

use super::comparison::{decibels, integer_logits};
use super::equalise::{channel_maxima, equalise};
use super::float::FloatNetwork;
use super::histogram::RangeMethod;
use super::quantise::{WeightMethod, quantise};
use super::ranges::observe_ranges;
use super::scales::{Granularity, ScaleMethod};

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

/// Quantises the float network of `spec` and `weights` on calibration `images` (7-bit codes, HWC),
/// and compares the logits on others: rounding that was learned on an image suits that image.
///
/// # Errors
/// If this machine does not run its best engine: never.
///
/// # Panics
/// If there are no images.
pub fn post_training(
    spec: &Spec,
    weights: &Weights,
    images: &[Vec<i8>],
    others: &[Vec<i8>],
    method: &PostTraining,
) -> Result<Quantised, EngineError> {
    let graph = &spec.graph;
    let folded = fold_batch_norm(weights, graph);
    let network = FloatNetwork::new(spec, &folded);
    let float = network.logits(others);
    let run = |folded: &Weights, is_equalised: bool| {
        let artifact = method.integers(spec, folded, images);
        let logits = integer_logits(&artifact, others)?;
        let logit_decibels = decibels(&float, &logits);
        Ok(Quantised { artifact, logit_decibels, is_equalised })
    };
    let plain = run(&folded, false)?;
    if !method.equalise {
        return Ok(plain);
    }
    let mut equalised = folded.clone();
    equalise(&mut equalised, graph, channel_maxima(&network, images));
    let equalised = run(&equalised, true)?;
    Ok(if equalised.logit_decibels > plain.logit_decibels { equalised } else { plain })
}

impl PostTraining {
    /// The integers of weights whose batch norms are folded; equalisation is not tried.
    ///
    /// # Panics
    /// If there are no images.
    pub fn integers(&self, spec: &Spec, folded: &Weights, images: &[Vec<i8>]) -> Artifact {
        let network = FloatNetwork::new(spec, folded);
        let ranges = observe_ranges(&network, images, self.ranges);
        quantise(spec, folded, &ranges, images, &self.weights)
    }

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
