//! Quantisation after training: folded float weights, ranges and calibration photos → integers.
//!
//! Layers are taken in the order they run. Each is quantised for the inputs that the already
//! quantised layers before it give, so it can make up for their errors: by its rounding, and by its
//! bias.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use tagsight_core::Preprocessing;
use tagsight_core::artifact::{Artifact, QuantConv, QuantLinear};
use tagsight_core::graph::{Conv, Groups, IMAGE, Interpreter, MaxPool, PerConv};
use tagsight_data::fnv1a;
use tagsight_data::progress::{self, Progress};
use tagsight_network::Spec;
use tagsight_network::weights::Weights;

use super::adaround::AdaRound;
use super::float::Batch;
use super::layer::{FloatLayer, QuantLayer};
use super::ranges::Ranges;
use super::samples::Samples;
use super::scales::{SumScales, WeightFormat};
use super::walk::{self, Chunks, Pair, channel_means};

/// How weights become integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightMethod {
    /// Bits and scales. Stem, depthwise layers and classifier have 8 bits in any case: they are few
    /// and lose most.
    pub format: WeightFormat,
    /// Whether biases take up the shift that rounding weights causes (Nagel et al. 2019).
    pub bias_correction: bool,
    /// Learned rounding; without it weights go to the nearest code.
    pub adaround: Option<AdaRound>,
}

impl Default for WeightMethod {
    fn default() -> Self {
        Self { format: WeightFormat::default(), bias_correction: true, adaround: None }
    }
}

/// Quantises weights whose batch norms are folded, on calibration `images` (7-bit codes, HWC);
/// neither bias correction nor AdaRound happens without images. Scores stay uncalibrated and
/// thresholds at a half: see [`fit_scores`](super::scores::fit_scores).
///
/// # Panics
/// If weights or ranges lack a layer of the network.
pub fn quantise(
    spec: &Spec,
    folded: &Weights,
    ranges: &Ranges,
    images: &[Vec<i8>],
    method: &WeightMethod,
) -> Artifact {
    // The photos are needed for nothing else.
    let needs_images = method.bias_correction || method.adaround.is_some();
    let images = if needs_images { images } else { &[] };
    let graph = &spec.graph;
    let bar = progress::bar(graph.convs().count(), "layers");
    let preprocessing = &spec.preprocessing;
    let mut quantiser = Quantiser { folded, ranges, preprocessing, method, convs: Vec::new(), bar };
    let features = graph.interpret(Pair::of_images(images, preprocessing), &mut quantiser);
    let shape = graph.features();
    let area = shape.height * shape.width;
    let head = quantiser.head(&FloatLayer::of(folded, &graph.head().name), &features, area);
    quantiser.bar.finish_and_clear();
    Artifact {
        metadata: spec.uncalibrated(),
        convs: PerConv::new(graph, quantiser.convs),
        graph: graph.clone(),
        head,
    }
}

/// What the layers have in common.
struct Quantiser<'a> {
    folded: &'a Weights,
    ranges: &'a Ranges,
    preprocessing: &'a Preprocessing,
    method: &'a WeightMethod,
    /// Those that are done.
    convs: Vec<QuantConv>,
    bar: Progress,
}

impl Interpreter for Quantiser<'_> {
    type Value = Pair;

    fn conv(&mut self, conv: &Conv, input: &Pair, residual: Option<&Pair>) -> Pair {
        let mut layer = FloatLayer::of(self.folded, &conv.name);
        let added = residual.map(|residual| &residual.float);
        let float_sums = walk::sums(conv, &layer, &input.float, added);
        if conv.input == IMAGE {
            layer.fold_normalisation(self.preprocessing.mean, self.preprocessing.std);
        }
        let mut quantised = self.round(conv, &layer, &float_sums, input, residual);
        let mut sums = walk::quantised_sums(conv, &quantised, self.preprocessing, input, residual);
        if self.method.bias_correction {
            sums = correct_bias(&mut quantised, &float_sums, sums);
        }
        let output_scale = self.ranges[&conv.name] / conv.activation.quant_max() as f32;
        self.convs.push(quantised.into_conv(input.scale, output_scale));
        self.bar.inc(1);
        Pair::activated(conv, float_sums, sums, output_scale)
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Pair) -> Pair {
        input.pooled(pool.window)
    }
}

impl Quantiser<'_> {
    fn round(
        &self,
        conv: &Conv,
        layer: &FloatLayer,
        float_sums: &[Batch],
        input: &Pair,
        residual: Option<&Pair>,
    ) -> QuantLayer {
        let is_few = conv.input == IMAGE || conv.groups == Groups::Depthwise;
        let format = self.method.format;
        let format = if is_few { format.with_8_bits() } else { format };
        let sum_scales =
            SumScales { input: input.scale, residual: residual.map(|residual| residual.scale) };
        let scales = layer.scales(format, sum_scales);
        match self.method.adaround {
            Some(adaround) if !is_few && adaround.takes(conv) && !float_sums.is_empty() => {
                let seed = adaround.seed ^ fnv1a(conv.name.bytes());
                let rng = &mut ChaCha12Rng::seed_from_u64(seed);
                let wanted = adaround.samples;
                let samples = Samples::draw(conv, float_sums, input, residual, wanted, rng);
                adaround.round(layer, scales, format.bits, conv.activation, &samples)
            }
            _ => layer.to_nearest(scales, format.bits),
        }
    }

    /// The classifier reads sums over all pooled pixels, so one unit of its input is worth the
    /// input scale divided by their number, the `area`.
    fn head(&self, layer: &FloatLayer, input: &Pair, area: usize) -> QuantLinear {
        let sum_scale = input.scale / area as f32;
        let format = self.method.format.with_8_bits();
        let scales = layer.scales(format, SumScales { input: sum_scale, residual: None });
        let mut quantised = layer.to_nearest(scales, format.bits);
        if self.method.bias_correction {
            let channels = layer.weight.shape[1];
            let float = channel_means(&input.float, channels);
            let pooled = channel_means(&input.quantised, channels);
            let weight = quantised.weight();
            let rows = layer.weight.values.chunks_exact(channels);
            let rows = rows.zip(weight.values.chunks_exact(channels));
            for (bias, (row, rounded)) in quantised.bias.iter_mut().zip(rows) {
                *bias += (dot(row, &float) - dot(rounded, &pooled)) as f32;
            }
        }
        quantised.into_linear(sum_scale)
    }
}

/// Gives the layer's sums the float network's means; returns the corrected sums.
fn correct_bias(layer: &mut QuantLayer, float_sums: &[Batch], sums: Chunks) -> Chunks {
    let channels = layer.bias.len();
    let means = channel_means(float_sums, channels).into_iter().zip(channel_means(&sums, channels));
    let shift: Vec<f32> = means.map(|(float, quantised)| (float - quantised) as f32).collect();
    for (bias, shift) in layer.bias.iter_mut().zip(&shift) {
        *bias += shift;
    }
    sums.into_iter().map(|sums| sums.shifted(&shift)).collect()
}

fn dot(row: &[f32], means: &[f64]) -> f64 {
    row.iter().zip(means).map(|(&weight, mean)| f64::from(weight) * mean).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_shift_is_taken_up() {
        let sums = |values: [f32; 4]| vec![Batch { dims: [1, 2, 1, 2], values: values.to_vec() }];
        let mut layer = QuantLayer {
            shape: vec![2, 1, 1, 1],
            codes: vec![1, 1],
            bits: 8,
            scales: vec![1.0, 1.0],
            bias: vec![0.5, 0.25],
        };
        let float = sums([1.0, 3.0, -2.0, 0.0]);
        let corrected = correct_bias(&mut layer, &float, sums([1.5, 3.5, -4.0, -2.0]));
        assert_eq!(layer.bias, [0.0, 2.25]);
        assert_eq!(corrected, float);
        correct_bias(&mut layer, &Chunks::new(), Chunks::new());
        assert_eq!(layer.bias, [0.0, 2.25], "without photos nothing is known");
    }
}
