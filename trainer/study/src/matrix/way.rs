//! Choices that settings name, and what they are called.

use serde::{Deserialize, Serialize};

/// Weights that share a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sharing {
    /// Those of an output channel.
    Channel,
    /// Those of a layer.
    Tensor,
}

/// What a network is calibrated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calibration {
    /// Photos.
    Photos,
    /// Dead leaves.
    Random,
}

/// How floats become codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By minimum and maximum to the nearest code, with as many bits in every layer.
    Naive,
    /// By least square error, biases corrected, 8 bits in the layers that are few.
    Corrected,
    /// The same with learned rounding.
    Adaround,
    /// Trained as codes.
    Qat,
}

impl Sharing {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Tensor => "tensor",
        }
    }
}

impl Calibration {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Random => "random",
        }
    }
}

impl Method {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Corrected => "corrected",
            Self::Adaround => "AdaRound",
            Self::Qat => "QAT",
        }
    }
}
