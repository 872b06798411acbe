//! The trainer's command line, the shipped model and the data that it is measured on.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::shell::{self, root};
use crate::test::Outcome;

/// What the model's card promises, less what sampling may cost.
const LEAST_MAP: f64 = 0.48;

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

/// The model that the site shows first.
pub(crate) fn shipped() -> Result<PathBuf> {
    let model = root().join("models/resnet18");
    ensure!(model.is_dir(), "there is no {}; train and export it first", model.display());
    Ok(model)
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
    let mut command = Command::new(trainer()?);
    shell::output(command.args(["tag", "--json", "--artifact"]).arg(artifact).args(photos))
}

/// Fails if the shipped model tags COCO's validation photos worse than it should.
pub(crate) fn measure() -> Result<Outcome> {
    let Some(data) = data() else {
        skipped("the shipped model's mean average precision");
        return Ok(Outcome::Skipped);
    };
    let coco = data.join("coco");
    let report = shell::output(
        Command::new(trainer()?)
            .args(["evaluate", "--json", "--artifact"])
            .arg(shipped()?)
            .arg("--images")
            .arg(coco.join("val"))
            .arg("--annotations")
            .arg(coco.join("annotations/instances_val.json")),
    )?;
    let report: serde_json::Value = serde_json::from_str(&report).context("trainer evaluate")?;
    let map = report["map_80"].as_f64().context("trainer evaluate gives no map_80")?;
    println!("mAP over 80 labels: {map:.4} on {} photos, {LEAST_MAP} wanted", report["photos"]);
    ensure!(map >= LEAST_MAP, "the model has become worse");
    Ok(Outcome::Passed)
}
