//! Means, and how sure they are.

/// The mean and its standard error; of a single value that is not a number.
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let square = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, (square / (count - 1.0) / count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 1, 2, 3, 6: mean 3, variance 14/3.
    #[test]
    fn a_mean_has_its_standard_error() {
        let (mean, error) = mean_and_error(&[1.0, 2.0, 3.0, 6.0]);
        assert!((mean - 3.0).abs() < 1e-12 && (error - (14.0f64 / 3.0 / 4.0).sqrt()).abs() < 1e-12);
        assert_eq!(mean_and_error(&[2.0]).0, 2.0);
    }
}
