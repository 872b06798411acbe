//! Python environments in the cache: one with onnxruntime and what goes with it, and one for the wheel.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::system::{Absence, Need};
use super::{cache, fingerprint, found, installing};
use crate::shell::{self, root};

/// Python with what a virtual environment is made by.
pub(crate) const PYTHON: Need = Need {
    name: "Python 3 with venv",
    packages: &["python3", "python3-venv"],
    is_there: || shell::output(Command::new("python3").args(["-c", "import ensurepip"])).is_ok(),
    absence: Absence::Fatal,
};

/// Oracles and the benchmark's peers.
pub(crate) const ORACLES: &str = "tests/requirements.txt";
/// What makes the wheel, and what its tests need.
pub(crate) const WHEEL: &str = "bindings/python/tests/requirements.txt";

/// The interpreter of an environment with the packages that a file of the checkout pins by version and
/// digest.
pub(crate) fn environment(requirements: &str) -> Result<PathBuf> {
    let requirements = root().join(requirements);
    let pinned = fingerprint(&fs::read(&requirements)?);
    let folder = cache()?.join("python").join(pinned);
    let python = folder.join("bin/python");
    // Written last, so that a broken installation is not taken for a whole one.
    let complete = folder.join("complete");
    if complete.exists() {
        found("Python packages");
        return Ok(python);
    }
    installing("Python packages", || {
        shell::output(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            .context("install Python 3.11 or newer with its venv module")?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"]);
        shell::output(pip.arg(&requirements)).context("is PyPI reachable?")?;
        Ok(fs::write(complete, "")?)
    })
    .context("Python packages could not be installed")?;
    Ok(python)
}
