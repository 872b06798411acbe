//! What a run depends on; saved beside its weights.

use serde::{Deserialize, Serialize};
use tagsight_data::augment::AugmentConfig;

use crate::distil::TeacherConfig;
use crate::loss::{Distillation, LossConfig};
use crate::model::Precision;
use crate::optim::{OptimizerConfig, Rate, ScheduleConfig};
use crate::qat::QatConfig;
use crate::sampling::Sampling;

/// Every setting with its default and what it means, as `trainer config` prints it.
pub const DEFAULTS: &str = include_str!("../../configs/default.toml");

/// The settings of a run, as a TOML file gives them; what it leaves out has the defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Everything random follows from it.
    pub seed: u64,
    /// Passes over the fitted photos.
    pub epochs: usize,
    /// Photos a batch.
    pub batch_size: usize,
    /// How often an epoch shows a photo.
    pub sampling: Sampling,
    /// Batches a step: their gradients' mean is taken.
    pub accumulate: usize,
    /// Highest value of the schedule.
    pub learning_rate: f64,
    /// Decay of weights; biases and batch norms have none.
    pub weight_decay: f64,
    /// Largest norm of a step's gradient; a larger one is scaled down to it. 0 turns it off.
    pub clip_norm: f64,
    /// Dropout before the classifier.
    pub dropout: f64,
    /// Part of a target that is spread over present and absent alike, or over all labels where a photo has
    /// one; 0 turns it off.
    pub label_smoothing: f64,
    /// Decay of the moving average of the weights, which is what is evaluated and saved; with 0
    /// that is the weights themselves.
    pub average_decay: f64,
    /// Epochs without a better validation score after which the run ends; 0 turns it off.
    pub patience: usize,
    /// Strength of mixup (Zhang et al. 2017): Beta(α, α); 0 turns it off.
    pub mixup: f64,
    /// Part of the photos held back to choose the epoch, thresholds and calibration on.
    pub holdout: f64,
    /// Side of the squashed input, pixels.
    pub side: usize,
    /// What convolutions that are fitted multiply.
    pub precision: Precision,
    /// Stage from which on weights are fitted (`"layer4"`); what comes before it runs once per
    /// view, and its features are kept. Without it everything is fitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_from: Option<String>,
    /// Weights to begin with, in the data folder or the current one; without it everything starts
    /// afresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_weights: Option<String>,
    /// Folds the initial weights' batch norms into their convolutions before the first step.
    pub fold_batch_norm: bool,
    /// How the layers before `train_from` run.
    pub frozen: Frozen,
    /// Quantisation, where the run is quantisation-aware.
    pub qat: QatConfig,
    /// How the learning rate changes.
    pub schedule: ScheduleConfig,
    /// What turns gradients into steps.
    pub optimizer: OptimizerConfig,
    /// What is minimised; without it, the usual loss of the photos' task ([`LossConfig::of`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<LossConfig>,
    /// What views of a photo there are.
    pub augment: AugmentConfig,
    /// Networks whose scores join the labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub teachers: Vec<TeacherConfig>,
    /// How a teacher's scores join the labels.
    pub distillation: Distillation,
    /// Layers that learn faster or slower, or decay otherwise; the last that fits counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<Rate>,
}

/// The arithmetic of layers that are not fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frozen {
    /// Floats, as they were trained.
    #[default]
    Float,
    /// The integers that they will be shipped as, by the core's engine: several times faster, and
    /// what follows is fitted to the features that it will be given.
    Int8,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            epochs: 10,
            batch_size: 64,
            sampling: Sampling::EachOnce,
            accumulate: 1,
            learning_rate: 1.5e-3,
            weight_decay: 0.01,
            clip_norm: 0.0,
            dropout: 0.3,
            label_smoothing: 0.0,
            average_decay: 0.995,
            patience: 0,
            mixup: 0.0,
            holdout: 0.1,
            side: 224,
            precision: Precision::F32,
            train_from: None,
            initial_weights: None,
            fold_batch_norm: false,
            frozen: Frozen::default(),
            qat: QatConfig::default(),
            schedule: ScheduleConfig::default(),
            optimizer: OptimizerConfig::default(),
            loss: None,
            augment: AugmentConfig::default(),
            teachers: Vec::new(),
            distillation: Distillation::default(),
            rates: Vec::new(),
        }
    }
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, a key that does not exist, or a value of another type.
    #[error("the configuration is not usable: {0}")]
    Toml(#[from] toml::de::Error),
    /// A value that makes no sense.
    #[error("the configuration's {key} must be {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What it must be.
        expected: &'static str,
    },
}

impl TrainConfig {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// If it has unknown keys or values that make no sense.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text)?;
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let unit = |value: f64| (0.0..1.0).contains(&value);
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let from_zero = |value: f64| value.is_finite() && value >= 0.0;
        let own = [
            ("epochs", self.epochs > 0, "at least 1"),
            ("batch_size", self.batch_size > 1, "at least 2, as batch norm needs"),
            ("accumulate", self.accumulate > 0, "at least 1"),
            ("learning_rate", positive(self.learning_rate), "positive"),
            ("weight_decay", (0.0..=1.0).contains(&self.weight_decay), "in 0..=1"),
            ("clip_norm", from_zero(self.clip_norm), "0 or positive"),
            ("dropout", unit(self.dropout), "in 0..1"),
            ("label_smoothing", unit(self.label_smoothing), "in 0..1"),
            ("average_decay", unit(self.average_decay), "in 0..1"),
            ("mixup", from_zero(self.mixup), "0 or positive"),
            ("holdout", self.holdout > 0.0 && self.holdout < 1.0, "between 0 and 1"),
            ("side", self.side >= 32 && self.side.is_multiple_of(32), "a multiple of 32"),
            ("distillation.weight", (0.0..=1.0).contains(&self.distillation.weight), "in 0..=1"),
            ("distillation.temperature", positive(self.distillation.temperature), "positive"),
            ("teachers.weight", self.teachers.iter().all(|t| t.weight.is_finite()), "a number"),
            ("rates.factor", self.rates.iter().all(|rate| from_zero(rate.factor)), "0 or positive"),
            ("rates.decay", self.rates.iter().all(|rate| from_zero(rate.decay)), "0 or positive"),
        ];
        let parts = [
            self.schedule.checks(),
            self.optimizer.checks(),
            self.loss.as_ref().map(LossConfig::checks).unwrap_or_default(),
            self.augment.checks(),
        ]
        .concat();
        let mut checks = own.into_iter().chain(parts).chain(self.qat.checks());
        match checks.find(|(_, fits, _)| !fits) {
            Some((key, _, expected)) => Err(ConfigError::Value { key, expected }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_senseless_values_are_named() {
        let cases = [
            ("epoch = 3", "epoch"),
            ("epochs = 0", "epochs"),
            ("holdout = 1.0", "holdout"),
            ("[schedule]\nname = \"step\"\nevery = 0", "schedule.every"),
            ("[schedule]\nname = \"cosine\"\nrise = 0.1", "rise"),
            ("[optimizer]\nname = \"sgd\"\nmomentum = 0.0", "optimizer.nesterov"),
            ("[optimizer]\nname = \"adamw\"\nmomentum = 0.9", "momentum"),
            ("[loss]\nname = \"asymmetric\"\nclip = 1.0", "loss.clip"),
            ("precision = \"f16\"", "f16"),
            ("sampling = \"twice\"", "twice"),
            ("[augment]\nphotos = \"some\"", "some"),
            ("[loss]\nname = \"hinge\"", "hinge"),
            ("[loss]\nname = \"huber\"\ndelta = 0.0", "loss.delta"),
            ("[loss]\nname = \"mse\"\ndelta = 1.0", "delta"),
            ("[loss]\nname = \"bce\"\nclass_weights = [-1.0]", "loss.class_weights"),
            ("[distillation]\ntemperature = 0.0", "distillation.temperature"),
            ("[[rates]]\nlayer = \"head\"\nfactor = -1.0", "rates.factor"),
        ];
        for (text, expected) in cases {
            let error = TrainConfig::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn the_configurations_that_come_along_are_usable() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs");
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = entries.filter(|path| path.is_file()).collect();
        assert!(files.len() > 2);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            TrainConfig::from_toml(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        }
    }

    /// The documentation of the settings names all of them, each with its default.
    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let written = toml::Table::try_from(TrainConfig::default()).unwrap();
        assert_eq!(DEFAULTS.parse::<toml::Table>().unwrap(), written);
    }

    #[test]
    fn a_saved_configuration_reads_back() {
        let config = TrainConfig {
            train_from: Some("layer4".into()),
            loss: Some(LossConfig::Focal { gamma: 1.5, alpha: Some(0.25) }),
            rates: vec![Rate { layer: "head".into(), factor: 10.0, decay: 1.0 }],
            ..TrainConfig::default()
        };
        assert_eq!(TrainConfig::from_toml(&toml::to_string(&config).unwrap()).unwrap(), config);
    }
}
