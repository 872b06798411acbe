//! How good measured values are: mean absolute error and coefficient of determination.

use super::{Metric, Score, mean};

/// Values of photos and the true ones, both in their units.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Values a photo.
    pub quantities: usize,
    /// Photo by photo, `quantities` each.
    pub values: Vec<f32>,
    /// As `values`: the true ones.
    pub truth: Vec<f32>,
}

impl Measured {
    /// Mean absolute error of a quantity, in its unit; 0 without photos.
    pub fn mean_absolute_error(&self, quantity: usize) -> f64 {
        mean(self.pairs(quantity).map(|(value, truth)| (value - truth).abs()))
    }

    /// Coefficient of determination of a quantity, `1 − Σ(value − truth)² / Σ(truth − mean)²`: 1 is perfect,
    /// and 0 what the true values' mean would get. `None` if the true values do not vary.
    pub fn r2(&self, quantity: usize) -> Option<f64> {
        let centre = mean(self.pairs(quantity).map(|(_, truth)| truth));
        let missed: f64 = self.pairs(quantity).map(|(value, truth)| (value - truth).powi(2)).sum();
        let varied: f64 = self.pairs(quantity).map(|(_, truth)| (truth - centre).powi(2)).sum();
        (varied > 0.0).then(|| 1.0 - missed / varied)
    }

    /// The mean of all quantities' [`Self::r2`], with its name; one that does not vary counts as 0.
    pub fn score(&self) -> Score {
        let value = mean((0..self.quantities).map(|quantity| self.r2(quantity).unwrap_or(0.0)));
        Score { metric: Metric::R2, over: self.quantities, value }
    }

    /// The photos of the given numbers, in that order; a number may come twice.
    pub fn pick(&self, photos: &[usize]) -> Self {
        let row = |photo: usize| photo * self.quantities..(photo + 1) * self.quantities;
        let pick =
            |all: &[f32]| photos.iter().flat_map(|&photo| &all[row(photo)]).copied().collect();
        Self { quantities: self.quantities, values: pick(&self.values), truth: pick(&self.truth) }
    }

    /// Values of a quantity with the true ones.
    fn pairs(&self, quantity: usize) -> impl Iterator<Item = (f64, f64)> {
        let of = |values: &[f32]| {
            let column = values.iter().skip(quantity).step_by(self.quantities);
            column.copied().map(f64::from).collect::<Vec<_>>()
        };
        of(&self.values).into_iter().zip(of(&self.truth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two quantities of three photos; the second never varies.
    fn measured() -> Measured {
        let values = vec![2.0, 5.0, 2.0, 5.0, 5.0, 6.0];
        Measured { quantities: 2, values, truth: vec![1.0, 5.0, 3.0, 5.0, 5.0, 5.0] }
    }

    /// By hand: errors of 1, −1 and 0 around true values of 1, 3 and 5.
    #[test]
    fn errors_are_compared_with_how_much_values_vary() {
        let measured = measured();
        assert!((measured.mean_absolute_error(0) - 2.0 / 3.0).abs() < 1e-12);
        assert!((measured.mean_absolute_error(1) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(measured.r2(0), Some(0.75));
        assert_eq!(measured.r2(1), None);
        assert_eq!(measured.score(), Score { metric: Metric::R2, over: 2, value: 0.375 });
    }

    #[test]
    fn photos_can_be_picked() {
        let twice = measured().pick(&[2, 0, 0]);
        assert_eq!(twice.values, [5.0, 6.0, 2.0, 5.0, 2.0, 5.0]);
        assert_eq!(twice.truth, [5.0, 5.0, 1.0, 5.0, 1.0, 5.0]);
        assert_eq!(measured().pick(&[]).mean_absolute_error(0), 0.0);
    }
}
