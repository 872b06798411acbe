//! Trunk's hook: this program, called again by every build of the page.

use std::env;
use std::path::PathBuf;

/// Trunk names the folder that it fills in this variable.
const STAGING: &str = "TRUNK_STAGING_DIR";

/// The folder that trunk is filling, if it is trunk that calls.
pub(crate) fn staging() -> Option<PathBuf> {
    env::var_os(STAGING).map(PathBuf::from)
}
