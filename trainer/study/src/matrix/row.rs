//! A way to quantise with its figures, whether it is a cell or has bits by layer.

use super::bench::{Measured, Runs};
use super::mixed::Mixed;
use super::setting::Setting;
use super::way::{Calibration, Method, Sharing};

/// One row of the study's table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Bits of weights and activations in short.
    pub(super) bits: String,
    /// The cell; none of one with bits by layer.
    pub(super) setting: Option<Setting>,
    /// What shares a scale.
    pub(super) sharing: Sharing,
    /// What it is calibrated on.
    pub(super) calibration: Calibration,
    /// How it was rounded.
    pub(super) method: String,
    /// Its figures.
    pub(super) measured: Measured,
}

impl Row {
    pub(super) fn of_cell(setting: &Setting, measured: Measured) -> Self {
        Self {
            bits: setting.bits(),
            setting: Some(*setting),
            sharing: setting.sharing,
            calibration: setting.calibration,
            method: setting.method.name().to_owned(),
            measured,
        }
    }

    /// None if the budget admits nothing.
    pub(super) fn of_mixed(mixed: &Mixed) -> Option<Self> {
        let made = mixed.made.clone()?;
        let bits = made.by_layer.values();
        let (least, most) = (bits.clone().min()?, bits.max()?);
        Some(Self {
            bits: format!("W{least}–{most}A7"),
            setting: None,
            sharing: Sharing::Channel,
            calibration: Calibration::Photos,
            method: format!("mixed, {:.0} %", 100.0 * mixed.budget),
            measured: made.measured,
        })
    }

    /// Its name among others.
    pub(super) fn name(&self) -> String {
        let Self { bits, sharing, calibration, method, .. } = self;
        format!("{bits} {method}, per {}, {}", sharing.name(), calibration.name())
    }

    /// Whether it is of that method with scales per channel and calibrated on photos.
    pub(super) fn is_usual(&self, method: Method) -> bool {
        self.setting.is_some_and(|setting| {
            setting.method == method
                && setting.sharing == Sharing::Channel
                && setting.calibration == Calibration::Photos
        })
    }

    /// Bytes of its artifact, if there is one.
    pub(super) fn file_bytes(&self) -> Option<usize> {
        match self.measured.engine {
            Runs::Here { file_bytes, .. } => Some(file_bytes),
            Runs::Nowhere(_) => None,
        }
    }

    /// A photo's time, if it was measured.
    pub(super) fn millis(&self) -> Option<f64> {
        match self.measured.engine {
            Runs::Here { millis, .. } => millis,
            Runs::Nowhere(_) => None,
        }
    }
}
