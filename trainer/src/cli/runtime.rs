//! `trainer runtime`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use tagsight_core::Artifact;
use tagsight_network::weights::fold_batch_norm;
use tagsight_quantiser::FloatNetwork;
use tagsight_study::{Said, read_pixels};
use tagsight_train::checkpoint::Checkpoint;
use tagsight_trainer::inference::Inference;

use super::args::{BackendArgs, read_artifact};
use super::timing::sorted_millis;

/// Run a model as the programs of other runtimes do that trainer study four-ways calls
///
/// Prints JSON: the engine, the logits of all photos, the median time of the first one, and the memory that the
/// model took.
#[derive(Args)]
pub(super) struct RuntimeArgs {
    /// Folder of an artifact, or a float checkpoint
    model: PathBuf,
    /// The float32 of the photos, [3, side, side] each, RGB in 0..=1
    pixels: PathBuf,
    /// How many there are
    photos: usize,
    /// Timed runs of the first one, after some that are not
    runs: usize,
    /// Threads to split a photo's layers over, on the processor
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    #[command(flatten)]
    engine: BackendArgs,
}

/// A model that was read.
enum Model {
    Integers(Box<Artifact>),
    Float(Box<Checkpoint>),
}

/// Logits of a photo.
type Logits<'a> = dyn FnMut(&[Vec<i8>]) -> Result<Vec<f32>> + 'a;

impl RuntimeArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let bytes =
            std::fs::read(&self.pixels).with_context(|| self.pixels.display().to_string())?;
        let Some(images) = read_pixels(&bytes, self.photos) else {
            bail!("{} has not the pixels of {} square photos", self.pixels.display(), self.photos);
        };
        drop(bytes);
        let threads = usize::from(self.threads);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.context("cannot start the threads")?;
        let said = pool.install(|| self.said(&images))?;
        println!("{}", serde_json::to_string(&said)?);
        Ok(ExitCode::SUCCESS)
    }

    fn said(&self, images: &[Vec<i8>]) -> Result<Said> {
        let before = memory("VmRSS");
        let said = match self.read(images)? {
            Model::Integers(artifact) => {
                let mut inference = Inference::new(&artifact, self.engine.backend(), 1)?;
                let runtime = format!("Tagsight, {}", inference.name());
                self.timed(runtime, images, &mut |photo| Ok(inference.logits(photo)?))?
            }
            Model::Float(checkpoint) => {
                let spec = checkpoint.metadata.spec();
                let folded = fold_batch_norm(&checkpoint.weights, &spec.graph);
                drop(checkpoint);
                let network = FloatNetwork::new(&spec, &folded);
                let runtime = "Tagsight, the trainer's float kernels".to_owned();
                self.timed(runtime, images, &mut |photo| Ok(network.logits(photo)))?
            }
        };
        let peak_bytes =
            memory("VmHWM").zip(before).map(|(peak, before)| peak.saturating_sub(before));
        Ok(Said { peak_bytes, ..said })
    }

    /// The model, for such images.
    fn read(&self, images: &[Vec<i8>]) -> Result<Model> {
        let (model, side) = if self.model.is_dir() {
            let artifact = read_artifact(&self.model)?;
            let side = artifact.metadata.preprocessing.side;
            (Model::Integers(Box::new(artifact)), side)
        } else {
            let checkpoint = Checkpoint::read(&self.model)?;
            if checkpoint.metadata.qat.is_some() {
                bail!(
                    "the checkpoint is of quantisation-aware training; export it, and give the folder"
                );
            }
            let side = checkpoint.metadata.spec().preprocessing.side;
            (Model::Float(Box::new(checkpoint)), side)
        };
        if images[0].len() != side * side * 3 {
            bail!("the model takes photos of {side} x {side} pixels, and these are others");
        }
        Ok(model)
    }

    fn timed(&self, runtime: String, images: &[Vec<i8>], network: &mut Logits) -> Result<Said> {
        let mut logits = Vec::new();
        for photo in images {
            logits.extend(network(std::slice::from_ref(photo))?);
        }
        let median_ms = match self.runs {
            0 => None,
            runs => {
                let times = sorted_millis(runs, || {
                    std::hint::black_box(network(std::hint::black_box(&images[..1]))?);
                    anyhow::Ok(())
                })?;
                Some(times[times.len() / 2])
            }
        };
        Ok(Said { runtime, logits, median_ms, peak_bytes: None })
    }
}

/// What Linux says of this process's memory, bytes.
fn memory(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(1024 * line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?)
}
