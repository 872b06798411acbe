//! `trainer export`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use tagsight_core::artifact::WeightBits;
use tagsight_core::engine::Isa;
use tagsight_core::{Architecture, Artifact, artifact};
use tagsight_data::{self as data, Dataset};
use tagsight_metrics::{Metric, Score};
use tagsight_onnx::{Batch, Style, write_float, write_integers};
use tagsight_quantiser::post_training;
use tagsight_quantiser::scores::fit_scores;
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::qat::QatConfig;
use tagsight_train::quantised;
use tagsight_trainer::card::{self, Card, Origin};
use tagsight_trainer::inference::Backend;
use tagsight_trainer::predict;

use super::args::write_into;
use super::data::DataArgs;
use super::post_training::PostTrainingArgs;

/// Name of the ONNX file in a model's folder.
const ONNX_NAME: &str = "model.onnx";

/// Make an INT8 artifact of a checkpoint (or of random weights), or ONNX of a checkpoint or an artifact
///
/// ONNX takes pixels [batch, 3, side, side] of RGB in 0..=1 and gives logits; its operators are those of
/// version 13.
///
/// Ranges of activations, thresholds and calibration come from the photos that training held back.
#[derive(Args)]
#[group(id = "source", required = true, args = ["checkpoint", "artifact", "random"])]
pub(super) struct ExportArgs {
    /// A run's checkpoint
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Folder of an artifact, to write its integers as ONNX
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
    /// safetensors: the artifact; onnx: model.onnx of the same integers beside it, or of a checkpoint's floats
    /// without --int8 and --qat
    #[arg(long, default_value = "safetensors")]
    format: Format,
    #[command(flatten)]
    onnx: OnnxArgs,
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

/// How ONNX is written.
#[derive(Args)]
struct OnnxArgs {
    /// How integers are said in ONNX
    #[arg(long = "onnx-style", default_value = "qdq")]
    style: StyleArg,
    /// Photos that the ONNX file takes at a time, dynamic or a number, which some runtimes want
    #[arg(long = "onnx-batch", default_value = "dynamic", value_parser = batch)]
    batch: Batch,
}

#[derive(Clone, Copy, ValueEnum)]
enum StyleArg {
    /// Floats between QuantizeLinear and DequantizeLinear; all zero points are 0
    Qdq,
    /// The same with what TensorRT's parser takes: one scale for a residual, and biases as floats
    Tensorrt,
    /// Integers up to the head: QLinearConv, and ConvInteger where a residual joins
    Qoperator,
}

impl From<StyleArg> for Style {
    fn from(style: StyleArg) -> Self {
        match style {
            StyleArg::Qdq => Self::Qdq,
            StyleArg::Tensorrt => Self::TensorRt,
            StyleArg::Qoperator => Self::QOperator,
        }
    }
}

/// Parses the number of photos at a time.
fn batch(text: &str) -> Result<Batch, String> {
    if text == "dynamic" {
        return Ok(Batch::Dynamic);
    }
    text.parse().map(Batch::Fixed).map_err(|_| "give a number above 0, or dynamic".to_owned())
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
            let checkpoint = Checkpoint::read(path)?;
            if self.format == Format::Onnx && !self.int8 && !self.qat {
                self.write_float(&checkpoint)?;
            } else {
                self.export(&checkpoint)?;
            }
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

    /// The floats of a checkpoint as ONNX.
    fn write_float(&self, checkpoint: &Checkpoint) -> Result<()> {
        ensure!(
            checkpoint.metadata.qat.is_none(),
            "the checkpoint is of quantisation-aware training: export its integers with --qat"
        );
        let bytes = write_float(&checkpoint.metadata.spec(), &checkpoint.weights, self.onnx.batch);
        write_into(&self.out, ONNX_NAME, &bytes)
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
        let (spec, seed) = (checkpoint.metadata.spec(), checkpoint.metadata.config.seed);
        let side = spec.preprocessing.side;
        let (images, others) = self.post_training.images(validation, side, seed)?;
        let method = self.post_training.method(seed);
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
        write_into(&self.out, artifact::FILE_NAME, &bytes)?;
        if self.format == Format::Onnx {
            self.write_onnx(artifact)?;
        }
        Ok(bytes)
    }

    fn write_onnx(&self, artifact: &Artifact) -> Result<()> {
        let style = self.onnx.style.into();
        write_into(&self.out, ONNX_NAME, &write_integers(artifact, style, self.onnx.batch))
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
