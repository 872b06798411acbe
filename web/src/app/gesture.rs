//! What a finger is doing.

use crate::platform::Timer;

/// What a finger is doing.
#[derive(Default)]
pub(super) enum Gesture {
    /// Nothing.
    #[default]
    None,
    /// It rests on a tile, and begins to choose when the timer ends.
    Resting(#[allow(dead_code, reason = "it runs for as long as it is held")] Timer),
    /// It chooses what it sweeps over.
    Sweeping,
    /// It is up again; the click that browsers make of it means nothing.
    Swept,
}
