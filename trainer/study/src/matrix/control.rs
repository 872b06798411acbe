//! Accuracy control: the cheapest setting that loses no more than is allowed.

use super::row::Row;

/// The row of the smallest artifact whose score is at most `max_loss` below the float network's; of equal
/// ones the better. None if all that engines run lose more.
pub(super) fn cheapest(rows: &[Row], max_loss: f64) -> Option<&Row> {
    let candidates = rows.iter().filter(|row| row.measured.difference >= -max_loss);
    let with_bytes = candidates.filter_map(|row| Some((row.file_bytes()?, row)));
    let best = with_bytes.min_by(|left, right| {
        let by_score = right.1.measured.difference.total_cmp(&left.1.measured.difference);
        left.0.cmp(&right.0).then(by_score)
    });
    best.map(|(_, row)| row)
}

#[cfg(test)]
mod tests {
    use tagsight_quantiser::NoEngine;

    use super::*;
    use crate::matrix::bench::{Measured, Runs};
    use crate::matrix::way::{Calibration, Sharing};

    fn row(bits: &str, difference: f64, engine: Runs) -> Row {
        let measured = Measured {
            weights: None,
            logit_decibels: None,
            score: 0.5 + difference,
            score_error: 0.0,
            difference,
            difference_error: 0.0,
            weight_bytes: 0,
            engine,
        };
        Row {
            bits: bits.into(),
            setting: None,
            sharing: Sharing::Channel,
            calibration: Calibration::Photos,
            method: String::new(),
            measured,
        }
    }

    #[test]
    fn the_smallest_that_is_good_enough_and_runs() {
        let here = |file_bytes| Runs::Here { file_bytes, millis: None };
        let rows = [
            row("a", -0.001, here(800)),
            row("b", -0.009, here(400)),
            row("c", -0.004, here(400)),
            row("d", -0.2, here(200)),
            row("e", 0.0, Runs::Nowhere(NoEngine::Activations(8))),
        ];
        let found = |max_loss| cheapest(&rows, max_loss).map(|row| row.bits.as_str());
        assert_eq!([0.0, 0.002, 0.01, 0.3].map(found), [None, Some("a"), Some("c"), Some("d")]);
    }
}
