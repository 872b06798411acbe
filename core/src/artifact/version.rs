//! Versions of the format.

/// The version that is written; all since the first are read.
pub const FORMAT_VERSION: u32 = 4;
/// The first version whose weights may take 4 bits.
pub(super) const FOUR_BIT_VERSION: u32 = 2;
/// The first version that holds its network's layers; those before name an architecture.
pub(super) const GRAPH_VERSION: u32 = 4;
