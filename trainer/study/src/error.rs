//! Why a study could not be made.

use std::path::{Path, PathBuf};

use tagsight_core::ArtifactError;
use tagsight_core::engine::EngineError;
use tagsight_data::crops::CropError;
use tagsight_data::{FolderError, NamedError};
use tagsight_network::weights::WeightsError;
use tagsight_train::checkpoint::CheckpointError;

/// Why a study could not be made.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Not TOML, a key that does not exist, or a value of another type.
    #[error("the study's settings are not usable: {0}")]
    Toml(#[from] toml::de::Error),
    /// A value that makes no sense.
    #[error("the study's {key} must be {expected}")]
    Setting {
        /// The key.
        key: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// There is too little to measure on, or to calibrate on.
    #[error("there are {found} readable photos {purpose}, and it takes {least}")]
    Photos {
        /// What they are for.
        purpose: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        least: usize,
    },
    /// The photos say something else than the network is asked.
    #[error("the photos are of other labels or another task than the network")]
    Subject,
    /// The model's network is none of those that are trained here.
    #[error("the network {0:?} is none that can be studied; give a checkpoint of this program")]
    Architecture(String),
    /// A folder's name cannot be written into settings.
    #[error("{0} has letters that are not Unicode; give --out another name")]
    Name(PathBuf),
    /// A linear classifier could not be fitted.
    #[error("a linear classifier of the features cannot be fitted: {0}")]
    Linear(String),
    /// Features could not be grouped.
    #[error("the photos' features cannot be grouped: {0}")]
    Clusters(String),
    /// Boxes could not be cut out.
    #[error(transparent)]
    Crops(#[from] CropError),
    /// Annotations of boxes cannot be used.
    #[error(transparent)]
    Boxes(#[from] NamedError),
    /// A folder of photos cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Weights do not fit.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A checkpoint cannot be used.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// An artifact cannot be written.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// An engine does not run here.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Training failed.
    #[error("training: {0:#}")]
    Training(anyhow::Error),
}

/// A key of the settings, whether its value makes sense, and what it must be.
pub(crate) type Check = (&'static str, bool, &'static str);

impl StudyError {
    /// Refuses settings by the first check that does not hold.
    pub(crate) fn check(checks: impl IntoIterator<Item = Check>) -> Result<(), Self> {
        match checks.into_iter().find(|(_, fits, _)| !fits) {
            Some((key, _, expected)) => Err(Self::Setting { key, expected }),
            None => Ok(()),
        }
    }

    /// For `map_err`: what was drawn cannot be written to `folder`, or read back.
    pub(crate) fn drawn<E>(folder: &Path) -> impl FnOnce(E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let path = folder.to_owned();
        move |error| Self::Io { path, source: std::io::Error::other(error) }
    }

    /// For `map_err`: what the system says of `path`.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
