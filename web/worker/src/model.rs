//! From a model's file to a tagger that is ready.

use tagsight_core::{Isa, Metadata, Tagger, TaggerError};
use tagsight_protocol::{Model, ModelFile, Progress};

use crate::download::Download;
use crate::platform;

/// Beside the folder of the worker's own script.
const MODELS: &str = "../models/";

/// Why there is no tagger. The messages are shown to people as they are.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    #[error(
        "This site lists the model “{name}” and does not have its file. Choose another model; the \
         site has to be built again."
    )]
    Missing { name: String },
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

/// Fetches, checks and packs a model; gives its file as well.
pub(crate) async fn load(
    file: &ModelFile,
    on_progress: impl Fn(Progress),
) -> Result<(Vec<u8>, Tagger), ModelError> {
    let bytes = fetch(file, on_progress).await?;
    let tagger = Tagger::new(&bytes, Isa::best())?;
    Ok((bytes, tagger))
}

/// What the page is told of a model.
pub(crate) fn describe(file: &ModelFile, metadata: &Metadata, load_millis: f64) -> Model {
    Model {
        name: file.name.clone(),
        bytes: file.bytes,
        labels: metadata.labels.clone(),
        load_millis,
        wasm_bytes: platform::wasm_bytes(),
    }
}

async fn fetch(file: &ModelFile, on_progress: impl Fn(Progress)) -> Result<Vec<u8>, ModelError> {
    let mut download = Download::new(file)?;
    let path = format!("{MODELS}{}", file.file);
    let found = platform::fetch(&path, |chunk| {
        on_progress(download.push(chunk)?);
        Ok(())
    });
    if found.await? {
        download.finish()
    } else {
        Err(ModelError::Missing { name: file.name.clone() })
    }
}
