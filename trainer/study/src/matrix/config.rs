//! The study's settings.

use serde::{Deserialize, Serialize};

use super::way::{Calibration, Method, Sharing};
use crate::error::StudyError;

/// Bits that stand for floats.
pub const FLOAT_BITS: u32 = 32;

/// What is compared, and on what; `trainer/configs/studies/matrix.toml` says what each means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the committed settings say what each means")]
pub struct Config {
    pub seed: u64,
    pub weights: Vec<u32>,
    pub activations: Vec<u32>,
    pub granularities: Vec<Sharing>,
    pub calibrations: Vec<Calibration>,
    pub methods: Vec<Method>,
    pub calibration_images: usize,
    pub photos: usize,
    pub adaround_steps: usize,
    pub timed_runs: usize,
    pub accuracy_control: AccuracyControl,
    pub mixed_precision: MixedPrecision,
    pub qat: Qat,
}

/// What may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the committed settings say what each means")]
pub struct AccuracyControl {
    pub max_loss: f64,
}

/// Bits by layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the committed settings say what each means")]
pub struct MixedPrecision {
    pub budgets: Vec<f64>,
    pub bits: Vec<u32>,
    pub images: usize,
}

/// Quantisation-aware training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the committed settings say what each means")]
pub struct Qat {
    pub weights: Vec<u32>,
    pub photos: usize,
    pub epochs: usize,
    pub batch_size: usize,
    pub learning_rate: f64,
    pub train_from: String,
}

impl Config {
    /// Refuses what makes no sense.
    pub(super) fn check(&self) -> Result<(), StudyError> {
        let is_float = |bits: &u32| *bits == FLOAT_BITS;
        let weights = |bits: &u32| (2..=16).contains(bits) || is_float(bits);
        let activations = |bits: &u32| (7..=16).contains(bits) || is_float(bits);
        let in_engine = |bits: &u32| (2..=8).contains(bits);
        let parts = |part: &f64| *part > 0.0 && *part <= 1.0;
        let Self { mixed_precision: mixed, qat, .. } = self;
        let checks = [
            ("weights", self.weights.iter().all(weights), "2 to 16, or 32 for floats"),
            ("activations", self.activations.iter().all(activations), "7 to 16, or 32 for floats"),
            (
                "methods",
                !self.methods.contains(&Method::Qat),
                "naive, corrected, adaround: QAT has [qat]",
            ),
            ("calibration_images", self.calibration_images > 0, "at least 1"),
            ("adaround_steps", self.adaround_steps > 0, "at least 1"),
            ("accuracy_control.max_loss", self.accuracy_control.max_loss >= 0.0, "0 or positive"),
            ("mixed_precision.budgets", mixed.budgets.iter().all(parts), "above 0 and at most 1"),
            ("mixed_precision.bits", mixed.bits.iter().all(in_engine), "2 to 8"),
            (
                "mixed_precision.bits",
                mixed.budgets.is_empty() || mixed.bits.contains(&8),
                "such that 8 is among them",
            ),
            ("mixed_precision.images", mixed.images > 0, "at least 1"),
            ("qat.weights", qat.weights.iter().all(in_engine), "2 to 8"),
            ("qat.epochs", qat.epochs > 0, "at least 1"),
            ("qat.batch_size", qat.batch_size > 1, "at least 2"),
            (
                "qat.learning_rate",
                qat.learning_rate.is_finite() && qat.learning_rate > 0.0,
                "positive",
            ),
        ];
        StudyError::check(checks)
    }
}
