//! What is measured of the networks that are compared, on the same photos and the same device.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use tagsight_core::Artifact;
use tagsight_core::engine::{Engine, Isa};
use tagsight_data::{self as data, Dataset, Medium, Photo};
use tagsight_network::Spec;
use tagsight_network::weights::Weights;
use tagsight_quantiser::{FloatNetwork, PostTraining, integer_logits};

use super::config::Config;
use super::runs::answers;
use crate::error::StudyError;
use crate::features::class;
use crate::networks::Networks;
use crate::time::median;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// A linear classifier of the features of the network that was not fitted.
    Linear,
    /// Floats, fitted.
    Float,
    /// Integers, rounded.
    Rounded,
    /// Integers that were trained.
    Trained,
}

/// A network's answers, and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) kind: Kind,
    /// Of the photos to measure on.
    pub(super) logits: Vec<f32>,
    /// Their classes.
    pub(super) truth: Vec<usize>,
    /// Of its weights: float32, or the artifact's file.
    pub(super) bytes: usize,
    /// For one photo, if it was timed.
    pub(super) millis: Option<f64>,
}

/// Where networks look on a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Looked {
    /// The photo's id.
    pub(super) id: u64,
    /// What the trained integers say.
    pub(super) said: usize,
    /// What speaks for the photo's own class, before the network was fitted and after: rows of cells from 0 to 1.
    pub(super) maps: [Vec<f32>; 2],
    /// Cells a row.
    pub(super) columns: usize,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Compared {
    pub(super) networks: Vec<Measured>,
    pub(super) looked: Vec<Looked>,
}

/// The network that was not fitted, with a linear classifier that was.
pub(super) struct Before {
    pub(super) spec: Spec,
    /// With batch norms folded.
    pub(super) weights: Weights,
}

impl Compared {
    /// Measures the networks on `test`.
    pub(super) fn of(
        config: &Config,
        before: &Before,
        networks: &Networks,
        dataset: &Dataset,
    ) -> Result<Self, StudyError> {
        let test = dataset.filter(|photo| photo.part == Some(data::Part::Test));
        let codes = data::images(&test, 1, config.side);
        let timed = |run: &mut dyn FnMut()| {
            (config.timed_runs > 0 && !codes.is_empty()).then(|| median(config.timed_runs, run))
        };
        let float = |kind, weights: &Weights| {
            let network = FloatNetwork::new(&before.spec, weights);
            let logits = |images: &[Vec<i8>]| Ok::<_, Infallible>(network.logits(images));
            let said = answers(&before.spec, &test, logits).unwrap_or_else(|never| match never {});
            let millis = timed(&mut || drop(std::hint::black_box(network.logits(&codes))));
            let bytes = networks.float_bytes();
            Measured { kind, logits: said.scores, truth: said.truth, bytes, millis }
        };
        let integers = |kind, artifact: &Artifact| -> Result<Measured, StudyError> {
            let said = answers(&before.spec, &test, |images| integer_logits(artifact, images))?;
            let mut engine = Engine::new(artifact, Isa::best())?;
            engine.set_parallel(true);
            let millis = timed(&mut || {
                std::hint::black_box(engine.logits(&codes[0]));
            });
            let bytes = artifact.write()?.len();
            Ok(Measured { kind, logits: said.scores, truth: said.truth, bytes, millis })
        };
        let trained = integers(Kind::Trained, &networks.trained)?;
        let looked = looked(config, before, networks, dataset, &test)?;
        let networks = vec![
            float(Kind::Linear, &before.weights),
            float(Kind::Float, &networks.float),
            integers(Kind::Rounded, &networks.rounded)?,
            trained,
        ];
        Ok(Self { networks, looked })
    }
}

/// Maps of some photos of `test`: of each class in turn, and of those first that the trained integers take for
/// another.
fn looked(
    config: &Config,
    before: &Before,
    networks: &Networks,
    dataset: &Dataset,
    test: &Dataset,
) -> Result<Vec<Looked>, StudyError> {
    let validation = data::split_off(dataset, 0.5, config.seed).validation;
    let images = data::images(&validation, config.calibration_images, config.side);
    let before = PostTraining::default().integers(&before.spec, &before.weights, &images);
    let mut engines =
        [Engine::new(&before, Isa::best())?, Engine::new(&networks.trained, Isa::best())?];
    let mut looked: Vec<(bool, usize, Looked)> = Vec::new();
    let loaded = data::load_inputs(Medium::Photos, &test.photos, config.side);
    for (photo, loaded) in test.photos.iter().zip(loaded) {
        let Ok(pictures) = loaded else { continue };
        looked.push(look(&mut engines, photo, &pictures[0]));
    }
    looked.sort_by_key(|(is_right, class, looked)| (*is_right, *class, looked.id));
    Ok(in_turn(looked).take(config.pictures).collect())
}

fn look(engines: &mut [Engine; 2], photo: &Photo, codes: &[i8]) -> (bool, usize, Looked) {
    let class = class(photo);
    let mut said = 0;
    let mut columns = 0;
    let maps = engines.each_mut().map(|engine| {
        let (logits, maps) = engine.logits_explained(codes, &[class]);
        said =
            (1..logits.len()).fold(0, |best, at| if logits[at] > logits[best] { at } else { best });
        columns = maps[0].size().0;
        maps[0].intensities()
    });
    (said == class, class, Looked { id: photo.id, said, maps, columns })
}

/// One of each class after the other, those that are wrong before those that are right.
fn in_turn(sorted: Vec<(bool, usize, Looked)>) -> impl Iterator<Item = Looked> {
    let mut places = std::collections::BTreeMap::<(bool, usize), usize>::new();
    let mut placed: Vec<((bool, usize, usize), Looked)> = Vec::new();
    for (is_right, class, looked) in sorted {
        let place = places.entry((is_right, class)).or_default();
        placed.push(((is_right, *place, class), looked));
        *place += 1;
    }
    placed.sort_by_key(|(key, _)| *key);
    placed.into_iter().map(|(_, looked)| looked)
}
