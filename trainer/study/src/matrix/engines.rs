//! A photo's time on everything here that runs the network.

use tagsight_core::engine::{Engine, Isa};

use super::bench::Bench;
use super::setting::Setting;
use super::way::{Calibration, Method, Sharing};
use crate::error::StudyError;

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Timed {
    /// What computes.
    pub(super) name: String,
    /// Numbers that it computes with.
    pub(super) numbers: &'static str,
    /// Median of a photo's time.
    pub(super) millis: f64,
    /// Whether its logits are those of the kernels that define the integers; none of floats.
    pub(super) is_equal: Option<bool>,
}

/// What is timed: what is exported. Fewer bits change what is stored, and nothing that kernels do.
const SETTING: Setting = Setting {
    weights: 8,
    activations: 7,
    sharing: Sharing::Channel,
    calibration: Calibration::Photos,
    method: Method::Naive,
};

/// All that run here, the float network first; none if nothing is to be timed.
pub(super) fn all(bench: &Bench<'_>) -> Result<Vec<Timed>, StudyError> {
    let runs = bench.config.timed_runs;
    if runs == 0 {
        return Ok(Vec::new());
    }
    let (precisions, method) = (SETTING.precisions(), SETTING.weight_method(bench.config));
    let simulated = bench.simulated(&SETTING, &precisions, &method);
    let artifact = simulated.into_artifact().expect("it is what is exported");
    let image = &bench.photos.images[0];
    let expected = Engine::new(&artifact, Isa::Scalar)?.logits(image).to_vec();
    let mut all = vec![Timed {
        name: "the trainer's float kernels".into(),
        numbers: "float32",
        millis: bench.float_millis(runs),
        is_equal: None,
    }];
    for isa in Isa::available() {
        let logits = Engine::new(&artifact, isa)?.logits(image).to_vec();
        all.push(Timed {
            name: format!("processor, {}", isa.name()),
            numbers: "W8A7",
            millis: bench.millis(&artifact, isa, runs)?,
            is_equal: Some(logits == expected),
        });
    }
    Ok(all)
}
