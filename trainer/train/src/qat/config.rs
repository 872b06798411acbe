//! The settings of quantisation-aware training: a configuration's `[qat]` section.

use serde::{Deserialize, Serialize};
use tagsight_core::graph::{Conv, Groups, IMAGE};

/// Bits of the integer engines' activations; fewer can be fitted, but not exported.
pub(super) const ENGINE_ACTIVATION_BITS: u32 = 7;

/// How a network is quantised while it is fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QatConfig {
    /// Bits of a weight, 2 to 8.
    pub weight_bits: u32,
    /// Bits of an activation, 1 to 7; the exported integers always have 7.
    pub activation_bits: u32,
    /// Bits of the weights of stem and classifier.
    pub first_and_last_bits: u32,
    /// Bits of the weights of depthwise convolutions, which are few and hard to round.
    pub depthwise_bits: u32,
    /// Where the steps of weights begin.
    pub step_initialisation: StepInitialisation,
    /// Learning rate of the steps, as a multiple of that of the weights.
    pub step_rate: f64,
}

/// How a weight's first step follows from the weights that share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepInitialisation {
    /// The mean square of rounding and clipping errors is least.
    Mse,
    /// The largest weight has the largest code.
    MinMax,
}

impl Default for QatConfig {
    fn default() -> Self {
        Self {
            weight_bits: 8,
            activation_bits: ENGINE_ACTIVATION_BITS,
            first_and_last_bits: 8,
            depthwise_bits: 8,
            step_initialisation: StepInitialisation::Mse,
            step_rate: 1.0,
        }
    }
}

impl QatConfig {
    /// Bits of a convolution's weights.
    pub fn conv_bits(&self, conv: &Conv) -> u32 {
        if conv.input == IMAGE {
            self.first_and_last_bits
        } else if conv.groups == Groups::Depthwise {
            self.depthwise_bits
        } else {
            self.weight_bits
        }
    }

    /// What must hold: key, whether it does, and what is expected.
    pub(crate) fn checks(&self) -> [(&'static str, bool, &'static str); 5] {
        let bits = |bits: u32| (2..=8).contains(&bits);
        [
            ("qat.weight_bits", bits(self.weight_bits), "in 2..=8"),
            ("qat.activation_bits", (1..=7).contains(&self.activation_bits), "in 1..=7"),
            ("qat.first_and_last_bits", bits(self.first_and_last_bits), "in 2..=8"),
            ("qat.depthwise_bits", bits(self.depthwise_bits), "in 2..=8"),
            ("qat.step_rate", self.step_rate.is_finite() && self.step_rate > 0.0, "positive"),
        ]
    }
}
