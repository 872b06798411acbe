//! What is measured of the networks that are compared, on the same photos and the same device.

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use tagsight_core::Artifact;
use tagsight_core::engine::{Engine, Isa};
use tagsight_data::{self as data, Dataset, Medium, Photo};
use tagsight_metrics::Classified;
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
    /// Measures the networks on `test`, all of whose photos can be read. What is not trained as integers is
    /// rounded, calibrated on `images`.
    pub(super) fn of(
        config: &Config,
        before: &Before,
        networks: &Networks,
        images: &[Vec<i8>],
        test: &Dataset,
    ) -> Result<Self, StudyError> {
        let codes = data::images(test, 1, config.side);
        let timed = |run: &mut dyn FnMut()| {
            (config.timed_runs > 0 && !codes.is_empty()).then(|| median(config.timed_runs, run))
        };
        let float = |kind, weights: &Weights| {
            let network = FloatNetwork::new(&before.spec, weights);
            let logits = |images: &[Vec<i8>]| Ok::<_, Infallible>(network.logits(images));
            let said = answers(&before.spec, test, logits).unwrap_or_else(|never| match never {});
            let millis = timed(&mut || drop(std::hint::black_box(network.logits(&codes))));
            let bytes = networks.float_bytes();
            Measured { kind, logits: said.scores, truth: said.truth, bytes, millis }
        };
        let integers = |kind, artifact: &Artifact| -> Result<Measured, StudyError> {
            let said = answers(&before.spec, test, |images| integer_logits(artifact, images))?;
            let mut engine = Engine::new(artifact, Isa::best())?;
            engine.set_parallel(true);
            let millis = timed(&mut || {
                std::hint::black_box(engine.logits(&codes[0]));
            });
            let bytes = artifact.write()?.len();
            Ok(Measured { kind, logits: said.scores, truth: said.truth, bytes, millis })
        };
        let trained = integers(Kind::Trained, &networks.trained)?;
        let integers_before =
            PostTraining::default().integers(&before.spec, &before.weights, images);
        let looked = looked(config, [&integers_before, &networks.trained], test, &trained)?;
        let networks = vec![
            float(Kind::Linear, &before.weights),
            float(Kind::Float, &networks.float),
            integers(Kind::Rounded, &networks.rounded(images))?,
            trained,
        ];
        Ok(Self { networks, looked })
    }
}

/// What `networks` see on some photos of `test`: those first that are taken for another class, and of both one of
/// each class after the other. `said` is what the last of the networks says of all.
fn looked(
    config: &Config,
    networks: [&Artifact; 2],
    test: &Dataset,
    said: &Measured,
) -> Result<Vec<Looked>, StudyError> {
    let classes = test.subject.labels.len();
    let (scores, truth) = (said.logits.clone(), said.truth.clone());
    let said = Classified { classes, scores, truth }.answers();
    let [before, after] = networks.map(|network| Engine::new(network, Isa::best()));
    let mut engines = [before?, after?];
    let mut seen = BTreeMap::<(bool, usize), usize>::new();
    let mut turns: Vec<_> = test
        .photos
        .iter()
        .zip(said)
        .map(|(photo, said)| {
            let class = class(photo);
            let is_right = said == class;
            let turn = seen.entry((is_right, class)).or_default();
            *turn += 1;
            ((is_right, *turn, class), photo, said)
        })
        .collect();
    turns.sort_by_key(|(key, photo, _)| (*key, photo.id));
    let mut looked = Vec::new();
    for (_, photo, said) in turns.into_iter().take(config.pictures) {
        let loaded = data::load_inputs(Medium::Photos, std::slice::from_ref(photo), config.side);
        let Some(Ok(pictures)) = loaded.into_iter().next() else { continue };
        looked.push(look(&mut engines, photo, &pictures[0], said));
    }
    Ok(looked)
}

fn look(engines: &mut [Engine; 2], photo: &Photo, codes: &[i8], said: usize) -> Looked {
    let class = class(photo);
    let [before, after] =
        engines.each_mut().map(|engine| engine.logits_explained(codes, &[class]).1.remove(0));
    let (columns, _) = after.size();
    let maps = [before.intensities(), after.intensities()];
    Looked { id: photo.id, said, maps, columns }
}
