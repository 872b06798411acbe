//! How finely a network's numbers are rounded, engines or none that could run it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tagsight_core::graph::{Conv, Groups, IMAGE};
use tagsight_core::quant::{ACTIVATION_MAX, Activation, PIXEL_SCALE};

/// Bits of the integer engines' activations.
pub(super) const ENGINE_ACTIVATION_BITS: u32 = 7;
/// Most bits of a weight in them.
const ENGINE_WEIGHT_BITS: u32 = 8;

/// What numbers are rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Codes of so many bits, 2 to 16.
    Bits(u32),
    /// Nothing: they stay float32.
    Float,
}

/// Stem, depthwise layers and classifier, which are few and lose most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Few {
    /// They have 8 bits at least, as what is exported has.
    #[default]
    EightBits,
    /// They have as many as the others.
    AsOthers,
}

/// How finely each part of a network is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precisions {
    /// Weights.
    pub weights: Precision,
    /// Activations. The image has 7 bits in any case, as that is how photos come.
    pub activations: Precision,
    /// Weights of the layers that are few.
    pub few: Few,
    /// Bits of the weights of layers that differ, by their names.
    pub by_layer: BTreeMap<String, u32>,
}

/// Why no integer engine runs a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NoEngine {
    /// Weights of more bits than a code has.
    #[error("no engine has weights of {0} bits")]
    Weights(u32),
    /// Weights that are not rounded.
    #[error("no engine has float weights")]
    FloatWeights,
    /// Activations of more bits, or fewer, than the engines'.
    #[error("no engine has activations of {0} bits")]
    Activations(u32),
    /// Activations that are not rounded.
    #[error("no engine has float activations")]
    FloatActivations,
}

impl Precisions {
    /// As the exporter has it: weights of so many bits, activations of 7.
    pub fn exported(weight_bits: u32) -> Self {
        Self {
            weights: Precision::Bits(weight_bits),
            activations: Precision::Bits(ENGINE_ACTIVATION_BITS),
            few: Few::EightBits,
            by_layer: BTreeMap::new(),
        }
    }

    /// Whether the integer engines run it.
    ///
    /// # Errors
    /// The reason why they do not.
    pub fn engine(&self) -> Result<(), NoEngine> {
        let widest = self.by_layer.values().copied().max().unwrap_or_default();
        match (self.activations, self.weights) {
            (Precision::Float, _) => Err(NoEngine::FloatActivations),
            (Precision::Bits(bits), _) if bits != ENGINE_ACTIVATION_BITS => {
                Err(NoEngine::Activations(bits))
            }
            (_, Precision::Float) => Err(NoEngine::FloatWeights),
            (_, Precision::Bits(bits)) if bits.max(widest) > ENGINE_WEIGHT_BITS => {
                Err(NoEngine::Weights(bits.max(widest)))
            }
            _ => Ok(()),
        }
    }

    /// Of a convolution's weights.
    pub fn conv(&self, conv: &Conv) -> Precision {
        self.layer(&conv.name, is_few(conv))
    }

    /// Of the classifier's weights.
    pub fn head(&self, name: &str) -> Precision {
        self.layer(name, true)
    }

    fn layer(&self, name: &str, is_few: bool) -> Precision {
        match (self.by_layer.get(name), self.weights, self.few) {
            (Some(&bits), ..) => Precision::Bits(bits),
            (None, Precision::Bits(bits), Few::EightBits) if is_few => Precision::Bits(bits.max(8)),
            (None, weights, _) => weights,
        }
    }
}

/// Whether a layer has few weights, and loses most by rounding them.
pub(super) fn is_few(conv: &Conv) -> bool {
    conv.input == IMAGE || conv.groups == Groups::Depthwise
}

/// What a tensor is rounded to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// Smallest code, less the zero point.
    pub(super) least: f32,
    /// Largest code, less the zero point.
    pub(super) most: f32,
    /// Value of one.
    pub(super) scale: f32,
}

impl Grid {
    /// The image's.
    pub(super) const PIXELS: Self =
        Self { least: 0.0, most: ACTIVATION_MAX as f32, scale: PIXEL_SCALE };

    /// Codes of so many bits, each worth `scale`; with 7 bits they are the engines' codes.
    pub(super) fn of(activation: Activation, bits: u32, scale: f32) -> Self {
        let most = largest_code(activation, bits) as f32;
        let least = match activation {
            Activation::Relu | Activation::Relu6 => 0.0,
            Activation::Linear => -most,
            Activation::Asymmetric => -most - 1.0,
        };
        Self { least, most, scale }
    }

    /// Such that the largest code is worth `range`.
    pub(super) fn reaching(activation: Activation, bits: u32, range: f32) -> Self {
        Self::of(activation, bits, range / largest_code(activation, bits) as f32)
    }
}

/// The largest code of so many bits, less the zero point.
pub(super) fn largest_code(activation: Activation, bits: u32) -> i32 {
    match activation {
        Activation::Relu | Activation::Relu6 | Activation::Linear => (1 << bits) - 1,
        Activation::Asymmetric => (1 << (bits - 1)) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_seven_bits_codes_are_the_engines() {
        use Activation::{Asymmetric, Linear, Relu, Relu6};
        for activation in [Relu, Relu6, Linear, Asymmetric] {
            let grid = Grid::of(activation, ENGINE_ACTIVATION_BITS, 0.1);
            let range = activation.quant_range();
            assert_eq!((grid.least, grid.most), (range.min, range.max), "{activation:?}");
            let wider = Grid::of(activation, 8, 0.1);
            assert_eq!(wider.most, 2.0 * range.max + 1.0, "{activation:?}");
        }
    }

    #[test]
    fn engines_say_what_they_do_not_have() {
        let of =
            |weights, activations| Precisions { weights, activations, ..Precisions::exported(8) };
        use Precision::{Bits, Float};
        assert_eq!(of(Bits(2), Bits(7)).engine(), Ok(()));
        assert_eq!(of(Bits(8), Bits(8)).engine(), Err(NoEngine::Activations(8)));
        assert_eq!(of(Bits(8), Float).engine(), Err(NoEngine::FloatActivations));
        assert_eq!(of(Bits(16), Bits(7)).engine(), Err(NoEngine::Weights(16)));
        assert_eq!(of(Float, Bits(7)).engine(), Err(NoEngine::FloatWeights));
        let by_layer = BTreeMap::from([("conv1".to_owned(), 16)]);
        let mixed = Precisions { by_layer, ..Precisions::exported(8) };
        assert_eq!(mixed.engine(), Err(NoEngine::Weights(16)));
    }
}
