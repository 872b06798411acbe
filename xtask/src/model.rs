//! The trainer's command line, the shipped models and the data that they are measured on.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::manifest;
use crate::shell::{self, root};
use crate::test::Outcome;

/// The integers are the same everywhere; only the scores' last digits may differ.
const MAP_TOLERANCE: f64 = 1e-3;

/// COCO's folder, if there is one.
pub(crate) fn data() -> Option<PathBuf> {
    let folder = env::var_os("TAGSIGHT_DATA").map_or_else(|| root().join("data"), PathBuf::from);
    folder.join("coco").is_dir().then_some(folder)
}

/// Says that a check has no data.
fn skipped(check: &str) {
    println!("SKIPPED, no COCO photos (set TAGSIGHT_DATA, or put them into data/): {check}");
}

/// The trainer, built.
pub(crate) fn trainer() -> Result<PathBuf> {
    shell::run(
        Command::new("cargo")
            .args(["build", "--quiet", "--release", "--package", "tagsight-trainer"])
            .current_dir(root())
            .env_remove("RUSTFLAGS"),
    )?;
    Ok(shell::target_folder().join("release/trainer"))
}

/// The folder of the model that the site takes unless told otherwise.
pub(crate) fn default() -> Result<PathBuf> {
    let manifest = manifest::stored()?;
    let default = manifest.models.iter().find(|model| model.default);
    let default = default.context("no model is the default; train and export one first")?;
    Ok(root().join("models").join(&default.name))
}

/// A network with random weights in `folder`, for tests that need another model. Its images have
/// `side`² pixels.
pub(crate) fn export_random(folder: &Path, architecture: &str, side: &str) -> Result<()> {
    let random = ["export", "--random", "--random-side", side, "--seed", "1"];
    let mut command = Command::new(trainer()?);
    shell::run(command.args(random).args(["--model", architecture, "--out"]).arg(folder))
}

/// Real photos where there are any, and the small pictures of every encoding.
pub(crate) fn photos() -> Result<Vec<PathBuf>> {
    let mut photos = match data() {
        Some(data) => images(&data.join("coco/photos"))?,
        None => {
            skipped("real photos; the tests' own pictures are used");
            Vec::new()
        }
    };
    photos.extend(images(&root().join("tests/fixtures/photos"))?);
    Ok(photos)
}

/// JPEG, PNG and WebP files of a folder, by name.
fn images(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| {
        let extension = file.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("jpg" | "png" | "webp"))
    });
    files.sort();
    Ok(files)
}

/// `trainer tag --json` of these photos.
pub(crate) fn tags(artifact: &Path, photos: &[PathBuf]) -> Result<String> {
    tags_with(artifact, photos, &[])
}

/// [`tags`] with further arguments.
pub(crate) fn tags_with(artifact: &Path, photos: &[PathBuf], further: &[&str]) -> Result<String> {
    let mut command = Command::new(trainer()?);
    let command = command.args(["tag", "--json"]).args(further).arg("--artifact");
    shell::output(command.arg(artifact).args(photos))
}

/// Fails if a shipped model tags COCO's validation photos worse than its card says.
pub(crate) fn measure() -> Result<Outcome> {
    let Some(data) = data() else {
        skipped("the shipped models' mean average precision");
        return Ok(Outcome::Skipped);
    };
    for model in manifest::stored()?.models {
        let map = evaluate(&root().join("models").join(&model.name), &data.join("coco"))?;
        println!("{}: mAP over 80 labels {map:.4}, {:.4} on its card", model.name, model.map_80);
        ensure!(map >= model.map_80 - MAP_TOLERANCE, "{} has become worse", model.name);
    }
    Ok(Outcome::Passed)
}

/// Mean average precision on COCO's validation photos.
fn evaluate(artifact: &Path, coco: &Path) -> Result<f64> {
    let report = shell::output(
        Command::new(trainer()?)
            .args(["evaluate", "--json", "--artifact"])
            .arg(artifact)
            .arg("--images")
            .arg(coco.join("val"))
            .arg("--annotations")
            .arg(coco.join("annotations/instances_val.json")),
    )?;
    let report: serde_json::Value = serde_json::from_str(&report).context("trainer evaluate")?;
    report["map_80"].as_f64().context("trainer evaluate gives no map_80")
}
