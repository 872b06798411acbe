//! Versions of what is stored.
//!
//! A field that is missing has its default, so what an older build stored is always read. What a newer
//! build stored is refused by name, as writing it back would lose what only that build knows.

/// The version that this build writes.
pub const VERSION: u32 = 1;

/// A part of what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A photo's record.
    Photo,
    /// The library's settings.
    Settings,
    /// A step of history.
    History,
    /// A file to restore from.
    Backup,
}

/// Something was stored by a newer build, and must not be written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newer {
    /// What it is.
    pub part: Part,
    /// Its version.
    pub version: u32,
}

/// The version of anything stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// As stored.
    pub(crate) version: u32,
}

impl Stamp {
    /// Refuses what is newer.
    pub(crate) fn check(self, part: Part) -> Result<(), Newer> {
        match self.version {
            ..=VERSION => Ok(()),
            version => Err(Newer { part, version }),
        }
    }
}
