//! The Python wheel.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::setup::python::{self, PYTHON};
use crate::setup::system::{self, Consent};
use crate::shell::{self, root};
use crate::trainer::named;

/// Builds it as it is shipped, and says where it is.
pub(crate) fn build(consent: Consent) -> Result<()> {
    system::ensure_all(&[("wheel", &PYTHON)], consent)?;
    let folder = shell::target_folder().join("wheels");
    shell::run(&mut building("release", &folder)?)?;
    println!("{}", built(&folder)?.display());
    Ok(())
}

/// maturin at work with one of cargo's profiles. The folder will hold this wheel alone.
pub(crate) fn building(profile: &str, folder: &Path) -> Result<Command> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let mut maturin = Command::new(python::environment(python::WHEEL)?);
    maturin.args(["-m", "maturin", "build", "--quiet", "--locked", "--profile", profile]);
    maturin.arg("--out").arg(folder).current_dir(root().join("bindings/python"));
    maturin.env("CARGO_TARGET_DIR", shell::target_folder()).env_remove("RUSTFLAGS");
    Ok(maturin)
}

/// The wheel in a folder.
pub(crate) fn built(folder: &Path) -> Result<PathBuf> {
    let wheels = named(folder, &["whl"])?;
    wheels.into_iter().next().with_context(|| format!("no wheel is in {}", folder.display()))
}
