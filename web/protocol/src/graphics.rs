//! What is known of the graphics processor, as values.

use serde::{Deserialize, Serialize};

/// Why [`Runs::engine`](crate::Runs::engine) tags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Why {
    /// The graphics processor does.
    Accepted(Merit),
    /// The graphics processor does again, after it had gone away.
    Returned(Merit),
    /// The graphics processor does not, or no longer.
    Refused(Obstacle),
    /// The graphics processor does not until it is started again.
    Restarting(Obstacle),
}

/// What speaks for the graphics processor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Merit {
    /// It computes what the processor computes, and need not be faster.
    Checked,
    /// It is faster, too.
    Faster(Race),
}

/// Why the graphics processor does not tag, or no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Obstacle {
    /// There is none.
    Absent,
    /// It is the processor in disguise.
    Software,
    /// It is slower than the processor.
    Slower(Race),
    /// It went away; the browser's own words, if any.
    Lost(String),
    /// It did not answer within so many seconds.
    Late(u32),
    /// What it gave cannot be a photo's.
    Implausible,
    /// It failed in another way; the engine's own words, if any.
    Fault(String),
}

/// Milliseconds that both take for a photo.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Race {
    /// The graphics processor.
    pub gpu: f64,
    /// The processor.
    pub processor: f64,
}
