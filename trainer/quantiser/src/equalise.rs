//! Cross-layer equalisation (Nagel et al. 2019, arXiv 1906.04721): channels between two layers are
//! rescaled so that both layers' weights have like ranges in all of them. The float network
//! computes the same.

use std::collections::{BTreeMap, BTreeSet};

use tagsight_core::graph::{Conv, Graph, Groups, Node};
use tagsight_core::quant::{Activation, RELU6_MAX};

use tagsight_data::progress;
use tagsight_network::weights::Weights;

use super::float::{CHUNK, FloatNetwork};

/// Each sweep brings neighbours closer; a chain of three layers needs a few.
const SWEEPS: usize = 20;
/// Where a channel has next to no weights, nothing is to be gained.
const LEAST_WEIGHT: f32 = 1e-6;

/// The largest value that each channel of a [`Activation::Relu6`] tensor takes, by the name of the
/// convolution that makes it.
pub(super) type ChannelMaxima = BTreeMap<String, Vec<f32>>;

/// The largest value of each channel that is rectified at 6, over some images (7-bit codes, HWC).
pub(super) fn channel_maxima(network: &FloatNetwork<'_>, images: &[Vec<i8>]) -> ChannelMaxima {
    let is_bounded = |conv: &&Conv| conv.activation == Activation::Relu6;
    let bounded: BTreeSet<&str> =
        network.graph().convs().filter(is_bounded).map(|conv| conv.name.as_str()).collect();
    let mut maxima = ChannelMaxima::new();
    let bar = progress::bar(images.len(), "channels: photos");
    for chunk in images.chunks(CHUNK) {
        network.features(chunk, &mut |name, output| {
            if !bounded.contains(name) {
                return;
            }
            let entry =
                maxima.entry(name.to_owned()).or_insert_with(|| vec![0.0; output.channels()]);
            for (index, plane) in output.values.chunks_exact(output.plane_len()).enumerate() {
                let maximum = &mut entry[index % output.channels()];
                *maximum = plane.iter().fold(*maximum, |max, &value| max.max(value));
            }
        });
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    maxima
}

/// Rescales the weights of `folded`, whose batch norms are folded.
///
/// A rescaled rectified-at-6 channel still stops at 6, so it is scaled no further than to where its
/// largest observed value is 6, and a channel that was observed there is left alone.
///
/// # Panics
/// If weights or maxima lack a layer of the network.
pub(super) fn equalise(folded: &mut Weights, graph: &Graph, mut maxima: ChannelMaxima) {
    let pairs: Vec<(&Conv, &Conv)> = graph.convs().filter_map(|conv| pair(graph, conv)).collect();
    for _ in 0..SWEEPS {
        for (before, after) in &pairs {
            let largest = largest_inputs(folded, after);
            for (channel, largest_after) in largest.into_iter().enumerate() {
                let largest_before = largest_output(folded, before, channel);
                if largest_before.min(largest_after) < LEAST_WEIGHT {
                    continue;
                }
                let mut divisor = (largest_before / largest_after).sqrt();
                if before.activation == Activation::Relu6 {
                    let maximum = &mut maxima.get_mut(&before.name).expect("one a tensor")[channel];
                    if *maximum >= RELU6_MAX {
                        continue;
                    }
                    divisor = divisor.max(*maximum / RELU6_MAX);
                    *maximum /= divisor;
                }
                divide_output(folded, before, channel, divisor);
                multiply_input(folded, after, channel, divisor);
            }
        }
    }
}

/// A convolution and the only reader of what it makes, if that is a convolution too.
fn pair<'a>(graph: &'a Graph, before: &'a Conv) -> Option<(&'a Conv, &'a Conv)> {
    if graph.head().input == before.output {
        return None;
    }
    let mut readers = graph.readers(before.output);
    match (readers.next(), readers.next(), before.residual) {
        (Some(Node::Conv(after)), None, None) if after.input == before.output => {
            Some((before, after))
        }
        _ => None,
    }
}

/// The weights that make one channel.
fn kernel<'a>(weights: &'a mut Weights, conv: &Conv, channel: usize) -> &'a mut [f32] {
    let weight = weights.get_mut(&format!("{}.weight", conv.name)).expect("checked weights");
    let taps = weight.values.len() / weight.shape[0];
    &mut weight.values[channel * taps..(channel + 1) * taps]
}

fn largest_output(weights: &mut Weights, conv: &Conv, channel: usize) -> f32 {
    kernel(weights, conv, channel).iter().fold(0.0, |max, weight| max.max(weight.abs()))
}

fn divide_output(weights: &mut Weights, conv: &Conv, channel: usize, divisor: f32) {
    kernel(weights, conv, channel).iter_mut().for_each(|weight| *weight /= divisor);
    let bias = weights.get_mut(&format!("{}.bias", conv.name)).expect("folded weights");
    bias.values[channel] /= divisor;
}

/// The largest weight that each input channel is multiplied with.
fn largest_inputs(weights: &Weights, conv: &Conv) -> Vec<f32> {
    let weight = &weights[&format!("{}.weight", conv.name)];
    let area = weight.shape[2] * weight.shape[3];
    let inputs = input_channels(conv, &weight.shape);
    let mut largest = vec![0.0f32; inputs];
    for (index, taps) in weight.values.chunks_exact(area).enumerate() {
        let entry = &mut largest[index % inputs];
        *entry = taps.iter().fold(*entry, |max, weight| max.max(weight.abs()));
    }
    largest
}

fn multiply_input(weights: &mut Weights, conv: &Conv, channel: usize, factor: f32) {
    let weight = weights.get_mut(&format!("{}.weight", conv.name)).expect("checked weights");
    let area = weight.shape[2] * weight.shape[3];
    let inputs = input_channels(conv, &weight.shape);
    for taps in weight.values.chunks_exact_mut(area).skip(channel).step_by(inputs) {
        taps.iter_mut().for_each(|weight| *weight *= factor);
    }
}

/// A depthwise kernel's only input channel is the one of its output.
fn input_channels(conv: &Conv, shape: &[usize]) -> usize {
    match conv.groups {
        Groups::One => shape[1],
        Groups::Depthwise => shape[0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::{Architecture, Goal};
    use tagsight_data::dead_leaves;
    use tagsight_network::weights::fold_batch_norm;
    use tagsight_network::{Spec, random_weights};

    const SIDE: usize = 32;

    /// How far apart the largest weights before and after a channel are, as a factor, on average.
    fn imbalance(weights: &mut Weights, graph: &Graph) -> f32 {
        let mut ratios = Vec::new();
        for (before, after) in graph.convs().filter_map(|conv| pair(graph, conv)) {
            for (channel, largest) in largest_inputs(weights, after).into_iter().enumerate() {
                ratios.push((largest_output(weights, before, channel) / largest).ln().abs());
            }
        }
        (ratios.iter().sum::<f32>() / ratios.len() as f32).exp()
    }

    #[test]
    fn the_float_function_stays_and_neighbours_meet() {
        for architecture in [Architecture::ResNet18, Architecture::MobileNetV2] {
            let preprocessing = architecture.preprocessing(SIDE);
            let labels = tagsight_data::coco_labels();
            let spec = Spec::new(architecture, labels, Goal::default(), preprocessing);
            let graph = &spec.graph;
            let mut weights = fold_batch_norm(&random_weights(graph, 3), graph);
            // Every other channel of every layer is ten times weaker than the one before it.
            for conv in graph.convs() {
                for channel in (0..conv.channels).step_by(2) {
                    divide_output(&mut weights, conv, channel, 10.0);
                }
            }
            let images = dead_leaves(4, SIDE, 1);
            let float = FloatNetwork::new(&spec, &weights);
            let before = float.logits(&images);
            let maxima = channel_maxima(&float, &images);
            let unequal = imbalance(&mut weights, graph);
            equalise(&mut weights, graph, maxima);
            assert!(imbalance(&mut weights, graph) < 0.7 * unequal, "{architecture:?}");
            let after = FloatNetwork::new(&spec, &weights).logits(&images);
            let largest = before.iter().fold(0.0f32, |max, logit| max.max(logit.abs()));
            for (before, after) in before.iter().zip(&after) {
                let error = (before - after).abs() / largest;
                assert!(error < 1e-4, "{architecture:?}: {before} {after}");
            }
        }
    }
}
