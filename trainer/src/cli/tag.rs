//! `trainer tag`.

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Serialize, Serializer};
use tagsight_core::Tagger;
use tagsight_core::tags::Tag;

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
        // A reader that has seen enough closes the pipe: an error, where println! would panic.
        let mut output = std::io::stdout().lock();
        for photo in &self.photos {
            match scores(&mut tagger, photo) {
                Ok(scores) if self.json => {
                    writeln!(output, "{}", object(&tagger, photo, &scores)?)?;
                }
                Ok(scores) => writeln!(output, "{}", line(&tagger, photo, &scores))?,
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

/// What is printed of a photo.
#[derive(Serialize)]
struct Tagged<'a> {
    photo: Cow<'a, str>,
    tags: Vec<Tag>,
    scores: Scores<'a>,
}

/// Scores by label, in the order of the model's outputs.
struct Scores<'a> {
    labels: &'a [String],
    scores: &'a [f32],
}

impl Serialize for Scores<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.labels.iter().zip(self.scores))
    }
}

fn object(tagger: &Tagger, photo: &Path, scores: &[f32]) -> Result<String> {
    let labels = &tagger.metadata().labels;
    let tags = tagger.tags(scores);
    let photo = photo.to_string_lossy();
    Ok(serde_json::to_string(&Tagged { photo, tags, scores: Scores { labels, scores } })?)
}

fn line(tagger: &Tagger, photo: &Path, scores: &[f32]) -> String {
    let tags = tagger.tags(scores);
    let tags: Vec<String> =
        tags.iter().map(|tag| format!("{} {:.0} %", tag.label, tag.score * 100.0)).collect();
    let tags = if tags.is_empty() { "no tags".to_owned() } else { tags.join(", ") };
    format!("{}: {tags}", photo.display())
}
