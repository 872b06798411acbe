//! What a network is fitted on. Whoever asks for it knows nothing of burn.

use anyhow::Result;
use burn::backend::{Autodiff, Flex};
use burn::tensor::backend::AutodiffBackend;
use tagsight_core::Architecture;
use tagsight_data::Dataset;

use crate::config::TrainConfig;
use crate::fit::{self, Options, Outcome, Paths};

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    Cpu,
    /// An NVIDIA graphics processor.
    #[cfg(feature = "cuda")]
    Cuda,
}

impl Device {
    /// [`fit::train`] on it.
    ///
    /// # Errors
    /// As there.
    pub fn train(
        self,
        architecture: Architecture,
        config: &TrainConfig,
        dataset: &Dataset,
        options: Options,
        paths: &Paths,
    ) -> Result<Outcome> {
        let run = match self {
            Self::Cpu => train::<Autodiff<Flex>>,
            #[cfg(feature = "cuda")]
            Self::Cuda => train::<Autodiff<burn::backend::Cuda>>,
        };
        run(architecture, config, dataset, options, paths)
    }
}

fn train<B: AutodiffBackend>(
    architecture: Architecture,
    config: &TrainConfig,
    dataset: &Dataset,
    options: Options,
    paths: &Paths,
) -> Result<Outcome> {
    fit::train::<B>(architecture, config, dataset, options, paths, &B::Device::default())
}
