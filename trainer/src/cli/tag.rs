//! `trainer tag`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Map, Value, json};
use tagsight_core::Tagger;

use super::EngineArgs;

/// Tag photos; those that cannot be read are named, the others go on, and the exit code is 1
#[derive(Args)]
pub(super) struct TagArgs {
    /// Folder of the artifact
    #[arg(long)]
    artifact: PathBuf,
    /// One JSON object a line: photo, tags (best first) and the scores of all labels
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
    /// JPEG, PNG or WebP files
    #[arg(required = true)]
    photos: Vec<PathBuf>,
}

impl TagArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let model = super::model_bytes(&self.artifact)?;
        let mut tagger = Tagger::new(&model, self.engine.isa())
            .with_context(|| self.artifact.display().to_string())?;
        let mut code = ExitCode::SUCCESS;
        for photo in &self.photos {
            match scores(&mut tagger, photo) {
                Ok(scores) if self.json => println!("{}", object(&tagger, photo, &scores)),
                Ok(scores) => println!("{}", line(&tagger, photo, &scores)),
                Err(error) => {
                    eprintln!("{}: {error:#}", photo.display());
                    code = ExitCode::FAILURE;
                }
            }
        }
        Ok(code)
    }
}

fn scores(tagger: &mut Tagger, photo: &Path) -> Result<Vec<f32>> {
    Ok(tagger.scores(&std::fs::read(photo)?)?)
}

fn object(tagger: &Tagger, photo: &Path, scores: &[f32]) -> Value {
    let labels = tagger.metadata().labels.iter().cloned();
    let by_label: Map<String, Value> =
        labels.zip(scores.iter().map(|&score| json!(score))).collect();
    json!({
        "photo": photo.to_string_lossy(),
        "tags": tagger.tags(scores),
        "scores": by_label,
    })
}

fn line(tagger: &Tagger, photo: &Path, scores: &[f32]) -> String {
    let tags = tagger.tags(scores);
    let tags: Vec<String> =
        tags.iter().map(|tag| format!("{} {:.0} %", tag.label, tag.score * 100.0)).collect();
    let tags = if tags.is_empty() { "no tags".to_owned() } else { tags.join(", ") };
    format!("{}: {tags}", photo.display())
}
