//! What a run depends on; saved beside its weights.

use serde::{Deserialize, Serialize};

/// The settings of a run, as a TOML file gives them; what it leaves out has the defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Everything random follows from it.
    pub seed: u64,
    /// Passes over the fitted photos.
    pub epochs: usize,
    /// Photos a step.
    pub batch_size: usize,
    /// Peak of the one-cycle schedule.
    pub learning_rate: f64,
    /// Part of the steps in which the rate rises.
    pub warmup: f64,
    /// AdamW's decay of weights; biases and batch norms have none.
    pub weight_decay: f32,
    /// Dropout before the classifier.
    pub dropout: f64,
    /// Decay of the moving average of the weights, which is what is evaluated and saved.
    pub average_decay: f64,
    /// Strength of mixup (Zhang et al. 2017): Beta(α, α); 0 turns it off.
    pub mixup: f64,
    /// Part of the photos held back to choose the epoch, thresholds and calibration on.
    pub holdout: f64,
    /// Side of the squashed input, pixels.
    pub side: usize,
    /// Stage from which on weights are fitted (`"layer4"`); what comes before it runs once per
    /// photo and mirror image, and its features are kept. Without it everything is fitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_from: Option<String>,
    /// Weights to begin with, relative to the data folder; without it everything starts afresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_weights: Option<String>,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            epochs: 10,
            batch_size: 64,
            learning_rate: 1.5e-3,
            warmup: 0.25,
            weight_decay: 0.01,
            dropout: 0.3,
            average_decay: 0.995,
            mixup: 0.0,
            holdout: 0.1,
            side: 224,
            train_from: None,
            initial_weights: None,
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
        let checks = [
            ("epochs", self.epochs > 0, "at least 1"),
            ("batch_size", self.batch_size > 1, "at least 2, as batch norm needs"),
            ("learning_rate", positive(self.learning_rate), "positive"),
            ("warmup", unit(self.warmup), "in 0..1"),
            ("weight_decay", (0.0..=1.0).contains(&self.weight_decay), "in 0..=1"),
            ("dropout", unit(self.dropout), "in 0..1"),
            ("average_decay", unit(self.average_decay), "in 0..1"),
            ("mixup", self.mixup.is_finite() && self.mixup >= 0.0, "0 or positive"),
            ("holdout", self.holdout > 0.0 && self.holdout < 1.0, "between 0 and 1"),
            ("side", self.side >= 32 && self.side.is_multiple_of(32), "a multiple of 32"),
        ];
        match checks.into_iter().find(|(_, fits, _)| !fits) {
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
        let cases =
            [("epoch = 3", "epoch"), ("epochs = 0", "epochs"), ("holdout = 1.0", "holdout")];
        for (text, expected) in cases {
            let error = TrainConfig::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn the_configurations_that_come_along_are_usable() {
        for text in [
            include_str!("../../configs/resnet18-layer4.toml"),
            include_str!("../../configs/resnet18-full.toml"),
        ] {
            assert_eq!(TrainConfig::from_toml(text).unwrap().side, 224);
        }
    }

    #[test]
    fn a_saved_configuration_reads_back() {
        let config = TrainConfig { train_from: Some("layer4".into()), ..TrainConfig::default() };
        assert_eq!(TrainConfig::from_toml(&toml::to_string(&config).unwrap()).unwrap(), config);
    }
}
