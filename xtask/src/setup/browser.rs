//! The browsers that tests drive.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system::{Absence, Need};
use super::{is_on_path, resolve};

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Chromium or Chrome.
pub(crate) const CHROMIUM: Need = Need {
    name: "Chromium",
    packages: &["chromium"],
    is_there: || chromium().is_ok(),
    absence: Absence::Fatal,
};
/// Firefox as Debian has it: what is called `firefox` may be a snap, which sees folders of its own
/// only.
pub(crate) const FIREFOX: Need = Need {
    name: "Firefox ESR",
    packages: &["firefox-esr"],
    is_there: || is_on_path("firefox-esr"),
    absence: Absence::Skips,
};
/// WebKit as a small browser that can be driven, and a screen for it.
pub(crate) const WEBKIT: Need = Need {
    name: "WebKitGTK with Xvfb",
    packages: &["webkit2gtk-driver", "xvfb"],
    is_there: || is_on_path("WebKitWebDriver") && is_on_path("Xvfb"),
    absence: Absence::Skips,
};

/// Chromium's executable; `TAGSIGHT_CHROMIUM` overrides the choice.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("TAGSIGHT_CHROMIUM") {
        return resolve(Path::new(&chosen)).context("TAGSIGHT_CHROMIUM");
    }
    let found = NAMES.iter().find_map(|name| resolve(Path::new(name)).ok());
    found.context("install Chromium or Chrome, or set TAGSIGHT_CHROMIUM to its executable")
}
