//! What is known of the graphics processor, as values.

use tagsight_plain::message;

/// Why [`Runs::backend`](crate::Runs::backend) tags.
#[derive(Debug, Clone, PartialEq)]
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

message!(
    enum Why {
        Accepted(merit),
        Returned(merit),
        Refused(obstacle),
        Restarting(obstacle),
    }
);

/// What speaks for the graphics processor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Merit {
    /// It computes what the processor computes, and need not be faster.
    Checked,
    /// It is faster, too.
    Faster(Race),
}

message!(
    enum Merit {
        Checked,
        Faster(race),
    }
);

/// Why the graphics processor does not tag, or no longer.
#[derive(Debug, Clone, PartialEq)]
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

message!(
    enum Obstacle {
        Absent,
        Software,
        Slower(race),
        Lost(words),
        Late(seconds),
        Implausible,
        Fault(words),
    }
);

/// Milliseconds that both take for a photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Race {
    /// The graphics processor.
    pub gpu: f64,
    /// The processor.
    pub processor: f64,
}

message!(struct Race { gpu, processor });
