//! Weights of a convolution or classifier, with their codes where they have some.

use tagsight_network::transposed;

use super::constant::{Constant, Values};

/// Weights by output.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kernel {
    /// `[out, in, kh, kw]`, or `[out, in]`.
    pub(super) sizes: Vec<usize>,
    pub(super) values: Vec<f32>,
    /// The same as codes, if there are some with one scale an output.
    pub(super) codes: Option<KernelCodes>,
}

/// See [`Kernel`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KernelCodes {
    /// Less their zero point.
    pub(super) codes: Vec<i32>,
    /// Value of one code, per output.
    pub(super) scales: Vec<f32>,
}

impl Kernel {
    /// Weights whose first size is that of outputs.
    pub(super) fn new(constant: &Constant) -> Self {
        let outputs = constant.sizes.first().copied().unwrap_or(0);
        let codes = match &constant.values {
            Values::Codes { codes, scales, axis } if *axis == 0 || scales.len() == 1 => {
                Some(KernelCodes { codes: codes.clone(), scales: by_output(scales, outputs) })
            }
            _ => None,
        };
        Self { sizes: constant.sizes.clone(), values: constant.reals(), codes }
    }

    /// A matrix `[in, out]`, turned around.
    ///
    /// # Panics
    /// If it is no matrix.
    pub(super) fn of_columns(constant: &Constant) -> Self {
        let &[inputs, outputs] = &constant.sizes[..] else { panic!("a matrix has two sizes") };
        let codes = match &constant.values {
            Values::Codes { codes, scales, axis } if *axis == 1 || scales.len() == 1 => {
                let codes = transposed(codes, inputs, outputs);
                Some(KernelCodes { codes, scales: by_output(scales, outputs) })
            }
            _ => None,
        };
        let sizes = vec![outputs, inputs];
        Self { sizes, values: transposed(&constant.reals(), inputs, outputs), codes }
    }

    /// How many outputs there are.
    pub(super) fn outputs(&self) -> usize {
        self.sizes.first().copied().unwrap_or(0)
    }

    /// Weights of one output.
    pub(super) fn taps(&self) -> usize {
        self.sizes.iter().skip(1).product()
    }

    /// Multiplies each output's weights; codes are given up, as a scale has no sign.
    pub(super) fn scale(&mut self, factors: &[f64]) {
        let taps = self.taps().max(1);
        for (kernel, factor) in self.values.chunks_exact_mut(taps).zip(factors) {
            for value in kernel {
                *value = (f64::from(*value) * factor) as f32;
            }
        }
        self.codes = None;
    }
}

fn by_output(scales: &[f32], outputs: usize) -> Vec<f32> {
    (0..outputs).map(|output| scales[output % scales.len()]).collect()
}
