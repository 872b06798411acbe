//! From a model's name to a tagger that is ready.

use tagsight_core::{Isa, Tagger, TaggerError};
use tagsight_protocol::{Manifest, ManifestModel, Model, Progress};

use crate::download::Download;
use crate::platform;

/// Beside the folder of the worker's own script.
const MODELS: &str = "../models/";

/// Why there is no tagger. The messages are shown to people as they are.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    #[error(
        "This site has no model yet. Put one into its models folder (trainer export, then \
         trainer card) and build the site again."
    )]
    None,
    #[error("This site has no model named “{name}”. It has: {known}. Choose one of these.")]
    Unknown { name: String, known: String },
    #[error("The model could not be downloaded ({0}). Check your connection and try again.")]
    Network(String),
    #[error(
        "The model “{name}” was refused: its bytes are not the ones this site announces. \
         Try again; if that does not help, the site has to be built again."
    )]
    Altered { name: String },
    #[error("The model needs {} MB, which this device does not give. Close other tabs and try again.",
        bytes / 1_000_000)]
    Memory { bytes: u64 },
    #[error("The model cannot be used: {0}. The site has to be built with another one.")]
    Unusable(#[from] TaggerError),
}

impl ModelError {
    /// Whether the site simply lacks the model.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::None | Self::Unknown { .. })
    }
}

/// Fetches, checks and packs the model called `name`, or the site's first.
pub(crate) async fn load(
    name: Option<&str>,
    on_progress: impl Fn(Progress),
) -> Result<(Tagger, Model), ModelError> {
    let started = platform::now();
    let manifest = fetch_manifest().await?;
    let chosen = choose(&manifest, name)?;
    let artifact = fetch_artifact(chosen, on_progress).await?;
    let tagger = Tagger::new(&artifact, Isa::best())?;
    drop(artifact);
    let model = Model {
        name: chosen.name.clone(),
        bytes: chosen.bytes,
        labels: tagger.metadata().labels.clone(),
        load_millis: platform::now() - started,
        wasm_bytes: platform::wasm_bytes(),
    };
    Ok((tagger, model))
}

async fn fetch_manifest() -> Result<Manifest, ModelError> {
    let mut text = Vec::new();
    let path = format!("{MODELS}manifest.json");
    let collect = |chunk: &[u8]| {
        text.extend_from_slice(chunk);
        Ok(())
    };
    if !platform::fetch(&path, collect).await? {
        return Err(ModelError::None);
    }
    serde_json::from_slice(&text).map_err(|error| ModelError::Network(error.to_string()))
}

async fn fetch_artifact(
    model: &ManifestModel,
    on_progress: impl Fn(Progress),
) -> Result<Vec<u8>, ModelError> {
    let mut download = Download::new(model)?;
    let path = format!("{MODELS}{}", model.file);
    let found = platform::fetch(&path, |chunk| {
        on_progress(download.push(chunk)?);
        Ok(())
    });
    if found.await? { download.finish() } else { Err(ModelError::None) }
}

fn choose<'a>(manifest: &'a Manifest, name: Option<&str>) -> Result<&'a ManifestModel, ModelError> {
    let first = manifest.models.first().ok_or(ModelError::None)?;
    let Some(name) = name else { return Ok(first) };
    manifest.models.iter().find(|model| model.name == name).ok_or_else(|| {
        let known: Vec<&str> = manifest.models.iter().map(|model| model.name.as_str()).collect();
        ModelError::Unknown { name: name.to_owned(), known: known.join(", ") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(names: &[&str]) -> Manifest {
        let model = |name: &&str| ManifestModel {
            name: (*name).to_owned(),
            file: format!("{name}/model.safetensors"),
            bytes: 0,
            sha256: String::new(),
        };
        Manifest { models: names.iter().map(model).collect() }
    }

    #[test]
    fn the_first_model_is_the_default() {
        let models = manifest(&["resnet18", "resnet50"]);
        assert_eq!(choose(&models, None).unwrap().name, "resnet18");
        assert_eq!(choose(&models, Some("resnet50")).unwrap().name, "resnet50");
    }

    #[test]
    fn a_missing_model_is_told_apart_and_named() {
        assert!(choose(&manifest(&[]), Some("resnet18")).unwrap_err().is_missing());
        let error = choose(&manifest(&["resnet18"]), Some("vgg")).unwrap_err();
        assert!(error.is_missing());
        assert!(error.to_string().contains("“vgg”. It has: resnet18."), "{error}");
    }
}
