//! The shipped models.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::manifest;
use crate::shell::root;

/// A model's folder.
pub(crate) fn folder(name: &str) -> PathBuf {
    root().join("models").join(name)
}

/// The folder of the model that the site takes unless told otherwise.
pub(crate) fn default() -> Result<PathBuf> {
    let manifest = manifest::stored()?;
    let default = manifest.models.iter().find(|model| model.default);
    Ok(folder(&default.context("no model is the default; train and export one first")?.name))
}
