//! Measures one way to quantise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tagsight_core::Artifact;
use tagsight_core::engine::{Engine, Isa};
use tagsight_data as data;
use tagsight_metrics::{Answers, Resampled};
use tagsight_network::Spec;
use tagsight_network::weights::Weights;
use tagsight_quantiser::{
    FloatNetwork, NoEngine, Observed, Precision, Precisions, Simulated, WeightMethod, decibels,
    integer_logits, simulate,
};

use super::bytes;
use super::config::Config;
use super::setting::Setting;
use super::way::Calibration;
use crate::error::StudyError;
use crate::kept::{digest, weights_hash};
use crate::subject::{Photos, Subject};
use crate::time::median;

/// Fewer photos say nothing, not even in miniature.
const LEAST_PHOTOS: usize = 8;

/// What a cell's numbers are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    /// Of the weights; none where they were trained further.
    pub(super) weights: Option<WeightFigures>,
    /// Signal to noise of the logits, the float network's being the signal; none where they are equal.
    pub(super) logit_decibels: Option<f64>,
    /// The task's score.
    pub(super) score: f64,
    /// Its standard error.
    pub(super) score_error: f64,
    /// The score less the float network's.
    pub(super) difference: f64,
    /// Its standard error, the photos being the same.
    pub(super) difference_error: f64,
    /// Bytes of its weights with as many bits as they have.
    pub(super) weight_bytes: usize,
    /// What an engine makes of it.
    pub(super) engine: Runs,
}

/// How far weights are from the float network's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct WeightFigures {
    /// Mean of the squares of errors.
    pub(super) mean_square: f64,
    /// Signal to noise; none where they are equal.
    pub(super) decibels: Option<f64>,
}

/// Whether the integer engines run it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Runs {
    /// They do.
    Here {
        /// Bytes of the artifact.
        file_bytes: usize,
        /// Median of a photo's time on this processor's best kernels, if that was measured.
        millis: Option<f64>,
    },
    /// They do not.
    Nowhere(NoEngine),
}

/// What all cells have in common.
pub(super) struct Bench<'a> {
    pub(super) config: &'a Config,
    pub(super) spec: Spec,
    pub(super) folded: Weights,
    /// The photos that are measured on.
    pub(super) photos: Photos,
    calibrations: BTreeMap<&'static str, Calibrated>,
    float_logits: Vec<f32>,
    pub(super) float: Resampled,
    /// A hash of the network and all photos.
    source: String,
}

/// Images, and what the network gave of them.
struct Calibrated {
    images: Vec<Vec<i8>>,
    observed: Observed,
}

impl<'a> Bench<'a> {
    /// Reads the photos and runs the float network.
    pub(super) fn new(subject: &Subject, config: &'a Config) -> Result<Self, StudyError> {
        let (spec, folded) = (subject.spec(), subject.folded());
        let (side, count) = (spec.preprocessing.side, config.calibration_images);
        let photos =
            Photos::first(&subject.measured, side, config.photos, "to measure on", LEAST_PHOTOS)?;
        let network = FloatNetwork::new(&spec, &folded);
        let mut calibrations = BTreeMap::new();
        let mut calibration_ids = Vec::new();
        for calibration in [Calibration::Photos, Calibration::Random] {
            if calibration == Calibration::Random && !config.calibrations.contains(&calibration) {
                continue;
            }
            let images = match calibration {
                Calibration::Random => data::dead_leaves(count, side, config.seed),
                Calibration::Photos => {
                    let photos = Photos::first(&subject.fitted, side, count, "to calibrate on", 1)?;
                    calibration_ids = photos.ids;
                    photos.images
                }
            };
            let observed = Observed::of(&network, &images);
            calibrations.insert(calibration.name(), Calibrated { images, observed });
        }
        let float_logits = network.logits(&photos.images);
        let answers = answers(&spec, float_logits.clone(), &photos);
        let float = Resampled::of(answers, config.seed);
        let parts =
            (&spec.name, side, weights_hash(&folded), &photos.ids, &calibration_ids, config.seed);
        let source = digest(&parts);
        Ok(Self { config, spec, folded, photos, calibrations, float_logits, float, source })
    }

    /// A hash of all that a result follows from, `what` being its own settings.
    pub(super) fn digest(&self, what: &impl Serialize) -> String {
        digest(&(&self.source, what, self.config.timed_runs > 0))
    }

    /// Photos that may be calibrated on.
    fn calibrated(&self, calibration: Calibration) -> &Calibrated {
        &self.calibrations[calibration.name()]
    }

    /// Measures a cell that needs no training.
    pub(super) fn measure(&self, setting: &Setting) -> Result<Measured, StudyError> {
        let (precisions, method) = (setting.precisions(), setting.weight_method(self.config));
        self.measured(self.simulated(setting, &precisions, &method)).map(|(measured, _)| measured)
    }

    /// The network of a setting, whose precisions may be others.
    pub(super) fn simulated<'s>(
        &'s self,
        setting: &Setting,
        precisions: &'s Precisions,
        method: &WeightMethod,
    ) -> Simulated<'s> {
        let Calibrated { images, observed } = self.calibrated(setting.calibration);
        let ranges = match precisions.activations {
            Precision::Bits(bits) => observed.ranges(&self.spec.graph, setting.ranges(), bits),
            Precision::Float => BTreeMap::new(),
        };
        simulate(&self.spec, &self.folded, &ranges, images, method, precisions)
    }

    /// Measures a network, on an engine if one runs it; its integers then are what was measured.
    pub(super) fn measured(
        &self,
        simulated: Simulated<'_>,
    ) -> Result<(Measured, Option<Artifact>), StudyError> {
        let precisions = simulated.precisions().clone();
        let error = simulated.weight_error();
        let weights = WeightFigures {
            mean_square: error.mean_square,
            decibels: Some(error.decibels).filter(|decibels| decibels.is_finite()),
        };
        let bytes = bytes::of_weights(&self.spec.graph, &precisions);
        match precisions.engine() {
            Ok(()) => {
                let artifact = simulated.into_artifact().expect("an engine runs it");
                let measured = self.of_artifact(&artifact, Some(weights), bytes)?;
                Ok((measured, Some(artifact)))
            }
            Err(reason) => {
                let logits = simulated.logits(&self.photos.images);
                Ok((self.figures(logits, Some(weights), bytes, Runs::Nowhere(reason)), None))
            }
        }
    }

    /// Measures integers.
    pub(super) fn of_artifact(
        &self,
        artifact: &Artifact,
        weights: Option<WeightFigures>,
        weight_bytes: usize,
    ) -> Result<Measured, StudyError> {
        let logits = integer_logits(artifact, &self.photos.images)?;
        let file_bytes = artifact.write()?.len();
        let millis = match self.config.timed_runs {
            0 => None,
            runs => Some(self.millis(artifact, Isa::best(), runs)?),
        };
        Ok(self.figures(logits, weights, weight_bytes, Runs::Here { file_bytes, millis }))
    }

    fn figures(
        &self,
        logits: Vec<f32>,
        weights: Option<WeightFigures>,
        weight_bytes: usize,
        engine: Runs,
    ) -> Measured {
        let noise = decibels(&self.float_logits, &logits);
        let resampled = Resampled::of(answers(&self.spec, logits, &self.photos), self.config.seed);
        let difference = resampled.difference(&self.float);
        Measured {
            weights,
            logit_decibels: Some(noise).filter(|decibels| decibels.is_finite()),
            score: resampled.figure(),
            score_error: resampled.standard_error(),
            difference: difference.difference,
            difference_error: difference.standard_error,
            weight_bytes,
            engine,
        }
    }

    /// Median of a photo's time on a processor's kernels.
    pub(super) fn millis(
        &self,
        artifact: &Artifact,
        isa: Isa,
        runs: usize,
    ) -> Result<f64, StudyError> {
        let mut engine = Engine::new(artifact, isa)?;
        engine.set_parallel(true);
        let image = &self.photos.images[0];
        Ok(median(runs, || drop(std::hint::black_box(engine.logits(image).to_vec()))))
    }

    /// Median of a photo's time in the float network.
    pub(super) fn float_millis(&self, runs: usize) -> f64 {
        let network = FloatNetwork::new(&self.spec, &self.folded);
        let image = &self.photos.images[..1];
        median(runs, || drop(std::hint::black_box(network.logits(image))))
    }
}

/// Logits with what is true of the photos.
fn answers(spec: &Spec, logits: Vec<f32>, photos: &Photos) -> Answers {
    Answers::new(&spec.task, spec.labels.len(), logits, &photos.targets)
}
