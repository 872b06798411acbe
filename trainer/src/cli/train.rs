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
use tagsight_train::fit::{LAST, Options, Outcome, Paths};
use tagsight_train::watch::{self, Interrupt};

use super::data::DataArgs;

/// Fit a network to annotated photos
#[derive(Args)]
pub(super) struct TrainArgs {
    /// efficientnet_lite0 to 4, mobilenet_v2, resnet18, resnet34 or resnet50; or a ResNet by its settings:
    /// resnet-, the blocks of its four stages, and -wWIDTH, -bottleneck and -deep (a stem of three 3x3
    /// convolutions), as in resnet-3-4-6-3-w32-bottleneck-deep
    #[arg(long, value_parser = super::args::architecture)]
    model: Architecture,
    /// The run's settings (TOML); `trainer config` prints all of them
    #[arg(long)]
    config: PathBuf,
    /// Quantisation-aware: the network is fitted as the integers it will be
    #[arg(long)]
    qat: bool,
    /// The float checkpoint that quantisation-aware training begins with
    #[arg(long, requires = "qat")]
    checkpoint: Option<PathBuf>,
    /// Go on from this checkpoint (a run's last.safetensors); auto: from that of the run's folder, or from
    /// the beginning where there is none yet
    #[arg(long, value_name = "CHECKPOINT|auto")]
    resume: Option<Resume>,
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

/// The folder of runs.
pub(super) const RUNS: &str = "runs";

/// Where a run goes on.
#[derive(Clone)]
enum Resume {
    /// Where it stands.
    Auto,
    From(PathBuf),
}

impl From<&str> for Resume {
    fn from(text: &str) -> Self {
        if text == "auto" { Self::Auto } else { Self::From(text.into()) }
    }
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
        ensure!(
            self.checkpoint.is_none() || !matches!(self.resume, Some(Resume::From(_))),
            "a run that goes on does not begin with another network: leave --checkpoint out"
        );
        let read = |path: Option<PathBuf>| {
            path.map(|path| Checkpoint::read_as(&path, self.model)).transpose()
        };
        let resume = read(self.last())?;
        let quantise = read(self.checkpoint.clone().filter(|_| resume.is_none()))?;
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
        let dataset = self.data.fitted()?;
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

    /// The checkpoint to go on from, if there is one.
    fn last(&self) -> Option<PathBuf> {
        match self.resume.as_ref()? {
            Resume::From(path) => Some(path.clone()),
            Resume::Auto => Some(self.paths().run.join(LAST)).filter(|last| last.is_file()),
        }
    }

    fn paths(&self) -> Paths {
        let runs = PathBuf::from(RUNS);
        let name = self.config.file_stem().unwrap_or_default();
        Paths {
            run: self.out.clone().unwrap_or_else(|| runs.join(name)),
            cache: runs.join("cache"),
            data: data::data_dir(),
        }
    }
}
