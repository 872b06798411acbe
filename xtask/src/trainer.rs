//! The trainer's command line, and the photos that it is tried on.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{self, root};

/// The trainer, built as users build it.
pub(crate) fn build() -> Result<PathBuf> {
    shell::run(shell::cargo("build").args([
        "--quiet",
        "--release",
        "--package",
        "tagsight-trainer",
    ]))?;
    Ok(shell::target_folder().join("release/trainer"))
}

/// COCO's folder, if there is one.
pub(crate) fn data() -> Option<PathBuf> {
    let folder = env::var_os("TAGSIGHT_DATA").map_or_else(|| root().join("data"), PathBuf::from);
    folder.join("coco").is_dir().then_some(folder)
}

/// JPEG, PNG and WebP files of a folder, by name.
pub(crate) fn images(folder: &Path) -> Result<Vec<PathBuf>> {
    named(folder, &["jpg", "png", "webp"])
}

/// Files of a folder whose names end so, by name.
pub(crate) fn named(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| {
        let extension = file.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    });
    files.sort();
    Ok(files)
}

/// `trainer tag --json` of these photos, with `further` arguments.
pub(crate) fn tag(
    trainer: &Path,
    artifact: &Path,
    photos: &[PathBuf],
    further: &[&str],
) -> Command {
    let mut command = Command::new(trainer);
    command.args(["tag", "--json"]).args(further).arg("--artifact").arg(artifact).args(photos);
    command
}

/// `trainer export` of a network with random weights into `folder`, for tests that need another
/// model. Its images have `side`² pixels.
pub(crate) fn export_random(
    trainer: &Path,
    folder: &Path,
    architecture: &str,
    side: &str,
) -> Command {
    let mut command = Command::new(trainer);
    command.args(["export", "--random", "--random-side", side, "--seed", "1"]);
    command.args(["--model", architecture, "--out"]).arg(folder);
    command
}

/// `trainer study matrix` in miniature, into `folder`.
pub(crate) fn study_in_miniature(trainer: &Path, folder: &Path) -> Command {
    let mut command = Command::new(trainer);
    command.args(["study", "matrix", "--quick", "--out"]).arg(folder);
    command
}
