//! Platt scaling (Platt 1999) of all classes at once: rare ones lean on what all have in common.

use tagsight_core::tags::Calibration;

use tagsight_metrics::Scored;

/// How strongly a class's scores are drawn to the common slope and offset: as much as this many
/// photos of medium certainty would.
pub const PRIOR_STRENGTH: f64 = 10.0;
const ITERATIONS: usize = 50;
/// Slopes stay positive, so that calibration never changes the order of scores.
const LEAST_SLOPE: f64 = 0.05;

/// A line from logits to calibrated logits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    slope: f64,
    offset: f64,
}

/// Fits slope and offset of every class to logits of photos that were not trained on; each is drawn to
/// the common ones as `strength` photos of medium certainty would.
pub fn fit_platt(logits: &Scored, strength: f64) -> Calibration {
    let all: Vec<(f32, bool)> =
        logits.scores.iter().copied().zip(logits.truth.iter().copied()).collect();
    let common = fit(&all, Line { slope: 1.0, offset: 0.0 }, 0.0);
    let lines: Vec<Line> =
        (0..logits.classes).map(|class| fit(&logits.class(class), common, strength)).collect();
    Calibration {
        slope: lines.iter().map(|line| line.slope as f32).collect(),
        offset: lines.iter().map(|line| line.offset as f32).collect(),
    }
}

/// Newton's method on the cross-entropy, and on the squared distance from `prior` times
/// `strength` / 2; steps that would not improve are halved.
fn fit(scored: &[(f32, bool)], prior: Line, strength: f64) -> Line {
    let mut line = prior;
    let mut cost = cost_of(scored, line, prior, strength);
    for _ in 0..ITERATIONS {
        let step = newton_step(scored, line, prior, strength);
        let candidates = (0..10).map(|halvings| {
            let part = 0.5f64.powi(halvings);
            let slope = (line.slope - part * step.slope).max(LEAST_SLOPE);
            Line { slope, offset: line.offset - part * step.offset }
        });
        let improved = candidates
            .map(|candidate| (candidate, cost_of(scored, candidate, prior, strength)))
            .find(|(_, next)| *next < cost - 1e-9);
        match improved {
            Some((next, next_cost)) => (line, cost) = (next, next_cost),
            None => break,
        }
    }
    line
}

fn cost_of(scored: &[(f32, bool)], line: Line, prior: Line, strength: f64) -> f64 {
    let entropy = scored.iter().map(|&(logit, truth)| {
        let x = line.slope * f64::from(logit) + line.offset;
        let signed = if truth { -x } else { x };
        signed.max(0.0) + (-signed.abs()).exp().ln_1p()
    });
    let distance = (line.slope - prior.slope).powi(2) + (line.offset - prior.offset).powi(2);
    entropy.sum::<f64>() + strength * distance / 2.0
}

fn newton_step(scored: &[(f32, bool)], line: Line, prior: Line, strength: f64) -> Line {
    // A trace of damping keeps the matrix regular when all logits are one.
    const DAMPING: f64 = 1e-6;
    let mut gradient =
        [strength * (line.slope - prior.slope), strength * (line.offset - prior.offset)];
    let mut hessian = [strength + DAMPING, 0.0, strength + DAMPING];
    for &(logit, truth) in scored {
        let logit = f64::from(logit);
        let probability = 1.0 / (1.0 + (-(line.slope * logit + line.offset)).exp());
        let error = probability - f64::from(u8::from(truth));
        let curvature = probability * (1.0 - probability);
        gradient[0] += error * logit;
        gradient[1] += error;
        hessian[0] += curvature * logit * logit;
        hessian[1] += curvature * logit;
        hessian[2] += curvature;
    }
    let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
    Line {
        slope: (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
        offset: (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha12Rng;

    /// Truth drawn from a known line over the logits: the fit must find that line.
    #[test]
    fn a_known_line_is_found() {
        let mut rng = ChaCha12Rng::seed_from_u64(3);
        let scored: Vec<(f32, bool)> = (0..20_000)
            .map(|_| {
                let logit = rng.random_range(-4.0f64..4.0);
                let probability = 1.0 / (1.0 + (-(0.6 * logit - 0.8)).exp());
                (logit as f32, rng.random_bool(probability))
            })
            .collect();
        let line = fit(&scored, Line { slope: 1.0, offset: 0.0 }, 0.0);
        assert!((line.slope - 0.6).abs() < 0.05 && (line.offset + 0.8).abs() < 0.05, "{line:?}");
    }

    #[test]
    fn a_class_without_photos_keeps_the_common_line_and_slopes_stay_positive() {
        let common = Line { slope: 0.9, offset: -0.1 };
        assert_eq!(fit(&[], common, PRIOR_STRENGTH), common);
        let reversed: Vec<(f32, bool)> = (0..100).map(|i| (i as f32 - 50.0, i < 50)).collect();
        assert!(fit(&reversed, common, 0.0).slope >= LEAST_SLOPE);
    }
}
