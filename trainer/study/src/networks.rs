//! A float network and the integers that come from it: trained, and rounded where that is asked for.

use std::path::Path;

use tagsight_core::Artifact;
use tagsight_data::{self as data, Dataset};
use tagsight_network::Spec;
use tagsight_network::weights::{Weights, fold_batch_norm};
use tagsight_quantiser::PostTraining;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::TrainConfig;
use tagsight_train::quantised;

use crate::error::StudyError;
use crate::fit::fit;

/// The networks that a study compares.
pub(crate) struct Networks {
    pub(crate) spec: Spec,
    /// The float network's weights, with batch norms folded.
    pub(crate) float: Weights,
    /// The integers that were trained.
    pub(crate) trained: Artifact,
}

/// Images to calibrate on, of the photos that trainings with such settings hold back.
///
/// # Errors
/// If there are none.
pub(crate) fn calibration_images(
    dataset: &Dataset,
    settings: &TrainConfig,
    most: usize,
) -> Result<Vec<Vec<i8>>, StudyError> {
    let validation = data::split_off(dataset, settings.holdout, settings.seed).validation;
    let images = data::images(&validation, most, settings.side);
    if images.is_empty() {
        let purpose = "to calibrate on";
        return Err(StudyError::Photos { purpose, found: 0, least: 1 });
    }
    Ok(images)
}

impl Networks {
    /// Fits the integers of a float network that was fitted to `dataset`, by `qat` in the folder `run`; what was
    /// fitted there before is taken from there.
    ///
    /// # Errors
    /// If training fails.
    pub(crate) fn of(
        float: &Checkpoint,
        qat: &TrainConfig,
        dataset: &Dataset,
        run: &Path,
    ) -> Result<Self, StudyError> {
        let trained = fit(float.metadata.architecture(), qat, dataset, Some(float), run)?;
        let trained = quantised::integers(&trained);
        let spec = float.metadata.spec();
        Ok(Self {
            trained: trained.map_err(|error| StudyError::Training(error.into()))?,
            float: fold_batch_norm(&float.weights, &spec.graph),
            spec,
        })
    }

    /// The float network's integers, rounded.
    ///
    /// # Panics
    /// If there are no images to calibrate on.
    pub(crate) fn rounded(&self, images: &[Vec<i8>]) -> Artifact {
        PostTraining::default().integers(&self.spec, &self.float, images)
    }

    /// Bytes of the float network's weights.
    pub(crate) fn float_bytes(&self) -> usize {
        self.float.values().map(|weight| size_of_val(&weight.values[..])).sum()
    }
}
