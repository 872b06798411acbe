//! Mixed precision: bits by layer under a budget, by what each layer alone costs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tagsight_core::artifact;
use tagsight_data::{progress, write_atomically};
use tagsight_quantiser::{
    Few, FloatNetwork, Precision, Precisions, WeightFormat, WeightMethod, decibels, simulate,
};

use super::bench::{Bench, Measured};
use super::bytes::{self, Layer};
use super::knapsack::{Choice, choose};
use super::setting::Setting;
use super::way::{Calibration, Method, Sharing};
use crate::error::StudyError;
use crate::kept::Kept;

/// How a network with mixed bits is made otherwise.
const SETTING: Setting = Setting {
    weights: 8,
    activations: 7,
    sharing: Sharing::Channel,
    calibration: Calibration::Photos,
    method: Method::Adaround,
};

/// A layer, and signal to noise of the logits if it alone is rounded to so many bits.
#[derive(Debug, Clone)]
pub(super) struct Sensitivity {
    /// The layer.
    pub(super) layer: Layer,
    /// Decibels by bits; none where nothing changes.
    pub(super) decibels: BTreeMap<u32, Option<f64>>,
}

/// A network whose layers have bits of their own.
#[derive(Debug, Clone)]
pub(super) struct Mixed {
    /// Part of the bytes with 8 bits everywhere.
    pub(super) budget: f64,
    /// What was chosen, and what it gives; none if nothing is small enough.
    pub(super) made: Option<Made>,
}

/// A choice of bits with its figures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Made {
    /// Bits of each layer.
    pub(super) by_layer: BTreeMap<String, u32>,
    /// Its figures.
    pub(super) measured: Measured,
}

/// What each layer alone costs: everything else stays float, so that nothing hides it.
pub(super) fn sensitivities(
    bench: &Bench<'_>,
    kept: &mut Kept,
) -> Result<Vec<Sensitivity>, StudyError> {
    let mixed = &bench.config.mixed_precision;
    let count = mixed.images.min(bench.photos.images.len());
    let images = &bench.photos.images[..count];
    let float = FloatNetwork::new(&bench.spec, &bench.folded).logits(images);
    let layers = bytes::layers(&bench.spec.graph);
    let bar = progress::bar(layers.len(), "layers alone");
    let one = |layer: Layer| {
        let digest = bench.digest(&("sensitivity", &layer.name, &mixed.bits, count));
        let name = format!("sensitivity-{}", layer.name);
        let decibels = kept.get_or(&name, &digest, || {
            let alone = |&bits: &u32| {
                let noise = decibels(&float, &alone(bench, &layer.name, bits, images));
                (bits, Some(noise).filter(|noise| noise.is_finite()))
            };
            Ok(mixed.bits.iter().map(alone).collect())
        });
        bar.inc(1);
        Ok(Sensitivity { decibels: decibels?, layer })
    };
    layers.into_iter().map(one).collect()
}

/// Logits if one layer's weights alone are rounded.
fn alone(bench: &Bench<'_>, layer: &str, bits: u32, images: &[Vec<i8>]) -> Vec<f32> {
    let precisions = Precisions {
        weights: Precision::Float,
        activations: Precision::Float,
        few: Few::AsOthers,
        by_layer: BTreeMap::from([(layer.to_owned(), bits)]),
    };
    let format = WeightFormat::default();
    let method = WeightMethod { format, bias_correction: false, adaround: None };
    simulate(&bench.spec, &bench.folded, &BTreeMap::new(), &[], &method, &precisions).logits(images)
}

/// The best network under each budget, quantised as a whole and measured; where an engine runs it, it is
/// left in `folder` as an artifact.
pub(super) fn under_budgets(
    bench: &Bench<'_>,
    sensitivities: &[Sensitivity],
    kept: &mut Kept,
    folder: &Path,
) -> Result<Vec<Mixed>, StudyError> {
    let budgets = &bench.config.mixed_precision.budgets;
    let one = |&budget: &f64| {
        let made = chosen(sensitivities, budget).map(|by_layer| {
            let name = format!("mixed-{}", (100.0 * budget).round());
            let steps = bench.config.adaround_steps;
            let digest =
                bench.digest(&("mixed", &by_layer, steps, bench.config.calibration_images));
            kept.get_or(&name, &digest, || made(bench, by_layer, &folder.join(&name)))
        });
        Ok(Mixed { budget, made: made.transpose()? })
    };
    budgets.iter().map(one).collect()
}

/// Bits of each layer such that their noise, taken to add up, is least.
fn chosen(sensitivities: &[Sensitivity], budget: f64) -> Option<BTreeMap<String, u32>> {
    let choices = |one: &Sensitivity| -> Vec<Choice> {
        let choice = |(&bits, decibels): (&u32, &Option<f64>)| Choice {
            bytes: bytes::stored(one.layer.weights, bits),
            cost: decibels.map_or(0.0, |decibels| 10f64.powf(-decibels / 10.0)),
        };
        one.decibels.iter().map(choice).collect()
    };
    let layers: Vec<Vec<Choice>> = sensitivities.iter().map(choices).collect();
    let whole: usize = sensitivities.iter().map(|one| one.layer.weights).sum();
    let numbers = choose(&layers, (budget * whole as f64) as usize)?;
    let bits = |(one, number): (&Sensitivity, usize)| {
        let bits = one.decibels.keys().nth(number).expect("it was a choice");
        (one.layer.name.clone(), *bits)
    };
    Some(sensitivities.iter().zip(numbers).map(bits).collect())
}

fn made(
    bench: &Bench<'_>,
    by_layer: BTreeMap<String, u32>,
    folder: &Path,
) -> Result<Made, StudyError> {
    let precisions = Precisions { by_layer: by_layer.clone(), ..SETTING.precisions() };
    let method = SETTING.weight_method(bench.config);
    let (measured, artifact) = bench.measured(bench.simulated(&SETTING, &precisions, &method))?;
    if let Some(artifact) = artifact {
        fs::create_dir_all(folder).map_err(StudyError::io(folder))?;
        let path = folder.join(artifact::FILE_NAME);
        write_atomically(&path, &artifact.write()?).map_err(StudyError::io(path))?;
    }
    Ok(Made { by_layer, measured })
}
