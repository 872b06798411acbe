//! Photos that look alike, while the user looks at them.

use crate::alike::Alike;

/// Groups that are shown at first, and more at a time: their pictures are in memory.
pub(super) const GROUPS: usize = 20;

/// Groups that are being looked at.
pub(super) struct Compared {
    /// All of them.
    pub(super) found: Alike,
    /// How many are shown.
    pub(super) shown: usize,
}

impl Compared {
    /// Keys of all photos that are shown.
    pub(super) fn keys(&self) -> impl Iterator<Item = u32> {
        self.found.groups.iter().take(self.shown).flatten().copied()
    }
}
