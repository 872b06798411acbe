//! From a model's file to a tagger that is ready.

use tagsight_core::{Isa, Metadata, Steps, Tagger, tags};
use tagsight_protocol::{AtLeast, LoadError, Model, ModelFile, Progress, Thresholds};

use crate::decode;
use crate::download::Download;
use crate::platform::{self, Source};
use crate::reason;

/// Beside the folder of the worker's own script.
const MODELS: &str = "../models/";

/// Fetches, checks and packs a model; gives its file and what the page is told of it as well.
pub(crate) async fn load(
    file: &ModelFile,
    on_progress: impl Fn(Progress),
) -> Result<(Vec<u8>, Tagger, Model), LoadError> {
    let bytes = fetch(file, on_progress).await?;
    let tagger = Tagger::new(&bytes, Isa::best()).map_err(|error| reason::of_model(&error))?;
    let model = describe(file, tagger.metadata())?;
    Ok((bytes, tagger, model))
}

/// What the page is told of a model; how long it took, and how many threads run it, is known when it is
/// told.
///
/// # Errors
/// If it gives no tags.
fn describe(file: &ModelFile, metadata: &Metadata) -> Result<Model, LoadError> {
    let no_tags = || LoadError::NoTags(file.name.clone());
    let rule = metadata.task.rule(metadata.labels.len()).ok_or_else(no_tags)?;
    let Steps { sure, balanced, more } = rule.thresholds;
    Ok(Model {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        labels: metadata.labels.clone(),
        thresholds: Thresholds { sure, balanced, more },
        at_least: match rule.at_least {
            tags::AtLeast::Nothing => AtLeast::Nothing,
            tags::AtLeast::Best => AtLeast::Best,
        },
        load_millis: 0.0,
        wasm_bytes: decode::wasm_bytes(),
        threads: 1,
    })
}

/// A copy that the browser kept may be damaged; then the file is fetched once more.
async fn fetch(file: &ModelFile, on_progress: impl Fn(Progress)) -> Result<Vec<u8>, LoadError> {
    match fetch_from(file, Source::Checked, &on_progress).await {
        Err(LoadError::Altered { .. }) => fetch_from(file, Source::Site, &on_progress).await,
        fetched => fetched,
    }
}

async fn fetch_from(
    file: &ModelFile,
    source: Source,
    on_progress: impl Fn(Progress),
) -> Result<Vec<u8>, LoadError> {
    let mut download = Download::new(file)?;
    // Other pages that use the worker have models where they like.
    let folder = if file.file.contains("://") { "" } else { MODELS };
    let path = format!("{folder}{}", file.file);
    let found = platform::fetch(&path, source, |chunk| {
        on_progress(download.push(chunk)?);
        Ok(())
    });
    if found.await? { download.finish() } else { Err(LoadError::Missing(file.name.clone())) }
}
