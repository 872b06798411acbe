//! `trainer train`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use tagsight_core::Architecture;
use tagsight_data as data;
use tagsight_train::Device;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::TrainConfig;
use tagsight_train::fit::{Options, Outcome, Paths};
use tagsight_train::watch::{self, Interrupt};

use super::args::DataArgs;

/// Fit a network to annotated photos
#[derive(Args)]
pub(super) struct TrainArgs {
    /// efficientnet_lite0 to 4, mobilenet_v2, resnet18, resnet34 or resnet50
    #[arg(long, value_parser = super::args::architecture)]
    model: Architecture,
    /// The run's settings (TOML); `trainer config` prints all of them
    #[arg(long)]
    config: PathBuf,
    /// Quantisation-aware: the network is fitted as the integers it will be
    #[arg(long)]
    qat: bool,
    /// The float checkpoint that quantisation-aware training begins with
    #[arg(long, requires = "qat", conflicts_with = "resume")]
    checkpoint: Option<PathBuf>,
    /// Go on from this checkpoint (a run's last.safetensors)
    #[arg(long)]
    resume: Option<PathBuf>,
    /// Stop after this epoch, to be resumed later
    #[arg(long)]
    stop_after: Option<usize>,
    /// Folder for checkpoints [default: runs/NAME-OF-CONFIG]
    #[arg(long)]
    out: Option<PathBuf>,
    /// What to compute on
    #[arg(long, default_value = "cpu")]
    device: DeviceName,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum DeviceName {
    Cpu,
    #[cfg(feature = "cuda")]
    Cuda,
}

impl DeviceName {
    fn device(self) -> Device {
        match self {
            Self::Cpu => Device::Cpu,
            #[cfg(feature = "cuda")]
            Self::Cuda => Device::Cuda,
        }
    }
}

impl TrainArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let text = std::fs::read_to_string(&self.config)
            .with_context(|| format!("cannot read {}", self.config.display()))?;
        let config =
            TrainConfig::from_toml(&text).with_context(|| self.config.display().to_string())?;
        let read = |path: &Option<PathBuf>| {
            path.as_deref().map(|path| Checkpoint::read_as(path, self.model)).transpose()
        };
        let (resume, quantise) = (read(&self.resume)?, read(&self.checkpoint)?);
        ensure!(
            !self.qat || resume.is_some() || quantise.is_some(),
            "--qat begins with a float network: name its --checkpoint"
        );
        if let Some(resume) = &resume {
            ensure!(
                resume.metadata.qat.is_some() == self.qat,
                "a run goes on as it began: give --qat with checkpoints of such a run, and only then"
            );
        }
        let dataset = self.data.dataset("train")?;
        let interrupt = Interrupt::on_ctrl_c().context("cannot listen for Ctrl-C")?;
        let options = Options { resume, stop_after: self.stop_after, interrupt, quantise };
        let device = self.device.device();
        match device.train(self.model, &config, &dataset, options, &self.paths())? {
            Outcome::Finished => Ok(ExitCode::SUCCESS),
            Outcome::Interrupted { checkpoint } => {
                let checkpoint = checkpoint.display();
                eprintln!("stopped; the same command with --resume {checkpoint} goes on from here");
                Ok(ExitCode::from(watch::EXIT_CODE))
            }
        }
    }

    fn paths(&self) -> Paths {
        let runs = PathBuf::from("runs");
        let name = self.config.file_stem().unwrap_or_default();
        Paths {
            run: self.out.clone().unwrap_or_else(|| runs.join(name)),
            cache: runs.join("cache"),
            data: data::data_dir(),
        }
    }
}
