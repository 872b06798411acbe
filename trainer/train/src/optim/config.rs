//! The settings of an optimiser.

use serde::{Deserialize, Serialize};

/// Which optimiser; each has the weight decay that its authors gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "lowercase", deny_unknown_fields)]
pub enum OptimizerConfig {
    /// Gradient descent; the decay joins the gradient.
    Sgd {
        /// Part of the velocity that stays.
        #[serde(default = "default::momentum")]
        momentum: f64,
        /// Whether the gradient is taken a step ahead (Nesterov).
        #[serde(default = "default::nesterov")]
        nesterov: bool,
    },
    /// Kingma and Ba 2015; the decay joins the gradient.
    Adam {
        /// Decay of the gradients' mean.
        #[serde(default = "default::beta1")]
        beta1: f64,
        /// Decay of the gradients' square.
        #[serde(default = "default::beta2")]
        beta2: f64,
        /// Least divisor.
        #[serde(default = "default::epsilon")]
        epsilon: f64,
    },
    /// Loshchilov and Hutter 2019: Adam whose decay acts on the weights themselves.
    AdamW {
        /// Decay of the gradients' mean.
        #[serde(default = "default::beta1")]
        beta1: f64,
        /// Decay of the gradients' square.
        #[serde(default = "default::beta2")]
        beta2: f64,
        /// Least divisor.
        #[serde(default = "default::epsilon")]
        epsilon: f64,
    },
}

/// The learning rate and decay of some layers, as multiples of the run's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// A layer or stage (`"layer4"`, `"layer4.0.conv1"`), or `"stem"` or `"head"`: whatever a network
    /// calls its first layer with its batch norm, and its classifier.
    pub layer: String,
    /// Multiplies the learning rate.
    #[serde(default = "default::one")]
    pub factor: f64,
    /// Multiplies the weight decay.
    #[serde(default = "default::one")]
    pub decay: f64,
}

/// Defaults of the optimisers' settings.
mod default {
    pub(super) fn momentum() -> f64 {
        0.9
    }

    pub(super) fn nesterov() -> bool {
        true
    }

    pub(super) fn beta1() -> f64 {
        0.9
    }

    pub(super) fn beta2() -> f64 {
        0.999
    }

    /// PyTorch's; burn's own 1e-5 would dampen the small gradients of rare classes.
    pub(super) fn epsilon() -> f64 {
        1e-8
    }

    pub(super) fn one() -> f64 {
        1.0
    }
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self::AdamW {
            beta1: default::beta1(),
            beta2: default::beta2(),
            epsilon: default::epsilon(),
        }
    }
}

impl OptimizerConfig {
    /// The settings' keys, whether their values make sense, and what they must be.
    pub(crate) fn checks(&self) -> Vec<(&'static str, bool, &'static str)> {
        match self {
            Self::Sgd { momentum, nesterov } => vec![
                ("optimizer.momentum", (0.0..1.0).contains(momentum), "in 0..1"),
                ("optimizer.nesterov", !nesterov || *momentum > 0.0, "false without momentum"),
            ],
            Self::Adam { beta1, beta2, epsilon } | Self::AdamW { beta1, beta2, epsilon } => vec![
                ("optimizer.beta1", (0.0..1.0).contains(beta1), "in 0..1"),
                ("optimizer.beta2", (0.0..1.0).contains(beta2), "in 0..1"),
                ("optimizer.epsilon", epsilon.is_finite() && *epsilon > 0.0, "positive"),
            ],
        }
    }
}
