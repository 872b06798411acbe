//! Scales of weights: how much one weight code is worth, per output channel or per layer.

use std::iter::repeat_n;

use rayon::prelude::*;
use tagsight_core::quant;

use tagsight_network::weights::Weight;

/// No bias may need more than this many units of the sum; core saturates at 2³⁰.
const LARGEST_BIAS: f64 = (1u32 << 29) as f64;
/// No residual code may be worth more than this many units of the sum.
const LARGEST_RESIDUAL: f64 = (quant::RESIDUAL_MAX / 2) as f64;

/// Which weights share a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Granularity {
    /// Those of one output channel.
    #[default]
    Channel,
    /// All of a layer.
    Tensor,
}

/// How a scale follows from the weights that share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScaleMethod {
    /// The largest weight has the largest code.
    MinMax,
    /// The mean square of rounding and clipping errors is least.
    #[default]
    Mse,
}

/// How a layer's weights become codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightFormat {
    /// Bits of a code, 2 to 8; up to 16 in a network that is only simulated.
    pub bits: u32,
    /// Which weights share a scale.
    pub granularity: Granularity,
    /// How the scale is chosen.
    pub method: ScaleMethod,
}

impl Default for WeightFormat {
    fn default() -> Self {
        Self { bits: 8, granularity: Granularity::default(), method: ScaleMethod::default() }
    }
}

impl WeightFormat {
    /// The same with 8 bits.
    pub fn with_8_bits(self) -> Self {
        Self { bits: 8, ..self }
    }
}

/// Largest magnitude of a code of so many bits; codes are symmetric.
pub(super) fn quant_max(bits: u32) -> i32 {
    (1 << (bits - 1)) - 1
}

/// Scales of what is summed up with the products of weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct SumScales {
    /// Of the layer's input.
    pub(super) input: f32,
    /// Of the residual, if one joins.
    pub(super) residual: Option<f32>,
}

/// One scale an output channel of `weight` (`[out, ...]`); with `sum`, such that an engine can sum up.
pub(super) fn weight_scales(
    weight: &Weight,
    bias: &[f32],
    format: WeightFormat,
    sum: Option<SumScales>,
) -> Vec<f32> {
    let taps = weight.values.len() / bias.len();
    let group = match format.granularity {
        Granularity::Channel => 1,
        Granularity::Tensor => bias.len(),
    };
    let kernels = weight.values.par_chunks(taps * group);
    let scales = kernels.zip(bias.par_chunks(group)).map(|(kernel, bias)| {
        let largest_bias = bias.iter().fold(0.0f32, |max, bias| max.max(bias.abs()));
        scale_of(kernel, largest_bias, format, sum)
    });
    let scales: Vec<f32> = scales.collect();
    scales.into_iter().flat_map(|scale| repeat_n(scale, group)).collect()
}

/// The scale of weights that share one.
fn scale_of(kernel: &[f32], bias: f32, format: WeightFormat, sum: Option<SumScales>) -> f32 {
    let largest = kernel.iter().fold(0.0f32, |max, value| max.max(value.abs()));
    let min_max = largest / quant_max(format.bits) as f32;
    let allowed = |wanted: f32| match sum {
        Some(sum) => sum.allowed(wanted, bias),
        None if wanted.is_normal() => wanted,
        None => 1.0,
    };
    match format.method {
        ScaleMethod::MinMax => allowed(min_max),
        ScaleMethod::Mse => {
            let candidates = (20..=100).map(|percent| allowed(min_max * percent as f32 / 100.0));
            let scored = candidates
                .map(|scale| (scale, square_error(kernel, scale, quant_max(format.bits))));
            let best = scored.min_by(|left, right| left.1.total_cmp(&right.1));
            best.expect("there are candidates").0
        }
    }
}

impl SumScales {
    /// The scale nearest to the wanted one at which bias and residual fit the sum: larger for a
    /// channel of next to no weights. A residual code becomes worth a whole number of units of the
    /// sum, for with few bits a unit is large, and rounding that number would change the residual.
    fn allowed(self, wanted: f32, bias: f32) -> f32 {
        let input = f64::from(self.input);
        let for_bias = f64::from(bias.abs()) / (input * LARGEST_BIAS);
        let wanted = f64::from(wanted).max(for_bias);
        let scale = match self.residual {
            None => wanted,
            Some(residual) => {
                let ratio = f64::from(residual) / input;
                ratio / (ratio / wanted).round().clamp(1.0, LARGEST_RESIDUAL)
            }
        } as f32;
        if scale.is_normal() { scale } else { 1.0 }
    }
}

fn square_error(kernel: &[f32], scale: f32, quant_max: i32) -> f64 {
    let limit = quant_max as f32;
    let errors = kernel.iter().map(|&value| {
        let code = (value / scale).round_ties_even().clamp(-limit, limit);
        f64::from((value - code * scale).powi(2))
    });
    errors.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: WeightFormat =
        WeightFormat { bits: 4, granularity: Granularity::Channel, method: ScaleMethod::Mse };
    const SUM: SumScales = SumScales { input: 0.02, residual: None };
    const ALONE: Option<SumScales> = Some(SUM);

    #[test]
    fn a_dead_channel_gets_a_scale_that_its_residual_fits() {
        let sum = SumScales { residual: Some(0.03), ..SUM };
        let scale = scale_of(&[0.0; 9], 0.0, FORMAT, Some(sum));
        assert!(quant::residual_multiplier(0.03, 0.02, scale).is_some());
        assert_eq!(scale_of(&[0.0; 9], 0.0, FORMAT, ALONE), 1.0);
        assert_eq!(scale_of(&[0.0; 9], 0.0, FORMAT, None), 1.0);
    }

    #[test]
    fn a_residual_code_is_worth_whole_units() {
        let sum = SumScales { residual: Some(0.03), ..SUM };
        let scale = scale_of(&[0.11, -0.2, 0.05], 0.0, FORMAT, Some(sum));
        let ratio = 0.03 / (0.02 * f64::from(scale));
        assert!((ratio - ratio.round()).abs() < 1e-5 * ratio, "{ratio}");
        assert!((0.5..1.1).contains(&(scale * 7.0 / 0.2)), "{scale}");
    }

    /// Weights on a grid are reproduced, and an outlier is given up for the many.
    #[test]
    fn the_search_finds_the_grid() {
        let grid: Vec<f32> = (-7..=7).map(|code| code as f32 * 0.1).collect();
        assert!((scale_of(&grid, 0.0, FORMAT, ALONE) - 0.1).abs() < 1e-6);
        let spoilt = [grid.repeat(20), vec![1.0]].concat();
        let scale = scale_of(&spoilt, 0.0, FORMAT, ALONE);
        assert!((scale - 0.1).abs() < 0.005, "{scale}");
        let min_max = WeightFormat { method: ScaleMethod::MinMax, ..FORMAT };
        assert!((scale_of(&spoilt, 0.0, min_max, ALONE) - 1.0 / 7.0).abs() < 1e-6);
    }

    #[test]
    fn a_layer_shares_the_scale_of_its_largest_channel() {
        let weight = Weight::new([2, 2, 1, 1], vec![0.1, -0.7, 1.4, 0.2]);
        let min_max = WeightFormat { method: ScaleMethod::MinMax, ..FORMAT };
        let scales = weight_scales(&weight, &[0.0; 2], min_max, ALONE);
        assert!((scales[0] - 0.1).abs() < 1e-6 && (scales[1] - 0.2).abs() < 1e-6, "{scales:?}");
        let tensor = WeightFormat { granularity: Granularity::Tensor, ..min_max };
        assert_eq!(weight_scales(&weight, &[0.0; 2], tensor, ALONE), [scales[1]; 2]);
    }
}
