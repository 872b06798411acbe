//! `trainer tag`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use pollster::block_on;
use serde_json::json;
use tagsight_core::tags::{Scores, Tag, Told};
use tagsight_core::task::{Output, Value};
use tagsight_core::{Step, Tagger};
use tagsight_trainer::inference::Inference;

use super::args::BackendArgs;

/// Tag photos; those that cannot be read are named, the others go on, and the exit code is 1
#[derive(Args)]
pub(super) struct TagArgs {
    /// Folder of the artifact
    #[arg(long)]
    artifact: PathBuf,
    /// One JSON object a line: photo, tags (best first) and the scores of all labels; or photo and values
    #[arg(long)]
    json: bool,
    /// How sure tags are to be: sure, balanced or more
    #[arg(long, value_name = "STEP", default_value = Step::default().name(), value_parser = super::args::step)]
    thresholds: Step,
    #[command(flatten)]
    engine: BackendArgs,
    /// JPEG, PNG, WebP, GIF, BMP or TIFF files
    #[arg(required = true)]
    photos: Vec<PathBuf>,
}

impl TagArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let artifact = super::args::read_artifact(&self.artifact)?;
        let inference = Inference::new(&artifact, self.engine.backend(), 1)?;
        let tagger = Tagger::with_engine(artifact.metadata.into(), inference);
        let mut tagging = Tagging { tagger, step: self.thresholds };
        let mut code = ExitCode::SUCCESS;
        // A reader that has seen enough closes the pipe: an error, where println! would panic.
        let mut output = std::io::stdout().lock();
        for photo in &self.photos {
            match tagging.figures(photo) {
                Ok(figures) if self.json => {
                    writeln!(output, "{}", tagging.object(photo, &figures)?)?;
                }
                Ok(figures) => writeln!(output, "{}", tagging.line(photo, &figures))?,
                Err(error) => {
                    eprintln!("{}: {error:#}", photo.display());
                    code = ExitCode::FAILURE;
                }
            }
        }
        Ok(code)
    }
}

/// A model at work.
struct Tagging {
    tagger: Tagger<Inference>,
    step: Step,
}

impl Tagging {
    fn figures(&mut self, path: &Path) -> Result<Vec<f32>> {
        let mut photo = self.tagger.decode(&std::fs::read(path)?)?;
        let codes = self.tagger.input(&mut photo);
        Ok(block_on(self.tagger.start(&codes))?)
    }

    fn object(&self, photo: &Path, figures: &[f32]) -> Result<String> {
        let (photo, labels) = (photo.to_string_lossy(), &self.tagger.metadata().labels);
        Ok(match self.output(figures) {
            Output::Tags(tags) => {
                let scores = Scores { labels, scores: figures };
                serde_json::to_string(&Told { photo, tags, scores })?
            }
            Output::Values(values) => json!({ "photo": photo, "values": values }).to_string(),
        })
    }

    fn line(&self, photo: &Path, figures: &[f32]) -> String {
        let said: Vec<String> = match self.output(figures) {
            Output::Tags(tags) if tags.is_empty() => vec!["no tags".into()],
            Output::Tags(tags) => {
                let said = |tag: &Tag| format!("{} {:.0} %", tag.label, tag.score * 100.0);
                tags.iter().map(said).collect()
            }
            Output::Values(values) => {
                let said = |of: &Value| format!("{} {} {}", of.label, of.value, of.unit);
                values.iter().map(|value| said(value).trim_end().to_owned()).collect()
            }
        };
        format!("{}: {}", photo.display(), said.join(", "))
    }

    fn output(&self, figures: &[f32]) -> Output {
        let metadata = self.tagger.metadata();
        metadata.task.output(&metadata.labels, figures, self.step)
    }
}
