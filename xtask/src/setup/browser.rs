//! The Chromium that tests drive.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::resolve;
use super::system::Need;

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Chromium or Chrome.
pub(crate) const CHROMIUM: Need =
    Need { name: "Chromium", packages: &["chromium"], is_there: || chromium().is_ok() };

/// Its executable; `TAGSIGHT_CHROMIUM` overrides the choice.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("TAGSIGHT_CHROMIUM") {
        return resolve(Path::new(&chosen)).context("TAGSIGHT_CHROMIUM");
    }
    let found = NAMES.iter().find_map(|name| resolve(Path::new(name)).ok());
    found.context("install Chromium or Chrome, or set TAGSIGHT_CHROMIUM to its executable")
}
