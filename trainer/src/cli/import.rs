//! `trainer import`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use tagsight_core::{Artifact, Goal, artifact};
use tagsight_data::{self as data, Dataset};
use tagsight_onnx::{Asked, Form, Imported, read};
use tagsight_quantiser::post_training;
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::config::TrainConfig;

use super::args::write_into;
use super::data::DataArgs;
use super::post_training::PostTrainingArgs;

/// Name of the checkpoint in the folder.
const CHECKPOINT_NAME: &str = "checkpoint.safetensors";

/// Make a checkpoint or an INT8 artifact of an ONNX classifier
///
/// The file may hold a residual network or one of inverted residuals: convolutions with batch norms, ReLU or
/// ReLU6, additions, a max pool at the beginning, a mean and a linear layer at the end. What else is in it is
/// named.
///
/// Of floats it becomes a checkpoint, if its layers are those of an architecture of ours, which export and
/// evaluate take, and train as initial_weights; with --int8 it becomes an artifact, whatever its layers.
///
/// A quantised file (pairs of QuantizeLinear and DequantizeLinear, or onnxruntime's QLinearConv) becomes an
/// artifact. Codes of weights stay; activations have 7 bits here, which cover what the file's 8 did.
#[derive(Args)]
pub(super) struct ImportArgs {
    /// The ONNX file
    model: PathBuf,
    /// Folder for the checkpoint or the artifact, models/NAME
    #[arg(long)]
    out: PathBuf,
    /// Quantise to INT8 after training, as export does; also what is quantised already
    #[arg(long)]
    int8: bool,
    /// What the network is asked
    #[arg(long, default_value = "multi-label")]
    task: TaskArg,
    /// A text file with a label a line [default: those in the file if it is ours, or numbers]
    #[arg(long)]
    labels: Option<PathBuf>,
    /// Pixels along each side of the image, where the file takes any
    #[arg(long)]
    side: Option<usize>,
    /// Mean of each channel in 0..=1 that pixels are normalised by, where the file does not do that [default:
    /// ImageNet's, 0.485,0.456,0.406]
    #[arg(long, requires = "std", value_parser = channels)]
    mean: Option<Channels>,
    /// Their deviation [default: ImageNet's, 0.229,0.224,0.225]
    #[arg(long, requires = "mean", value_parser = channels)]
    std: Option<Channels>,
    #[command(flatten)]
    post_training: PostTrainingArgs,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum TaskArg {
    MultiLabel,
    SingleLabel,
}

/// One of red, of green and of blue.
#[derive(Clone, Copy)]
struct Channels([f32; 3]);

/// Parses three numbers with commas between them.
fn channels(text: &str) -> Result<Channels, String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    let numbers = numbers.ok().and_then(|numbers| <[f32; 3]>::try_from(numbers).ok());
    numbers.map(Channels).ok_or_else(|| "give three numbers, as 0.485,0.456,0.406".to_owned())
}

impl ImportArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let name = self.model.display().to_string();
        let bytes = std::fs::read(&self.model).with_context(|| name.clone())?;
        let imported = read(&bytes, &self.asked()?).with_context(|| name)?;
        let convs = imported.spec.graph.convs().count();
        println!("{}: {convs} convolutions, {}", self.model.display(), imported.spec.name);
        if self.int8 {
            self.write_artifact(&self.quantised(&imported)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        match &imported.form {
            Form::Integers(artifact) => self.write_artifact(artifact)?,
            Form::Float => self.write_checkpoint(imported)?,
            Form::Partly(bare) => bail!(
                "only a part of it is quantised; nothing says the range of what these give: {}; with --int8 \
                 it is quantised anew",
                bare.join(", ")
            ),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn asked(&self) -> Result<Asked> {
        let labels = self.labels.as_ref().map(|path| {
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| path.display().to_string())?;
            Ok::<_, anyhow::Error>(text.lines().map(|line| line.trim().to_owned()).collect())
        });
        let pair = self.mean.zip(self.std);
        Ok(Asked {
            task: match self.task {
                TaskArg::MultiLabel => Goal::MultiLabel,
                TaskArg::SingleLabel => Goal::SingleLabel,
            },
            side: self.side,
            normalisation: pair.map(|(Channels(mean), Channels(std))| (mean, std)),
            labels: labels.transpose()?,
        })
    }

    /// The network in integers, by what it gives on photos that training would hold back.
    fn quantised(&self, imported: &Imported) -> Result<Artifact> {
        let TrainConfig { seed, holdout, .. } = TrainConfig::default();
        let photos = if self.post_training.needs_photos() {
            data::split_off(&self.data.fitted()?, holdout, seed).validation
        } else {
            Dataset::default()
        };
        let side = imported.spec.preprocessing.side;
        let (images, others) = self.post_training.images(&photos, side, seed)?;
        let method = self.post_training.method(seed);
        let quantised =
            post_training(&imported.spec, &imported.weights, &images, &others, &method)?;
        println!("{}", method.describe(&quantised));
        Ok(quantised.artifact)
    }

    fn write_artifact(&self, artifact: &Artifact) -> Result<()> {
        write_into(&self.out, artifact::FILE_NAME, &artifact.write()?)
    }

    fn write_checkpoint(&self, imported: Imported) -> Result<()> {
        let architecture = imported.architecture.context(
            "its layers are those of no architecture that is trained here; with --int8 it becomes an artifact",
        )?;
        let Imported { spec, weights, .. } = imported;
        let config = TrainConfig { side: spec.preprocessing.side, ..TrainConfig::default() };
        let mut metadata = CheckpointMetadata::new(architecture, spec.labels, spec.task, config);
        metadata.preprocessing = spec.preprocessing;
        let checkpoint = Checkpoint { metadata, weights, resume: None };
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let path = self.out.join(CHECKPOINT_NAME);
        checkpoint.write(&path)?;
        println!("{}", path.display());
        Ok(())
    }
}
