//! A Python environment with onnxruntime and what goes with it, in the cache.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::shell::{self, root};
use crate::tools;

/// The environment's interpreter, with the packages that `tests/requirements.txt` pins.
pub(crate) fn environment() -> Result<PathBuf> {
    let requirements = root().join("tests/requirements.txt");
    let digest = tools::hex(&Sha256::digest(fs::read(&requirements)?));
    let folder = tools::cache()?.join("python").join(&digest[..16]);
    let python = folder.join("bin/python");
    // Written last, so that a broken installation is not taken for a whole one.
    let complete = folder.join("complete");
    if complete.exists() {
        tools::report("Python packages", "found");
        return Ok(python);
    }
    tools::report("Python packages", "installing…");
    make(&folder)?;
    shell::output(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&requirements),
    )
    .context("Python packages could not be installed; is PyPI reachable?")?;
    fs::write(complete, "")?;
    Ok(python)
}

fn make(folder: &PathBuf) -> Result<()> {
    let venv = || shell::output(Command::new("python3").args(["-m", "venv"]).arg(folder));
    if venv().is_err() {
        tools::system_install(&["python3", "python3-venv"])?;
        venv().context("install Python 3.11 or newer with its venv module")?;
    }
    Ok(())
}
