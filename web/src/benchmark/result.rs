//! Figures of a benchmark.

use tagsight_plain::record;
use tagsight_protocol::{Backend, Model, Timings};

/// What `[data-testid=bench-json]` holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Figures {
    /// The backend's name.
    pub(crate) engine: String,
    /// How many threads computed a photo.
    pub(crate) threads: u32,
    /// The model's name.
    pub(crate) model: String,
    /// How often everything ran.
    pub(crate) runs: u32,
    /// From asking for the model to ready, with the download.
    pub(crate) load_ms: f64,
    /// The network's very first run.
    pub(crate) first_ms: f64,
    /// The network alone.
    pub(crate) median_ms: f64,
    /// The network alone, at its best.
    pub(crate) min_ms: f64,
    /// Photo bytes to the picture.
    pub(crate) decode_median_ms: f64,
    /// The picture to the network's input.
    pub(crate) squash_median_ms: f64,
    /// Photo bytes to tags.
    pub(crate) photo_median_ms: f64,
}

record!(Figures {
    engine,
    threads,
    model,
    runs,
    load_ms,
    first_ms,
    median_ms,
    min_ms,
    decode_median_ms,
    squash_median_ms,
    photo_median_ms,
});

impl Figures {
    /// From raw times.
    ///
    /// # Panics
    /// If there are none.
    pub(crate) fn new(backend: Backend, model: &Model, timings: &Timings) -> Self {
        let inference = &timings.inference_millis;
        Self {
            engine: backend.name().to_owned(),
            threads: model.threads,
            model: model.name.clone(),
            runs: inference.len() as u32,
            load_ms: microseconds(model.load_millis),
            first_ms: microseconds(inference[0]),
            median_ms: microseconds(median(inference)),
            min_ms: microseconds(inference.iter().copied().fold(f64::INFINITY, f64::min)),
            decode_median_ms: microseconds(median(&timings.decode_millis)),
            squash_median_ms: microseconds(median(&timings.squash_millis)),
            photo_median_ms: microseconds(median(&timings.photo_millis)),
        }
    }
}

/// Rounds to whole microseconds, finer than any browser's clock.
fn microseconds(millis: f64) -> f64 {
    (millis * 1000.0).round() / 1000.0
}

/// The middle value, or the mean of the two in the middle.
fn median(values: &[f64]) -> f64 {
    // There are few, and a sort of their own would be 5 KB of the page.
    let mut sorted = Vec::with_capacity(values.len());
    for &value in values {
        sorted.insert(sorted.partition_point(|&other| other <= value), value);
    }
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_protocol::Thresholds;

    #[test]
    fn medians_of_odd_and_even_counts() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn figures_name_first_best_and_middle() {
        let model = Model {
            name: "resnet18".into(),
            sha256: String::new(),
            bytes: 1,
            labels: Vec::new(),
            thresholds: Thresholds::default(),
            at_least: Default::default(),
            load_millis: 120.0,
            wasm_bytes: 0,
            threads: 2,
        };
        let timings = Timings {
            inference_millis: vec![30.0, 16.0, 18.0],
            decode_millis: vec![20.0, 25.0, 40.0],
            squash_millis: vec![3.0, 5.0, 4.0],
            photo_millis: vec![50.0, 70.0, 60.0],
        };
        let figures = Figures::new(Backend::WasmSimd, &model, &timings);
        let expected = Figures {
            engine: "wasm-simd".into(),
            threads: 2,
            model: "resnet18".into(),
            runs: 3,
            load_ms: 120.0,
            first_ms: 30.0,
            median_ms: 18.0,
            min_ms: 16.0,
            decode_median_ms: 25.0,
            squash_median_ms: 4.0,
            photo_median_ms: 60.0,
        };
        assert_eq!(figures, expected);
    }
}
