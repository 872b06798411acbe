//! `trainer export`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use tagsight_core::artifact::WeightBits;
use tagsight_core::engine::Isa;
use tagsight_core::{Architecture, Artifact, artifact};
use tagsight_data::write_atomically;
use tagsight_data::{self as data, Dataset};
use tagsight_metrics::{Metric, Score};
use tagsight_quantiser::onnx;
use tagsight_quantiser::post_training;
use tagsight_quantiser::scores::fit_scores;
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::qat::QatConfig;
use tagsight_train::quantised;
use tagsight_trainer::card::{self, Card, Origin};
use tagsight_trainer::inference::Backend;
use tagsight_trainer::predict;

use super::data::DataArgs;
use super::post_training::PostTrainingArgs;

/// Name of the ONNX file in a model's folder.
const ONNX_NAME: &str = "model.onnx";

/// Make an INT8 artifact of a checkpoint (or of random weights), or ONNX of an artifact
///
/// Ranges of activations, thresholds and calibration come from the photos that training held back.
#[derive(Args)]
#[group(id = "source", required = true, args = ["checkpoint", "artifact", "random"])]
pub(super) struct ExportArgs {
    /// A run's checkpoint
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Folder of an artifact, to write as ONNX
    #[arg(long)]
    artifact: Option<PathBuf>,
    /// Quantise a float checkpoint to INT8 after training
    #[arg(long, requires = "checkpoint")]
    int8: bool,
    /// Write the integers of a checkpoint of quantisation-aware training
    #[arg(long, requires = "checkpoint", conflicts_with = "int8")]
    qat: bool,
    /// Folder for the artifact, models/NAME
    #[arg(long)]
    out: PathBuf,
    /// safetensors: the artifact; onnx: model.onnx of the same integers beside it
    #[arg(long, default_value = "safetensors")]
    format: Format,
    /// Random weights of --model instead of a checkpoint, for benchmarks
    #[arg(long, requires = "model")]
    random: bool,
    /// The random network's architecture
    #[arg(long, value_parser = super::args::architecture)]
    model: Option<Architecture>,
    /// Bits of the random weights but in the first layer and the classifier, which have 8
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=8))]
    random_bits: u32,
    /// Pixels along each side of the random network's image
    #[arg(long, default_value_t = 224, value_parser = clap::value_parser!(u16).range(32..=1024))]
    random_side: u16,
    /// Seed of the random weights
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    post_training: PostTrainingArgs,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Safetensors,
    Onnx,
}

/// A network as integers, and how they came about.
struct Integers {
    artifact: Artifact,
    quantisation: String,
    calibration_photos: usize,
}

impl ExportArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        if let Some(path) = &self.checkpoint {
            self.export(&Checkpoint::read(path)?)?;
        } else if let Some(folder) = &self.artifact {
            ensure!(self.format == Format::Onnx, "an artifact can be written with --format onnx");
            self.write_onnx(&super::args::read_artifact(folder)?)?;
        } else if let Some(model) = self.model {
            let bits = WeightBits::holding(self.random_bits);
            let side = usize::from(self.random_side);
            model.try_graph(side, data::coco_labels().len())?;
            self.write(&Artifact::synthetic_of(bits, model, side, self.seed))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn export(&self, checkpoint: &Checkpoint) -> Result<()> {
        let config = &checkpoint.metadata.config;
        let dataset = self.data.fitted()?;
        let CheckpointMetadata { labels, task, .. } = &checkpoint.metadata;
        super::args::check_subject(&dataset, labels, task)?;
        let split = data::split_off(&dataset, config.holdout, config.seed);
        let Integers { mut artifact, quantisation, calibration_photos } =
            self.integers(checkpoint, &split.validation)?;
        let backend = Backend::Cpu(Isa::best());
        let predictions = predict::integer_logits(&artifact, backend, &split.validation)?;
        super::args::report_skipped(&predictions.skipped);
        let fit = fit_scores(&predictions.answers, &mut artifact.metadata.task);
        let bytes = self.write(&artifact)?;
        let origin = Origin {
            data: dataset.subject.name.clone(),
            fitted_photos: split.fitted.photos.len(),
            validation_photos: split.validation.photos.len(),
            epoch: checkpoint.metadata.epoch,
            validation_score: Score {
                metric: Metric::of(task),
                over: labels.len(),
                value: checkpoint.metadata.validation_score,
            },
            training: serde_json::to_value(config)?,
            quantisation,
            calibration_photos,
            thresholds: fit.describe(),
        };
        self.card(&artifact, &bytes, origin)?.write(&self.out)?;
        Ok(())
    }

    /// Of a float checkpoint by quantising it, of another those that were trained.
    fn integers(&self, checkpoint: &Checkpoint, validation: &Dataset) -> Result<Integers> {
        if self.qat {
            let artifact = quantised::integers(checkpoint)?;
            let config = checkpoint.metadata.qat.as_ref().expect("exported, so it was trained");
            return Ok(Integers {
                artifact,
                quantisation: describe(config),
                calibration_photos: 0,
            });
        }
        ensure!(self.int8, "say how the checkpoint becomes integers: --int8 or --qat");
        ensure!(
            checkpoint.metadata.qat.is_none(),
            "the checkpoint is of quantisation-aware training: export its integers with --qat"
        );
        let (images, others) = self.post_training.images(validation, &checkpoint.metadata)?;
        let method = self.post_training.method(checkpoint.metadata.config.seed);
        let spec = checkpoint.metadata.spec();
        let quantised = post_training(&spec, &checkpoint.weights, &images, &others, &method)?;
        let quantisation = format!(
            "{}; calibrated on {} {}",
            method.describe(&quantised),
            images.len(),
            self.post_training.images_name()
        );
        println!("{quantisation}");
        let artifact = quantised.artifact;
        Ok(Integers { artifact, quantisation, calibration_photos: images.len() })
    }

    /// Writes the artifact, and the ONNX file if that is asked for; returns the artifact's bytes.
    fn write(&self, artifact: &Artifact) -> Result<Vec<u8>> {
        let bytes = artifact.write()?;
        self.write_file(artifact::FILE_NAME, &bytes)?;
        if self.format == Format::Onnx {
            self.write_onnx(artifact)?;
        }
        Ok(bytes)
    }

    fn write_onnx(&self, artifact: &Artifact) -> Result<()> {
        self.write_file(ONNX_NAME, &onnx::write(artifact))
    }

    /// Writes a file into the model's folder and says so.
    fn write_file(&self, name: &str, bytes: &[u8]) -> Result<()> {
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let path = self.out.join(name);
        write_atomically(&path, bytes).with_context(|| path.display().to_string())?;
        println!("{} ({} bytes)", path.display(), bytes.len());
        Ok(())
    }

    fn card(&self, artifact: &Artifact, bytes: &[u8], origin: Origin) -> Result<Card> {
        let name = self.out.file_name().context("--out must name a folder")?;
        Ok(Card {
            name: name.to_string_lossy().into_owned(),
            architecture: artifact.metadata.architecture.clone(),
            file: artifact::FILE_NAME.into(),
            bytes: bytes.len() as u64,
            sha256: card::sha256(bytes),
            labels: artifact.metadata.labels.len(),
            made_from: origin,
            measured: None,
            limits: Vec::new(),
        })
    }
}

/// What the card says of quantisation-aware training.
fn describe(config: &QatConfig) -> String {
    let QatConfig { weight_bits, first_and_last_bits, depthwise_bits, .. } = config;
    format!(
        "quantisation-aware training (LSQ): batch norm folded, weights of {weight_bits} bits \
         symmetric per output channel ({first_and_last_bits} in stem and classifier, \
         {depthwise_bits} in depthwise layers), activations 7 bits per layer, all steps learnt"
    )
}
