//! One layer on its way from floats to integers.

use tagsight_core::artifact::{QuantConv, QuantLinear, WeightBits};
use tagsight_core::quant;
use tagsight_network::transposed;
use tagsight_network::weights::{Weight, Weights};

use super::scales::{SumScales, WeightFormat, quant_max, weight_scales};

/// A convolution or classifier with its batch norm folded.
#[derive(Debug, Clone)]
pub(super) struct FloatLayer {
    /// `[out, in, kh, kw]`, or `[out, in]` of the classifier.
    pub(super) weight: Weight,
    /// One an output.
    pub(super) bias: Vec<f32>,
}

/// The same with weights as codes. The bias stays real until the layer is finished, since it takes
/// up corrections.
#[derive(Debug, Clone)]
pub(super) struct QuantLayer {
    /// Sizes of the codes, as the float layer has them.
    pub(super) shape: Vec<usize>,
    /// Codes, row-major; within 8 bits wherever an engine is to run them.
    pub(super) codes: Vec<i16>,
    /// Bits of a code.
    pub(super) bits: u32,
    /// Value of one code, per output.
    pub(super) scales: Vec<f32>,
    /// One an output.
    pub(super) bias: Vec<f32>,
}

impl FloatLayer {
    /// The layer of that name.
    ///
    /// # Panics
    /// If it is absent.
    pub(super) fn of(folded: &Weights, name: &str) -> Self {
        let weight = folded[&format!("{name}.weight")].clone();
        Self { weight, bias: folded[&format!("{name}.bias")].values.clone() }
    }

    /// `w·(x − mean)/std + b` as a layer of `x`; what pads the image becomes the mean pixel.
    pub(super) fn fold_normalisation(&mut self, mean: [f32; 3], std: [f32; 3]) {
        let area = self.weight.shape[2] * self.weight.shape[3];
        let kernels = self.weight.values.chunks_exact_mut(area * mean.len());
        for (kernel, bias) in kernels.zip(&mut self.bias) {
            let mut shift = 0.0f64;
            for (channel, taps) in kernel.chunks_exact_mut(area).enumerate() {
                for tap in taps {
                    *tap /= std[channel];
                    shift += f64::from(*tap) * f64::from(mean[channel]);
                }
            }
            *bias = (f64::from(*bias) - shift) as f32;
        }
    }

    /// Scales of the weights in `format`; with `sum`, such that an engine can sum them up.
    pub(super) fn scales(&self, format: WeightFormat, sum: Option<SumScales>) -> Vec<f32> {
        weight_scales(&self.weight, &self.bias, format, sum)
    }

    /// Each weight to the nearest code.
    pub(super) fn to_nearest(&self, scales: Vec<f32>, bits: u32) -> QuantLayer {
        let (taps, limit) = (self.weight.values.len() / scales.len(), quant_max(bits) as f32);
        let kernels = self.weight.values.chunks_exact(taps).zip(&scales);
        // `quant::quantise_weight`, with limits of its own.
        let code = |(weight, scale): (&f32, &f32)| {
            (weight / scale).round_ties_even().clamp(-limit, limit) as i16
        };
        let codes = kernels
            .flat_map(|(kernel, scale)| kernel.iter().zip(std::iter::repeat(scale)).map(code));
        let codes = codes.collect();
        QuantLayer {
            shape: self.weight.shape.clone(),
            codes,
            bits,
            scales,
            bias: self.bias.clone(),
        }
    }
}

impl QuantLayer {
    /// What the codes stand for.
    pub(super) fn weight(&self) -> Weight {
        let taps = self.codes.len() / self.scales.len();
        let kernels = self.codes.chunks_exact(taps).zip(&self.scales);
        let values =
            kernels.flat_map(|(kernel, scale)| kernel.iter().map(move |&c| f32::from(c) * scale));
        Weight::new(self.shape.clone(), values.collect())
    }

    /// The layer with real values.
    pub(super) fn dequantised(&self) -> FloatLayer {
        FloatLayer { weight: self.weight(), bias: self.bias.clone() }
    }

    /// The finished convolution.
    pub(super) fn into_conv(self, input_scale: f32, output_scale: f32) -> QuantConv {
        let bias = self.integer_bias(input_scale);
        let &[_, inputs, height, width] = &self.shape[..] else {
            panic!("a convolution's weight has four sizes, not {:?}", self.shape)
        };
        let weight = transposed(&self.narrow(), inputs, height * width);
        let bits = WeightBits::holding(self.bits);
        QuantConv { weight, bits, weight_scale: self.scales, bias, output_scale }
    }

    /// The finished classifier; `sum_scale` is the value of one unit of the pooled sums.
    pub(super) fn into_linear(self, sum_scale: f32) -> QuantLinear {
        let bias = self.integer_bias(sum_scale);
        let bits = WeightBits::holding(self.bits);
        QuantLinear { weight: self.narrow(), bits, weight_scale: self.scales, bias }
    }

    /// The bias as an engine has it, when its input's codes are worth `input_scale`.
    pub(super) fn with_rounded_bias(mut self, input_scale: f32) -> Self {
        let units = self.integer_bias(input_scale).into_iter().zip(&self.scales);
        self.bias = units.map(|(units, scale)| units as f32 * (scale * input_scale)).collect();
        self
    }

    fn narrow(&self) -> Vec<i8> {
        let narrow = |&code: &i16| i8::try_from(code).expect("engines have weights of 8 bits");
        self.codes.iter().map(narrow).collect()
    }

    fn integer_bias(&self, input_scale: f32) -> Vec<i32> {
        let pairs = self.bias.iter().zip(&self.scales);
        pairs.map(|(&bias, &scale)| quant::quantise_bias(bias, input_scale, scale)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalisation_folds_into_the_kernel() {
        let weight = Weight::new([1, 3, 1, 1], vec![1.0, -2.0, 0.5]);
        let mut layer = FloatLayer { weight, bias: vec![0.25] };
        let (mean, std) = ([0.5, 0.4, 0.3], [0.2, 0.25, 0.5]);
        let pixel = [0.9f32, 0.1, 0.6];
        let kernel = layer.weight.values.clone();
        let expected: f32 =
            0.25 + (0..3).map(|c| kernel[c] * (pixel[c] - mean[c]) / std[c]).sum::<f32>();
        layer.fold_normalisation(mean, std);
        let products: f32 = (0..3).map(|c| layer.weight.values[c] * pixel[c]).sum();
        let folded = layer.bias[0] + products;
        assert!((folded - expected).abs() < 1e-5, "{folded} {expected}");
    }

    #[test]
    fn codes_stay_within_their_bits() {
        let weight = Weight::new([2, 1, 1, 2], vec![0.9, -0.26, 3.0, 0.1]);
        let layer = FloatLayer { weight, bias: vec![0.0; 2] }.to_nearest(vec![0.1, 0.2], 4);
        assert_eq!(layer.codes, [7, -3, 7, 0]);
        assert_eq!(layer.weight().values, [7.0 * 0.1, -3.0 * 0.1, 7.0 * 0.2, 0.0]);
    }
}
