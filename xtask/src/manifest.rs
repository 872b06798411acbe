//! `models/manifest.json`, made from the models' cards.
//!
//! Nothing is typed by hand, so the page cannot promise what no card measured.

use std::cmp::Reverse;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use tagsight_protocol::{Latency, Manifest, ManifestModel, Metric, Score};

use crate::setup::hex;
use crate::shell::{read, root};

/// The manifest's name in the folder of all models.
pub(crate) const NAME: &str = "manifest.json";
/// What the repository may carry.
const LARGEST_TOTAL: u64 = 40_000_000;

/// What a card says, as far as the page shows it.
#[derive(serde::Deserialize)]
struct Card {
    name: String,
    architecture: String,
    file: String,
    bytes: u64,
    sha256: String,
    measured: Option<Measured>,
}

#[derive(serde::Deserialize)]
struct Measured {
    int8_score: Score,
}

/// The manifest of `models/` as it is stored.
pub(crate) fn stored() -> Result<Manifest> {
    serde_json::from_slice(&read(&root().join("models").join(NAME))?).context(NAME)
}

/// Writes the manifest of `models/`.
pub(crate) fn write() -> Result<()> {
    let models = root().join("models");
    let manifest = generate(&models)?;
    fs::write(models.join(NAME), text(&manifest)?).context(NAME)?;
    for model in &manifest.models {
        let default = if model.default { ", the default" } else { "" };
        let score = words(&model.score);
        eprintln!(
            "  {}: {} bytes, {score} {:.4}{default}",
            model.name, model.bytes, model.score.value
        );
    }
    Ok(())
}

/// What a score measures, for people.
pub(crate) fn words(score: &Score) -> String {
    let metric = match score.metric {
        Metric::Map => "mAP",
        Metric::Accuracy => "accuracy",
        Metric::R2 => "R²",
    };
    format!("{metric} over {}", score.over)
}

/// The manifest as it is stored.
fn text(manifest: &Manifest) -> Result<String> {
    Ok(serde_json::to_string_pretty(manifest)? + "\n")
}

/// The manifest of a folder of models: fastest first, of equally fast ones the best first by whatever
/// they were measured, and the first is the default.
fn generate(models: &Path) -> Result<Manifest> {
    let mut listed = Vec::new();
    for entry in fs::read_dir(models).with_context(|| models.display().to_string())? {
        let folder = entry?.path();
        if folder.is_dir() {
            listed.push(model(&folder).with_context(|| folder.display().to_string())?);
        }
    }
    let per_mille = |model: &ManifestModel| (model.score.value * 1e3).round() as u32;
    listed.sort_by_key(|model| (model.latency, Reverse(per_mille(model)), model.name.clone()));
    for (index, model) in listed.iter_mut().enumerate() {
        model.default = index == 0;
    }
    let total: u64 = listed.iter().map(|model| model.bytes).sum();
    ensure!(total <= LARGEST_TOTAL, "the models have {total} bytes, {LARGEST_TOTAL} are allowed");
    Ok(Manifest { models: listed })
}

/// One model, as its folder and its card have it.
fn model(folder: &Path) -> Result<ManifestModel> {
    let card: Card = serde_json::from_slice(&read(&folder.join("card.json"))?)?;
    let artifact = read(&folder.join(&card.file))?;
    let same =
        artifact.len() as u64 == card.bytes && hex(&Sha256::digest(&artifact)) == card.sha256;
    ensure!(same, "{} is not the file that card.json describes; export it again", card.file);
    ensure!(folder.ends_with(&card.name), "card.json is of a model named {}", card.name);
    let measured = card.measured.context("not measured yet; run `trainer card`")?;
    let (title, latency) = known(&card.architecture)?;
    Ok(ManifestModel {
        title: titled(title, card.name.strip_prefix(&card.architecture).unwrap_or(&card.name)),
        file: format!("{}/{}", card.name, card.file),
        name: card.name,
        bytes: card.bytes,
        sha256: card.sha256,
        score: measured.int8_score,
        latency,
        default: false,
    })
}

/// A network's title, and how fast it is: ResNet-50 takes twice as long as ResNet-18 (`cargo xtask
/// bench`); MobileNetV2 and EfficientNet-Lite0 to 2 multiply a sixth to a third as often.
fn known(architecture: &str) -> Result<(&'static str, Latency)> {
    Ok(match architecture {
        "mobilenet_v2" => ("MobileNetV2", Latency::Fast),
        "efficientnet_lite0" => ("EfficientNet-Lite0", Latency::Fast),
        "efficientnet_lite1" => ("EfficientNet-Lite1", Latency::Fast),
        "efficientnet_lite2" => ("EfficientNet-Lite2", Latency::Fast),
        "efficientnet_lite3" => ("EfficientNet-Lite3", Latency::Medium),
        "efficientnet_lite4" => ("EfficientNet-Lite4", Latency::Medium),
        "resnet18" => ("ResNet-18", Latency::Medium),
        "resnet34" => ("ResNet-34", Latency::Slow),
        "resnet50" => ("ResNet-50", Latency::Slow),
        other => bail!("{other} has no title and latency yet; add them to xtask/src/manifest.rs"),
    })
}

/// The title with what the folder's name adds to the network's: `-w4` is 4-bit weights.
fn titled(title: &str, suffix: &str) -> String {
    let suffix = suffix.trim_start_matches('-');
    let bits = suffix.strip_prefix('w').filter(|bits| bits.parse::<u8>().is_ok());
    match (suffix, bits) {
        ("", _) => title.to_owned(),
        (_, Some(bits)) => format!("{title}, {bits}-bit"),
        (suffix, None) => format!("{title}, {suffix}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_the_one_that_the_models_give() {
        let models = root().join("models");
        let stored = fs::read_to_string(models.join(NAME)).unwrap();
        let generated = text(&generate(&models).unwrap()).unwrap();
        assert_eq!(stored, generated, "run `cargo xtask manifest`");
    }

    /// A folder of models with their cards; `(name, architecture, mAP)`.
    fn folder(models: &[(&str, &str, f64)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, architecture, map) in models {
            let model = folder.path().join(name);
            fs::create_dir(&model).unwrap();
            fs::write(model.join("model.safetensors"), name).unwrap();
            let card = serde_json::json!({
                "name": name, "architecture": architecture, "file": "model.safetensors",
                "bytes": name.len(), "sha256": hex(&Sha256::digest(name)),
                "measured": { "int8_score": { "metric": "map", "over": 80, "value": map } },
            });
            fs::write(model.join("card.json"), card.to_string()).unwrap();
        }
        folder
    }

    #[test]
    fn the_fastest_comes_first_and_then_the_best() {
        let models = folder(&[
            ("resnet50", "resnet50", 0.7),
            ("resnet18", "resnet18", 0.5),
            ("resnet18-w4", "resnet18", 0.6),
            ("mobilenet_v2", "mobilenet_v2", 0.4),
        ]);
        let manifest = generate(models.path()).unwrap();
        let seen = manifest.models.iter().map(|m| (m.title.as_str(), m.latency, m.default));
        let expected = [
            ("MobileNetV2", Latency::Fast, true),
            ("ResNet-18, 4-bit", Latency::Medium, false),
            ("ResNet-18", Latency::Medium, false),
            ("ResNet-50", Latency::Slow, false),
        ];
        assert_eq!(seen.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_contradicts_its_card_is_refused() {
        let refused = |spoil: &dyn Fn(&Path)| {
            let models = folder(&[("resnet18", "resnet18", 0.5)]);
            spoil(&models.path().join("resnet18"));
            format!("{:#}", generate(models.path()).unwrap_err())
        };
        let error = refused(&|model| fs::write(model.join("model.safetensors"), "other").unwrap());
        assert!(error.contains("export it again"), "{error}");
        let error = refused(&|model| fs::remove_file(model.join("card.json")).unwrap());
        assert!(error.contains("card.json cannot be read"), "{error}");
        let error = refused(&|model| fs::rename(model, model.with_file_name("other")).unwrap());
        assert!(error.contains("a model named resnet18"), "{error}");
    }

    #[test]
    fn an_unmeasured_model_and_an_unknown_network_say_what_to_do() {
        let models = folder(&[("vgg", "vgg", 0.5)]);
        let error = format!("{:#}", generate(models.path()).unwrap_err());
        assert!(error.contains("vgg has no title"), "{error}");
        let card = models.path().join("vgg/card.json");
        let text = fs::read_to_string(&card).unwrap().replace("measured", "guessed");
        fs::write(card, text).unwrap();
        let error = format!("{:#}", generate(models.path()).unwrap_err());
        assert!(error.contains("trainer card"), "{error}");
    }
}
