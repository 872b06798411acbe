//! No other thread than the worker's own.

use tagsight_core::Threads;

/// What need not be waited for.
pub(crate) struct Starting;

impl Starting {
    /// However many are asked for.
    pub(crate) fn begin(_: u32) -> Self {
        Self
    }

    /// The one that asks.
    pub(crate) async fn team(self) -> Threads {
        Threads::One
    }
}
