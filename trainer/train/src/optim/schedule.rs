//! The learning rate over the steps of a run.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// A warm-up begins at the highest rate / this.
const START_DIVISOR: f64 = 25.0;
/// A one-cycle ends at its start / this.
const END_DIVISOR: f64 = 1e4;

/// The shape of the learning rate; the run's `learning_rate` is its highest value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ScheduleConfig {
    /// Up along a cosine and down along one, to nearly nothing (Smith and Topin 2017).
    OneCycle {
        /// Part of the run's steps in which it rises.
        #[serde(default = "default::warmup")]
        warmup: f64,
    },
    /// Up along a line, then down along a cosine.
    Cosine {
        /// Part of the run's steps in which it rises.
        #[serde(default)]
        warmup: f64,
        /// Part of the highest rate that it falls to.
        #[serde(default)]
        floor: f64,
    },
    /// Up along a line, then level.
    Constant {
        /// Part of the run's steps in which it rises.
        #[serde(default)]
        warmup: f64,
    },
    /// Up along a line, then level, but for a drop every so many epochs.
    Step {
        /// Part of the run's steps in which it rises.
        #[serde(default)]
        warmup: f64,
        /// Epochs from a drop to the next.
        every: usize,
        /// What a drop multiplies the rate by.
        #[serde(default = "default::factor")]
        factor: f64,
    },
}

/// Defaults of the schedules' settings.
mod default {
    pub(super) fn warmup() -> f64 {
        0.25
    }

    pub(super) fn factor() -> f64 {
        0.1
    }
}

impl Default for ScheduleConfig {
    fn default() -> Self {
        Self::OneCycle { warmup: default::warmup() }
    }
}

impl ScheduleConfig {
    /// The settings' keys, whether their values make sense, and what they must be.
    pub(crate) fn checks(&self) -> Vec<(&'static str, bool, &'static str)> {
        let part = |value: f64| (0.0..1.0).contains(&value);
        let mut checks = vec![("schedule.warmup", part(self.warmup()), "in 0..1")];
        match self {
            Self::OneCycle { .. } | Self::Constant { .. } => {}
            Self::Cosine { floor, .. } => checks.push(("schedule.floor", part(*floor), "in 0..1")),
            Self::Step { every, factor, .. } => checks.extend([
                ("schedule.every", *every > 0, "at least 1"),
                ("schedule.factor", *factor > 0.0 && *factor < 1.0, "between 0 and 1"),
            ]),
        }
        checks
    }

    fn warmup(&self) -> f64 {
        match *self {
            Self::OneCycle { warmup }
            | Self::Cosine { warmup, .. }
            | Self::Constant { warmup }
            | Self::Step { warmup, .. } => warmup,
        }
    }
}

/// The learning rate of a run's steps.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The shape.
    pub shape: ScheduleConfig,
    /// Highest rate.
    pub peak: f64,
    /// Epochs of the whole run.
    pub epochs: usize,
    /// Steps of one.
    pub epoch_steps: usize,
}

impl Schedule {
    /// The rate of step `step`, counted from 0 over the whole run.
    pub fn rate(&self, step: usize) -> f64 {
        let steps = (self.epochs * self.epoch_steps) as f64;
        let at = step as f64;
        if let ScheduleConfig::OneCycle { warmup } = self.shape {
            return self.peak * one_cycle(at, steps, warmup);
        }
        let rising = (self.shape.warmup() * steps).round();
        if at < rising {
            return self.peak * (1.0 + (START_DIVISOR - 1.0) * at / rising) / START_DIVISOR;
        }
        self.peak
            * match self.shape {
                ScheduleConfig::Cosine { floor, .. } => {
                    cosine(1.0, floor, (at - rising) / (steps - rising))
                }
                ScheduleConfig::Step { every, factor, .. } => {
                    factor.powi((step / self.epoch_steps / every) as i32)
                }
                ScheduleConfig::Constant { .. } | ScheduleConfig::OneCycle { .. } => 1.0,
            }
    }
}

/// Of a highest rate of 1. The peak lies on the last step of the rise, as in PyTorch.
fn one_cycle(at: f64, steps: f64, warmup: f64) -> f64 {
    let start = 1.0 / START_DIVISOR;
    let (peak_at, end_at) = ((warmup * steps - 1.0).max(0.0), steps - 1.0);
    if at < peak_at {
        return cosine(start, 1.0, at / peak_at);
    }
    let falling = (end_at - peak_at).max(1.0);
    cosine(1.0, start / END_DIVISOR, ((at - peak_at) / falling).min(1.0))
}

/// From `from` to `to` as `progress` goes from 0 to 1.
fn cosine(from: f64, to: f64, progress: f64) -> f64 {
    to + (from - to) * (1.0 + (PI * progress).cos()) / 2.0
}
