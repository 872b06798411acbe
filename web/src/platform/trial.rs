//! The mark of a graphics processor that is being tried for the first time on this visit.

use gloo_events::EventListener;

use super::memory::{Memory, forget, remember};
use super::window::window;

/// Stands for as long as this lives. If the page ends otherwise than by being left, the mark stays,
/// and the next visit finds it.
pub(crate) struct Trial {
    _on_leave: EventListener,
}

impl Trial {
    /// Sets the mark.
    pub(crate) fn begin() -> Self {
        remember(Memory::GpuTrial, "1");
        let on_leave = EventListener::new(&window(), "pagehide", |_| forget(Memory::GpuTrial));
        Self { _on_leave: on_leave }
    }

    /// Leaves the mark for the next visit.
    pub(crate) fn fail(self) {
        std::mem::forget(self);
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        forget(Memory::GpuTrial);
    }
}
