//! Quantisation after training: folded float weights, ranges and calibration photos → integers.
//!
//! Layers are taken in the order they run. Each is quantised for the inputs that the already
//! quantised layers before it give, so it can make up for their errors: by its rounding, and by its
//! bias.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use tagsight_core::Preprocessing;
use tagsight_core::artifact::Artifact;
use tagsight_core::graph::{Conv, IMAGE, Interpreter, MaxPool, PerConv};
use tagsight_data::fnv1a;
use tagsight_data::progress::{self, Progress};
use tagsight_network::Spec;
use tagsight_network::weights::Weights;

use super::adaround::AdaRound;
use super::float::Batch;
use super::layer::FloatLayer;
use super::precision::{Grid, Precision, Precisions, is_few};
use super::ranges::Ranges;
use super::samples::Samples;
use super::scales::{SumScales, WeightFormat};
use super::simulated::{Layer, Rounded, Simulated};
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
/// If weights or ranges lack a layer of the network, or weights have more than 8 bits.
pub fn quantise(
    spec: &Spec,
    folded: &Weights,
    ranges: &Ranges,
    images: &[Vec<i8>],
    method: &WeightMethod,
) -> Artifact {
    let precisions = Precisions::exported(method.format.bits);
    let simulated = simulate(spec, folded, ranges, images, method, &precisions);
    simulated.into_artifact().expect("engines run what is exported")
}

/// Rounds a network as [`quantise`] does, to whatever `precisions` say; those of `method` count for
/// nothing. `ranges` are for activations of these bits.
///
/// # Panics
/// If weights or ranges lack a layer of the network.
pub fn simulate<'a>(
    spec: &'a Spec,
    folded: &Weights,
    ranges: &Ranges,
    images: &[Vec<i8>],
    method: &WeightMethod,
    precisions: &'a Precisions,
) -> Simulated<'a> {
    // The photos are needed for nothing else.
    let needs_images = method.bias_correction || method.adaround.is_some();
    let images = if needs_images { images } else { &[] };
    let graph = &spec.graph;
    let bar = progress::bar(graph.convs().count(), "layers");
    let preprocessing = &spec.preprocessing;
    let convs = Vec::new();
    let mut quantiser = Quantiser { folded, ranges, preprocessing, method, precisions, convs, bar };
    let features = graph.interpret(Pair::of_images(images, preprocessing), &mut quantiser);
    let shape = graph.features();
    let area = shape.height * shape.width;
    let name = &graph.head().name;
    let head = quantiser.head(name, FloatLayer::of(folded, name), &features, area);
    quantiser.bar.finish_and_clear();
    Simulated { spec, precisions, convs: PerConv::new(graph, quantiser.convs), head }
}

/// What the layers have in common.
struct Quantiser<'a> {
    folded: &'a Weights,
    ranges: &'a Ranges,
    preprocessing: &'a Preprocessing,
    method: &'a WeightMethod,
    precisions: &'a Precisions,
    /// Those that are done.
    convs: Vec<Layer>,
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
        let mut rounded = self.round(conv, &layer, &float_sums, input, residual);
        let mut sums = walk::quantised_sums(
            conv,
            rounded.dequantised(),
            self.preprocessing,
            &input.quantised,
            residual.map(|residual| &residual.quantised),
        );
        if self.method.bias_correction {
            sums = correct_bias(rounded.bias_mut(), &float_sums, sums);
        }
        let output = match self.precisions.activations {
            Precision::Bits(bits) => {
                Some(Grid::reaching(conv.activation, bits, self.ranges[&conv.name]))
            }
            Precision::Float => None,
        };
        let input_scale = input.grid.map(|grid| grid.scale);
        self.convs.push(Layer { float: layer, rounded, input_scale, output });
        self.bar.inc(1);
        Pair::activated(conv, float_sums, sums, output)
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
    ) -> Rounded {
        let Precision::Bits(bits) = self.precisions.conv(conv) else {
            return Rounded::Float(layer.clone());
        };
        let scale = |pair: &Pair| pair.grid.map(|grid| grid.scale);
        let sum = scale(input)
            .map(|input| SumScales { input, residual: residual.and_then(scale) })
            .filter(|_| self.precisions.engine().is_ok());
        let scales = layer.scales(WeightFormat { bits, ..self.method.format }, sum);
        let rounded = match self.method.adaround {
            Some(adaround) if !is_few(conv) && adaround.takes(conv) && !float_sums.is_empty() => {
                let seed = adaround.seed ^ fnv1a(conv.name.bytes());
                let rng = &mut ChaCha12Rng::seed_from_u64(seed);
                let wanted = adaround.samples;
                let samples = Samples::draw(conv, float_sums, input, residual, wanted, rng);
                adaround.round(layer, scales, bits, conv.activation, &samples)
            }
            _ => layer.to_nearest(scales, bits),
        };
        Rounded::Codes(rounded)
    }

    /// The classifier reads sums over all pooled pixels, so one unit of its input is worth the
    /// input scale divided by their number, the `area`.
    fn head(&self, name: &str, layer: FloatLayer, input: &Pair, area: usize) -> Layer {
        let input_scale = input.grid.map(|grid| grid.scale / area as f32);
        let mut rounded = match self.precisions.head(name) {
            Precision::Float => Rounded::Float(layer.clone()),
            Precision::Bits(bits) => {
                let sum = input_scale
                    .map(|input| SumScales { input, residual: None })
                    .filter(|_| self.precisions.engine().is_ok());
                let scales = layer.scales(WeightFormat { bits, ..self.method.format }, sum);
                Rounded::Codes(layer.to_nearest(scales, bits))
            }
        };
        if self.method.bias_correction {
            let channels = layer.weight.shape[1];
            let float = channel_means(&input.float, channels);
            let pooled = channel_means(&input.quantised, channels);
            let weight = rounded.dequantised().weight;
            let rows = layer.weight.values.chunks_exact(channels);
            let rows = rows.zip(weight.values.chunks_exact(channels));
            for (bias, (row, rounded)) in rounded.bias_mut().iter_mut().zip(rows) {
                *bias += (dot(row, &float) - dot(rounded, &pooled)) as f32;
            }
        }
        Layer { float: layer, rounded, input_scale, output: None }
    }
}

/// Gives the layer's sums the float network's means; returns the corrected sums.
fn correct_bias(bias: &mut [f32], float_sums: &[Batch], sums: Chunks) -> Chunks {
    let channels = bias.len();
    let means = channel_means(float_sums, channels).into_iter().zip(channel_means(&sums, channels));
    let shift: Vec<f32> = means.map(|(float, quantised)| (float - quantised) as f32).collect();
    for (bias, shift) in bias.iter_mut().zip(&shift) {
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
        let mut bias = [0.5, 0.25];
        let float = sums([1.0, 3.0, -2.0, 0.0]);
        let corrected = correct_bias(&mut bias, &float, sums([1.5, 3.5, -4.0, -2.0]));
        assert_eq!(bias, [0.0, 2.25]);
        assert_eq!(corrected, float);
        correct_bias(&mut bias, &Chunks::new(), Chunks::new());
        assert_eq!(bias, [0.0, 2.25], "without photos nothing is known");
    }
}
