//! What of a report differs from run to run.

use serde::Serialize;

/// Whether a number follows from the settings, or from the clock as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The same settings give the same number.
    #[default]
    Figure,
    /// Timed: it differs from run to run.
    Time,
}
