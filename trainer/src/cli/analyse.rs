//! `trainer analyse`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;
use tagsight_data as data;
use tagsight_data::write_atomically;
use tagsight_quantiser::{LayerAnalysis, analyse};
use tagsight_train::checkpoint::Checkpoint;

use super::data::MeasuredArgs;

/// Show what quantisation does to each layer: signal to noise, ranges, histograms, sensitivity
///
/// Writes analysis.json and analysis.html, a page that needs nothing else. An artifact whose layers
/// were equalised has other channel scales than its checkpoint, so its layers do not compare.
#[derive(Args)]
pub(super) struct AnalyseArgs {
    /// The float checkpoint that the artifact was made from
    #[arg(long)]
    checkpoint: PathBuf,
    /// Folder of the artifact
    #[arg(long)]
    artifact: PathBuf,
    /// Photos to measure on
    #[arg(long, default_value_t = 16)]
    samples: usize,
    /// Folder for analysis.json and analysis.html
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    data: MeasuredArgs,
}

impl AnalyseArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let checkpoint = Checkpoint::read(&self.checkpoint)?;
        let artifact = super::args::read_artifact(&self.artifact)?;
        let spec = checkpoint.metadata.spec();
        ensure!(
            spec.graph == artifact.graph
                && checkpoint.metadata.preprocessing == artifact.metadata.preprocessing
                && checkpoint.metadata.labels == artifact.metadata.labels,
            "the artifact is not of the checkpoint's network; give the one that it was made from"
        );
        let dataset = self.data.dataset()?;
        let images = data::images(&dataset, self.samples, checkpoint.metadata.preprocessing.side);
        ensure!(!images.is_empty(), "there is no readable photo to measure on");
        let analysis = analyse(&spec, &checkpoint.weights, &artifact, &images)?;
        println!("layer                        output  weights  alone (dB)");
        for layer in &analysis.layers {
            let LayerAnalysis { name, output_decibels, weight_decibels, .. } = layer;
            let alone = layer.alone_decibels;
            println!("{name:<28} {output_decibels:>6.1}  {weight_decibels:>7.1}  {alone:>5.1}");
        }
        println!("logits                       {:>6.1}", analysis.logit_decibels);
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let json = serde_json::to_string_pretty(&analysis)?;
        for (name, text) in [("analysis.json", json), ("analysis.html", analysis.html())] {
            let path = self.out.join(name);
            write_atomically(&path, text.as_bytes()).with_context(|| path.display().to_string())?;
            println!("{}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}
