//! `trainer train`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use burn::backend::{Autodiff, Flex};
use clap::{Args, ValueEnum};
use tagsight_core::Architecture;
use tagsight_trainer::checkpoint::Checkpoint;
use tagsight_trainer::data::{self, Dataset};
use tagsight_trainer::train::{self, Paths, TrainConfig};

use super::DataArgs;

/// Fit a network to annotated photos
#[derive(Args)]
pub(super) struct TrainArgs {
    /// resnet18, resnet34 or resnet50
    #[arg(long, value_parser = super::architecture)]
    model: Architecture,
    /// The run's settings (TOML)
    #[arg(long)]
    config: PathBuf,
    /// Go on from this checkpoint (a run's last.safetensors)
    #[arg(long)]
    resume: Option<PathBuf>,
    /// Folder for checkpoints [default: runs/NAME-OF-CONFIG]
    #[arg(long)]
    out: Option<PathBuf>,
    /// What to compute on
    #[arg(long, default_value = "cpu")]
    device: Device,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Device {
    Cpu,
    #[cfg(feature = "cuda")]
    Cuda,
}

impl TrainArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let text = std::fs::read_to_string(&self.config)
            .with_context(|| format!("cannot read {}", self.config.display()))?;
        let config =
            TrainConfig::from_toml(&text).with_context(|| self.config.display().to_string())?;
        let resume = self.resume.as_deref();
        let resume = resume.map(|path| Checkpoint::read_as(path, self.model)).transpose()?;
        let dataset = self.data.dataset("train")?;
        self.train(&config, &dataset, resume)?;
        Ok(ExitCode::SUCCESS)
    }

    fn train(
        &self,
        config: &TrainConfig,
        dataset: &Dataset,
        resume: Option<Checkpoint>,
    ) -> Result<()> {
        let paths = self.paths();
        match self.device {
            Device::Cpu => train::train::<Autodiff<Flex>>(
                self.model,
                config,
                dataset,
                resume,
                &paths,
                &Default::default(),
            ),
            #[cfg(feature = "cuda")]
            Device::Cuda => train::train::<Autodiff<burn::backend::Cuda>>(
                self.model,
                config,
                dataset,
                resume,
                &paths,
                &Default::default(),
            ),
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
