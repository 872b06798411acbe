//! What is remembered from visit to visit, where the browser lets a page do so.

use web_sys::Storage;

use super::window::window;

/// Something that is remembered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Memory {
    /// The model that was last chosen.
    Model,
    /// What was last chosen to tag.
    Backend,
    /// The language that was last chosen.
    Language,
    /// The graphics processor is being tried, and may take the page down.
    GpuTrial,
}

impl Memory {
    fn key(self) -> &'static str {
        match self {
            Self::Model => "tagsight.model",
            Self::Backend => "tagsight.engine",
            Self::Language => "tagsight.language",
            Self::GpuTrial => "tagsight.gpu-trial",
        }
    }
}

/// What was remembered.
pub(crate) fn remembered(memory: Memory) -> Option<String> {
    storage()?.get_item(memory.key()).ok().flatten()
}

/// Remembers something, if the browser lets it.
pub(crate) fn remember(memory: Memory, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs a choice next time, nothing now.
        let _ = storage.set_item(memory.key(), value);
    }
}

/// Forgets it again.
pub(super) fn forget(memory: Memory) {
    if let Some(storage) = storage() {
        // What could not be stored is not there.
        let _ = storage.remove_item(memory.key());
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
