//! A training that a study asks for.

use std::path::Path;

use tagsight_core::Architecture;
use tagsight_data::{self as data, Dataset};
use tagsight_train::Device;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::TrainConfig;
use tagsight_train::fit::{LAST, Options, Paths};

use crate::error::StudyError;

/// Fits a network to `dataset` in the folder `run`: of floats, or as integers that begin with the float network
/// `quantise`. One that was interrupted goes on from its last epoch, if its settings are the same.
pub(crate) fn fit(
    architecture: Architecture,
    config: &TrainConfig,
    dataset: &Dataset,
    quantise: Option<&Checkpoint>,
    run: &Path,
) -> Result<Checkpoint, StudyError> {
    let last = run.join(LAST);
    let resume = last.is_file().then(|| Checkpoint::read(&last)).transpose()?;
    // Kept settings name the loss that theirs leave to the task.
    let is_same = |found: &TrainConfig| TrainConfig { loss: None, ..found.clone() } == *config;
    let resume = resume.filter(|resume| is_same(&resume.metadata.config));
    let quantise = quantise.filter(|_| resume.is_none()).cloned();
    let cache = run.parent().unwrap_or(run).join("cache");
    let paths = Paths { cache, data: data::data_dir(), run: run.to_owned() };
    let options = Options { resume, quantise, ..Options::default() };
    let trained = Device::Cpu.train(architecture, config, dataset, options, &paths);
    trained.map_err(StudyError::Training)?;
    Ok(Checkpoint::read(&last)?)
}
