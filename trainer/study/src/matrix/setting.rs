//! The cells of the matrix.

use std::collections::BTreeMap;

use serde::Serialize;
use tagsight_quantiser::{
    AdaRound, Few, Granularity, Precision, Precisions, RangeMethod, ScaleMethod, WeightFormat,
    WeightMethod,
};

use super::config::{Config, FLOAT_BITS};
use super::way::{Calibration, Method, Sharing};

/// Most bits that rounding is learned for: with more, the nearest code is as good.
const ADAROUND_BITS: u32 = 8;
/// Activations of what is trained: the engines'.
const QAT_ACTIVATIONS: u32 = 7;

/// A cell: one way to quantise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Bits of weights; 32 are floats.
    pub weights: u32,
    /// Bits of activations; 32 are floats.
    pub activations: u32,
    /// What shares a scale.
    pub sharing: Sharing,
    /// What ranges come from.
    pub calibration: Calibration,
    /// How.
    pub method: Method,
}

impl Setting {
    /// Its name in files.
    pub fn name(&self) -> String {
        let Self { weights, activations, sharing, calibration, method } = self;
        let (sharing, calibration) = (sharing.name(), calibration.name());
        let method = method.name().to_lowercase();
        format!("w{weights}a{activations}-{sharing}-{calibration}-{method}")
    }

    /// Bits in short.
    pub fn bits(&self) -> String {
        format!("W{}A{}", self.weights, self.activations)
    }

    /// All cells, each once: where weights stay floats, nothing shares a scale and nothing is rounded by
    /// one way or another; where no activation is rounded and nothing corrected, nothing is calibrated.
    pub fn all(config: &Config) -> Vec<Self> {
        let mut all = Vec::new();
        for &weights in &config.weights {
            for &activations in &config.activations {
                for &sharing in &config.granularities {
                    for &calibration in &config.calibrations {
                        for &method in &config.methods {
                            let cell = Self { weights, activations, sharing, calibration, method };
                            all.extend(cell.distinct(config).then_some(cell));
                        }
                    }
                }
            }
        }
        let trained = |&weights: &u32| Self {
            weights,
            activations: QAT_ACTIVATIONS,
            sharing: Sharing::Channel,
            calibration: Calibration::Photos,
            method: Method::Qat,
        };
        all.extend(config.qat.weights.iter().map(trained));
        all
    }

    fn distinct(&self, config: &Config) -> bool {
        let is_float = |bits: u32| bits == FLOAT_BITS;
        let is_first_sharing = config.granularities.first() == Some(&self.sharing);
        let is_first_calibration = config.calibrations.first() == Some(&self.calibration);
        if is_float(self.weights) && is_float(self.activations) {
            return false;
        }
        if is_float(self.weights) && (!is_first_sharing || self.method == Method::Adaround) {
            return false;
        }
        if is_float(self.activations) && self.method == Method::Naive && !is_first_calibration {
            return false;
        }
        self.method != Method::Adaround || self.weights <= ADAROUND_BITS
    }

    /// How finely it rounds.
    pub fn precisions(&self) -> Precisions {
        let precision = |bits: u32| match bits {
            FLOAT_BITS => Precision::Float,
            bits => Precision::Bits(bits),
        };
        let few = match self.method {
            Method::Naive => Few::AsOthers,
            _ => Few::EightBits,
        };
        Precisions {
            weights: precision(self.weights),
            activations: precision(self.activations),
            few,
            by_layer: BTreeMap::new(),
        }
    }

    /// How ranges of activations are chosen.
    pub fn ranges(&self) -> RangeMethod {
        match self.method {
            Method::Naive => RangeMethod::MinMax,
            _ => RangeMethod::Mse,
        }
    }

    /// How weights become codes.
    pub fn weight_method(&self, config: &Config) -> WeightMethod {
        let is_naive = self.method == Method::Naive;
        let adaround =
            AdaRound { steps: config.adaround_steps, seed: config.seed, ..AdaRound::default() };
        WeightMethod {
            format: WeightFormat {
                granularity: match self.sharing {
                    Sharing::Channel => Granularity::Channel,
                    Sharing::Tensor => Granularity::Tensor,
                },
                method: if is_naive { ScaleMethod::MinMax } else { ScaleMethod::Mse },
                ..WeightFormat::default()
            },
            bias_correction: !is_naive,
            adaround: (self.method == Method::Adaround).then_some(adaround),
        }
    }
}
