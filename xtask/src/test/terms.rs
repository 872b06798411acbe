//! What a run of the tests was told, for whoever does a part of it.

use crate::setup::system::Consent;

/// What a run agreed to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// Whether system packages may be installed.
    pub(crate) consent: Consent,
    /// Whether every case is to be looked at.
    pub(crate) thorough: bool,
}
