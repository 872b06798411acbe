//! The one-cycle learning rate (Smith and Topin 2017): up along a cosine, and down along one.

use std::f64::consts::PI;

/// The rate starts at peak / this.
const START_DIVISOR: f64 = 25.0;
/// And ends at its start / this.
const END_DIVISOR: f64 = 1e4;

/// A cycle of `steps` steps.
#[derive(Debug, Clone, Copy)]
pub struct OneCycle {
    /// Highest rate.
    pub peak: f64,
    /// Length of the whole cycle.
    pub steps: usize,
    /// Part of the steps in which the rate rises.
    pub warmup: f64,
}

impl OneCycle {
    /// The rate of step `step`, counted from 0.
    pub fn rate(&self, step: usize) -> f64 {
        let start = self.peak / START_DIVISOR;
        let end = start / END_DIVISOR;
        let rising = self.warmup * self.steps as f64;
        let step = step as f64;
        if step < rising {
            return cosine(start, self.peak, step / rising);
        }
        let falling = (self.steps as f64 - 1.0 - rising).max(1.0);
        cosine(self.peak, end, ((step - rising) / falling).min(1.0))
    }
}

/// From `from` to `to` as `progress` goes from 0 to 1.
fn cosine(from: f64, to: f64, progress: f64) -> f64 {
    to + (from - to) * (1.0 + (PI * progress).cos()) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_to_its_peak_and_falls_to_nearly_nothing() {
        let cycle = OneCycle { peak: 1.0, steps: 101, warmup: 0.25 };
        assert!((cycle.rate(0) - 0.04).abs() < 1e-12);
        let peak = (0..101).max_by(|&a, &b| cycle.rate(a).total_cmp(&cycle.rate(b))).unwrap();
        assert!((25..=26).contains(&peak), "peak at step {peak}");
        assert!(cycle.rate(100) < 1e-5);
        assert!((1..=25).all(|step| cycle.rate(step) > cycle.rate(step - 1)));
        assert!((27..101).all(|step| cycle.rate(step) < cycle.rate(step - 1)));
    }
}
