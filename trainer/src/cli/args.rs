//! Arguments that commands have in common, and what they stand for.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use tagsight_core::engine::Isa;
use tagsight_core::{Architecture, Artifact, Goal, Step, artifact};
use tagsight_data::{Dataset, Skipped, write_atomically};
use tagsight_trainer::inference::Backend;

/// What computes.
#[derive(Args)]
pub(super) struct BackendArgs {
    /// Where the network runs; all give the same scores
    #[arg(long, default_value = "cpu")]
    backend: BackendName,
    /// The processor's kernels, e.g. scalar, avx2, avx512-vnni [default: the best that run here]
    #[arg(long, value_parser = isa)]
    engine: Option<Isa>,
}

#[derive(Clone, Copy, ValueEnum)]
enum BackendName {
    /// The processor
    Cpu,
    /// The best graphics device there is
    Webgpu,
}

impl BackendArgs {
    pub(super) fn isa(&self) -> Isa {
        self.engine.unwrap_or_else(Isa::best)
    }

    pub(super) fn backend(&self) -> Backend {
        match self.backend {
            BackendName::Cpu => Backend::Cpu(self.isa()),
            BackendName::Webgpu => Backend::WebGpu,
        }
    }
}

/// Parses an architecture's name.
pub(super) fn architecture(name: &str) -> Result<Architecture, String> {
    Architecture::from_name(name).ok_or_else(|| {
        let known = Architecture::ALL.map(Architecture::name).join(", ");
        format!(
            "unknown model; there are {known}, and ResNets of other settings, such as \
             resnet-2-2-2-2-w32-bottleneck-deep"
        )
    })
}

/// Parses a step's name.
pub(super) fn step(name: &str) -> Result<Step, String> {
    Step::from_name(name).ok_or_else(|| {
        let known = Step::ALL.map(Step::name).join(", ");
        format!("unknown step; there are {known}")
    })
}

/// Parses the name of kernels that run here.
fn isa(name: &str) -> Result<Isa, String> {
    Isa::from_name(name).filter(|isa| isa.is_available()).ok_or_else(|| {
        let names: Vec<&str> = Isa::available().into_iter().map(Isa::name).collect();
        format!("it does not run here; these do: {}", names.join(", "))
    })
}

/// The bytes of the model in `folder`; the file itself may be given too.
pub(super) fn model_bytes(folder: &Path) -> Result<Vec<u8>> {
    let path = if folder.is_file() { folder.to_owned() } else { folder.join(artifact::FILE_NAME) };
    std::fs::read(&path).with_context(|| format!("cannot read the model {}", path.display()))
}

pub(super) fn read_artifact(folder: &Path) -> Result<Artifact> {
    let bytes = model_bytes(folder)?;
    Artifact::read(&bytes).with_context(|| folder.display().to_string())
}

/// Writes a file into a model's folder and says so.
pub(super) fn write_into(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let path = folder.join(name);
    write_atomically(&path, bytes).with_context(|| path.display().to_string())?;
    println!("{} ({} bytes)", path.display(), bytes.len());
    Ok(())
}

/// Refuses photos that say something else than a network of these labels and this task is asked.
pub(super) fn check_subject(dataset: &Dataset, labels: &[String], task: &Goal) -> Result<()> {
    ensure!(
        dataset.subject.is_asked_of(labels, task),
        "the photos are of other labels or another task than the network"
    );
    Ok(())
}

/// Names photos that were left out on standard error.
pub(super) fn report_skipped(skipped: &[Skipped]) {
    for line in Skipped::lines(skipped) {
        eprintln!("{line}");
    }
}
