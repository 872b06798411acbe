//! A float network and the integers that come from it: rounded, and trained.

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
    /// Its integers, rounded.
    pub(crate) rounded: Artifact,
    /// The integers that were trained.
    pub(crate) trained: Artifact,
}

impl Networks {
    /// Rounds a float network that was fitted to `dataset`, and fits its integers by `qat` in the folder `run`;
    /// what was fitted there before is taken from there.
    ///
    /// # Errors
    /// If training fails, or there are no photos to calibrate on.
    pub(crate) fn of(
        float: &Checkpoint,
        qat: &TrainConfig,
        calibration_images: usize,
        dataset: &Dataset,
        run: &Path,
    ) -> Result<Self, StudyError> {
        let trained = fit(float.metadata.architecture(), qat, dataset, Some(float), run)?;
        let trained = quantised::integers(&trained);
        let spec = float.metadata.spec();
        let folded = fold_batch_norm(&float.weights, &spec.graph);
        let validation = data::split_off(dataset, qat.holdout, qat.seed).validation;
        let images = data::images(&validation, calibration_images, qat.side);
        if images.is_empty() {
            let purpose = "to calibrate on";
            return Err(StudyError::Photos { purpose, found: 0, least: 1 });
        }
        Ok(Self {
            rounded: PostTraining::default().integers(&spec, &folded, &images),
            trained: trained.map_err(|error| StudyError::Training(error.into()))?,
            float: folded,
            spec,
        })
    }

    /// Bytes of the float network's weights.
    pub(crate) fn float_bytes(&self) -> usize {
        self.float.values().map(|weight| size_of_val(&weight.values[..])).sum()
    }
}
