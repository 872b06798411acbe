//! The classifier on pooled sums: `logit = (Σ weight · sum + bias) · scale`.
//!
//! It takes the sums of the pooled pixels as they are, so the average is never rounded to a code
//! and the logits are exact up to their one multiplication.

#[cfg(feature = "webgpu")]
pub(super) mod wgsl;

/// The classifier, ready to run.
#[derive(Debug, Clone)]
pub struct Linear {
    /// Codes `[classes, in]`.
    pub weight: Vec<i8>,
    /// In units of the sum, per class.
    pub bias: Vec<i32>,
    /// Value of one unit of the sum, per class.
    pub scale: Vec<f32>,
}

impl Linear {
    /// Weights of one class.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn row(&self, class: usize) -> &[i8] {
        let inputs = self.weight.len() / self.bias.len();
        &self.weight[class * inputs..][..inputs]
    }

    /// Writes one logit a class.
    ///
    /// # Panics
    /// If sizes do not fit.
    pub fn run(&self, sums: &[i32], logits: &mut [f32]) {
        assert_eq!(self.weight.len(), sums.len() * logits.len());
        for (class, (row, logit)) in self.weight.chunks_exact(sums.len()).zip(logits).enumerate() {
            let products = row.iter().zip(sums).map(|(&weight, &sum)| i32::from(weight) * sum);
            *logit = (products.sum::<i32>() + self.bias[class]) as f32 * self.scale[class];
        }
    }
}
