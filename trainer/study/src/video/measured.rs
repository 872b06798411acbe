//! What is measured of the study's networks, on the same videos and the same device.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use tagsight_core::Artifact;
use tagsight_core::engine::{Engine, Isa};
use tagsight_data::{self as data, Dataset};
use tagsight_metrics::{Answers, Predictions};
use tagsight_quantiser::{FloatNetwork, integer_logits};

use super::config::Config;
use crate::error::StudyError;
use crate::networks::Networks;
use crate::time::median;

/// What kind of numbers a network computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Numbers {
    /// Floats, as it was trained.
    Float,
    /// Integers, rounded after training.
    Rounded,
    /// Integers that were trained.
    Trained,
}

/// A network's values of the videos, and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) numbers: Numbers,
    /// Video by video, one a quantity, in their units.
    pub(super) values: Vec<f32>,
    /// The true ones.
    pub(super) truth: Vec<f32>,
    /// Of its weights: float32, or the artifact's file.
    pub(super) bytes: usize,
    /// For one video, if it was timed.
    pub(super) millis: Option<f64>,
}

/// Measures the networks on the videos of `test`.
pub(super) fn all(
    config: &Config,
    networks: &Networks,
    rounded: &Artifact,
    dataset: &Dataset,
    test: &Dataset,
) -> Result<Vec<Measured>, StudyError> {
    let frames = dataset.subject.medium.pictures();
    let video = data::images(test, frames, config.side);
    let timed =
        |run: &mut dyn FnMut()| (config.timed_runs > 0).then(|| median(config.timed_runs, run));
    let float = FloatNetwork::new(&networks.spec, &networks.float);
    let logits = |images: &[Vec<i8>]| Ok::<_, Infallible>(float.logits(images));
    let answers = answers(networks, test, logits).unwrap_or_else(|never| match never {});
    let mut all = vec![Measured {
        bytes: networks.float_bytes(),
        millis: timed(&mut || drop(std::hint::black_box(float.logits(&video)))),
        ..of(Numbers::Float, answers)
    }];
    for (numbers, artifact) in [(Numbers::Rounded, rounded), (Numbers::Trained, &networks.trained)]
    {
        all.push(integers(numbers, artifact, networks, test, &video, &timed)?);
    }
    Ok(all)
}

fn integers(
    numbers: Numbers,
    artifact: &Artifact,
    networks: &Networks,
    test: &Dataset,
    video: &[Vec<i8>],
    timed: &dyn Fn(&mut dyn FnMut()) -> Option<f64>,
) -> Result<Measured, StudyError> {
    let answers = answers(networks, test, |images| integer_logits(artifact, images))?;
    let mut engine = Engine::new(artifact, Isa::best())?;
    engine.set_parallel(true);
    let mut run = || {
        for frame in video {
            std::hint::black_box(engine.logits(frame));
        }
    };
    let millis = timed(&mut run);
    Ok(Measured { bytes: artifact.write()?.len(), millis, ..of(numbers, answers) })
}

fn answers<E>(
    networks: &Networks,
    test: &Dataset,
    logits: impl FnMut(&[Vec<i8>]) -> Result<Vec<f32>, E>,
) -> Result<Answers, E> {
    let spec = &networks.spec;
    Ok(Predictions::of(test, &spec.preprocessing, &spec.task, logits)?.answers)
}

fn of(numbers: Numbers, answers: Answers) -> Measured {
    let Answers::Values(values) = answers else { panic!("the study is of values") };
    let (values, truth) = (values.values, values.truth);
    Measured { numbers, values, truth, bytes: 0, millis: None }
}
