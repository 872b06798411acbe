//! Networks of random layers, for whatever must hold of all of them: any bytes are one.

use fastrand::Rng;
use serde_json::Value;
use tagsight_core::artifact::WeightBits;
use tagsight_core::graph::{Builder, Graph, IMAGE, Padding, TensorId, Window};
use tagsight_core::quant::Activation;
use tagsight_core::{Artifact, Preprocessing};

/// Most layers, so that many networks are run in little time.
const MAX_LAYERS: usize = 12;
const MAX_CHANNELS: usize = 70;
const MIN_SIDE: usize = 32;
const CLASSES: usize = 5;

/// The network that `bytes` describe, with random weights.
pub fn artifact(bytes: &[u8]) -> Artifact {
    let mut choices = Choices(bytes.iter());
    let bits = if choices.below(4) == 0 { WeightBits::Four } else { WeightBits::Eight };
    let (side, seed) = (MIN_SIDE + choices.below(20), choices.below(256) as u64);
    let graph = graph(side, choices);
    let labels = (0..CLASSES).map(|label| format!("label {label}")).collect();
    let preprocessing = Preprocessing::imagenet(side);
    Artifact::synthetic_network("random", graph, labels, preprocessing, bits, seed)
}

/// The network of random bytes.
pub fn seeded(seed: u64) -> Artifact {
    let mut random = Rng::with_seed(seed);
    let bytes: Vec<u8> = (0..40).map(|_| random.u8(..)).collect();
    artifact(&bytes)
}

/// The model file of [`artifact`], with other numbers in its layers: each change names a place, counted
/// round and round, and what is put there.
///
/// # Panics
/// If that is no model file.
pub fn changed(bytes: &[u8], changes: &[(u16, u64)]) -> Vec<u8> {
    let file = artifact(bytes).write().expect("a network that can be written");
    let (length, rest) = file.split_first_chunk::<8>().expect("a header's length");
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: Value = serde_json::from_slice(header).expect("a header");
    let entry = &mut header["__metadata__"]["tagsight"];
    let metadata = entry.as_str().expect("a model's metadata");
    let mut metadata: Value = serde_json::from_str(metadata).expect("JSON");
    for &(place, number) in changes {
        let mut numbers = Vec::new();
        find_numbers(&mut metadata["graph"], &mut numbers);
        let place = usize::from(place) % numbers.len();
        *numbers[place] = number.into();
    }
    *entry = metadata.to_string().into();
    let header = serde_json::to_vec(&header).expect("plain data");
    [&(header.len() as u64).to_le_bytes(), &header[..], data].concat()
}

fn find_numbers<'a>(value: &'a mut Value, numbers: &mut Vec<&'a mut Value>) {
    match value {
        Value::Number(_) => numbers.push(value),
        Value::Array(items) => items.iter_mut().for_each(|item| find_numbers(item, numbers)),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(_, field)| find_numbers(field, numbers));
        }
        _ => {}
    }
}

/// Bytes as choices; where there are no more, always the first.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % limit
    }

    fn is_done(&self) -> bool {
        self.0.as_slice().is_empty()
    }
}

fn graph(side: usize, choices: Choices<'_>) -> Graph {
    let mut network = Network {
        builder: Builder::new(side),
        choices,
        layers: 0,
        last: Tensor { id: IMAGE, activation: Activation::Relu },
        made: Vec::new(),
    };
    network.conv(Activation::Relu);
    while network.layers < MAX_LAYERS && !network.choices.is_done() {
        match network.choices.below(6) {
            0 | 1 => network.conv(Activation::Relu),
            2 => network.conv(Activation::Asymmetric),
            3 => network.depthwise(),
            4 => network.pool(),
            _ => network.block(),
        }
    }
    if network.last.activation == Activation::Asymmetric {
        network.conv(Activation::Relu6);
    }
    let last = network.last.id;
    network.builder.finish("head", last, CLASSES).expect("layers that fit")
}

#[derive(Clone, Copy)]
struct Tensor {
    id: TensorId,
    activation: Activation,
}

/// A chain of layers, which add what was made before where the shape is the same.
struct Network<'a> {
    builder: Builder,
    choices: Choices<'a>,
    layers: usize,
    last: Tensor,
    /// What may be added.
    made: Vec<TensorId>,
}

impl Network<'_> {
    fn name(&mut self) -> String {
        self.layers += 1;
        format!("layer{}", self.layers)
    }

    fn channels(&mut self) -> usize {
        1 + self.choices.below(MAX_CHANNELS)
    }

    /// One that fits what comes in, and pads it only where it may.
    fn window(&mut self) -> Window {
        let (kernel, stride) = (1 + self.choices.below(7), 1 + self.choices.below(3));
        let padding = match self.last.activation {
            Activation::Asymmetric => Padding::NONE,
            _ => Padding { before: self.choices.below(kernel), after: self.choices.below(kernel) },
        };
        let window = Window::new(kernel, stride, padding);
        let shape = self.builder.shape(self.last.id);
        let fits = window.fits(shape.height) && window.fits(shape.width);
        if fits { window } else { Window::pointwise(1) }
    }

    /// Something of the shape that a convolution makes, if it is to add something.
    fn residual(&mut self, channels: usize, window: Window) -> Option<TensorId> {
        let input = self.builder.shape(self.last.id);
        let side = window.output_side(input.height);
        let fits = |&&id: &&TensorId| {
            let shape = self.builder.shape(id);
            (shape.height, shape.channels) == (side, channels)
        };
        let fitting: Vec<TensorId> = self.made.iter().filter(fits).copied().collect();
        match self.choices.below(2) {
            1 if !fitting.is_empty() => Some(fitting[self.choices.below(fitting.len())]),
            _ => None,
        }
    }

    fn become_last(&mut self, id: TensorId, activation: Activation) {
        self.made.push(id);
        self.last = Tensor { id, activation };
    }

    fn conv(&mut self, activation: Activation) {
        let (name, window) = (self.name(), self.window());
        let same = self.builder.shape(self.last.id).channels;
        let channels = if self.choices.below(2) == 0 { same } else { self.channels() };
        let residual = self.residual(channels, window);
        let input = self.last.id;
        let id = self.builder.conv(name, input, channels, window, residual, activation);
        self.become_last(id, activation);
    }

    fn depthwise(&mut self) {
        let (name, window) = (self.name(), self.window());
        let id = self.builder.depthwise(name, self.last.id, window, Activation::Relu6);
        self.become_last(id, Activation::Relu6);
    }

    fn pool(&mut self) {
        if self.last.activation == Activation::Asymmetric {
            return self.depthwise();
        }
        let (name, window) = (self.name(), self.window());
        let id = self.builder.max_pool(name, self.last.id, window);
        self.become_last(id, self.last.activation);
    }

    /// A convolution beside another one, whose output has a sign and is added.
    fn block(&mut self) {
        let [side, middle, end] = [self.name(), self.name(), self.name()];
        let (channels, stride) = (self.channels(), 1 + self.choices.below(2));
        let (input, window) = (self.last.id, Window::pointwise(stride));
        let added = self.builder.conv(side, input, channels, window, None, Activation::Linear);
        let hidden = self.channels();
        let middle = self.builder.conv(middle, input, hidden, window, None, Activation::Relu);
        let three = Window::new(3, 1, Padding::even(1));
        let id = self.builder.conv(end, middle, channels, three, Some(added), Activation::Relu);
        self.become_last(id, Activation::Relu);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parity::assert_engines_agree;
    use crate::random;

    /// Some hundred networks a run of the suite; `suite/graphs.rs` has more, and shrinks them.
    #[test]
    fn every_engine_equals_the_scalar_one_on_random_networks() {
        const NETWORKS: u64 = 60;
        let mut kinds = [0; 4];
        for seed in 0..NETWORKS {
            let artifact = seeded(seed);
            let graph = &artifact.graph;
            assert_eq!(Artifact::read(&artifact.write().unwrap()).unwrap(), artifact);
            let image = random::image(artifact.metadata.preprocessing.side, seed);
            assert_engines_agree(&artifact, &image);
            kinds[0] += graph.convs().filter(|conv| conv.residual.is_some()).count();
            kinds[1] += graph.nodes().len() - graph.convs().count();
            let of = |activation| graph.convs().filter(|c| c.activation == activation).count();
            kinds[2] += of(Activation::Asymmetric);
            kinds[3] += of(Activation::Linear);
        }
        assert!(kinds.iter().all(|&count| count >= 20), "the networks are alike: {kinds:?}");
    }
}
