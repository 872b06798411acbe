//! What the commands need beside Rust: found, or installed in pinned versions.
//!
//! Tools land in a cache outside the checkout, `~/.cache/tagsight` or `TAGSIGHT_CACHE`. What only the
//! system's package manager has is installed after a question (`system.rs`).

mod apt;
pub(crate) mod browser;
pub(crate) mod npm;
mod progress;
pub(crate) mod python;
pub(crate) mod rust;
pub(crate) mod site_tools;
pub(crate) mod system;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

pub(crate) use progress::{found, installing};

use crate::shell;

/// The cache's folder, made if need be.
pub(crate) fn cache() -> Result<PathBuf> {
    let cache = match env::var_os("TAGSIGHT_CACHE") {
        Some(chosen) => PathBuf::from(chosen),
        None => env::home_dir()
            .context("there is no home folder; set TAGSIGHT_CACHE to a folder for tools")?
            .join(".cache/tagsight"),
    };
    fs::create_dir_all(&cache)
        .with_context(|| format!("{} cannot be made; set TAGSIGHT_CACHE", cache.display()))?;
    Ok(cache)
}

/// A short name for what these bytes say: other bytes, another name.
fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))[..16].to_owned()
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether `program --version` names `version`.
fn has_version(program: &Path, version: &str) -> bool {
    shell::output(Command::new(program).arg("--version"))
        .is_ok_and(|text| text.split_whitespace().any(|word| word == version))
}

/// Whether `program` can be started by its name.
fn is_on_path(program: &str) -> bool {
    resolve(Path::new(program)).is_ok()
}

/// The file that running `program` would run.
fn resolve(program: &Path) -> Result<PathBuf> {
    if program.components().count() > 1 {
        ensure!(program.is_file(), "{} does not exist", program.display());
        return Ok(program.to_path_buf());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .with_context(|| format!("{} is not on PATH", program.display()))
}
