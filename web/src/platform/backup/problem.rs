//! Why a library could not be brought back.

/// Why a file could not be brought back. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackupProblem {
    /// It is a file of another kind.
    NotABackup,
    /// A newer build of this page wrote it.
    NewerVersion,
    /// Its end is missing.
    Cut,
    /// It was changed since, or is no backup that this page wrote.
    Damaged,
    /// The browser could not read it: it was moved, or changed meanwhile.
    Unreadable,
}
