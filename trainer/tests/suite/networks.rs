//! Forward passes against PyTorch's, on the same weights.

use burn::backend::Flex;
use burn::tensor::Tensor;
use tagsight_core::{Architecture, Goal};
use tagsight_network::weights::{Weights, fold_batch_norm};
use tagsight_network::{Segment, Spec};
use tagsight_quantiser::{FloatNetwork, RangeMethod, Ranges, observe_ranges};
use tagsight_train::model::{Network, normalised};

use crate::{formula, golden_json};

/// Two float32 implementations that sum in different orders.
const TOLERANCE: f64 = 1e-4;

/// A ResNet of other settings than the paper's.
const OWN: &str = "resnet-1-2-1-1-w16-bottleneck-deep";

fn logits(architecture: Architecture, side: usize, weights: &Weights, split: bool) -> Vec<f64> {
    let device = Default::default();
    let graph = formula::graph(architecture, side);
    let codes = formula::codes("image", 2 * side * side * 3);
    let input: Tensor<Flex, 4> = normalised(&codes, &architecture.preprocessing(side), &device);
    let network = |segment| Network::<Flex>::new(segment, weights, 0.0, &device);
    let logits = if split {
        let stage = match architecture {
            Architecture::MobileNetV2 => "features.11",
            Architecture::ResNet18
            | Architecture::ResNet34
            | Architecture::ResNet50
            | Architecture::ResNet(_) => "layer4",
            _ => "_blocks.11",
        };
        let (trunk, tail) = Segment::split(&graph, stage).unwrap();
        network(tail).logits(network(trunk).features(input))
    } else {
        network(Segment::whole(&graph)).logits(input)
    };
    logits.into_data().iter::<f64>().collect()
}

/// The largest difference from PyTorch's logits.
fn difference(logits: &[f64], expected: &serde_json::Value) -> f64 {
    let rows = expected.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
    let expected: Vec<f64> = rows.map(|value| value.as_f64().unwrap()).collect();
    assert_eq!(logits.len(), expected.len());
    logits.iter().zip(&expected).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max)
}

#[test]
fn logits_are_pytorchs_with_norms_folded_or_not_whole_or_split() {
    let golden = golden_json("networks.json");
    let side = golden["side"].as_u64().unwrap() as usize;
    let own = Architecture::from_name(OWN).unwrap();
    for architecture in Architecture::ALL.into_iter().chain([own]) {
        let expected = &golden["logits"][&*architecture.name()];
        let weights = formula::weights(&formula::graph(architecture, side));
        let folded = fold_batch_norm(&weights, &formula::graph(architecture, side));
        for (what, weights, split) in
            [("norms", &weights, false), ("folded", &folded, false), ("split", &weights, true)]
        {
            let difference = difference(&logits(architecture, side, weights, split), expected);
            assert!(difference <= TOLERANCE, "{} {what}: {difference}", architecture.name());
        }
    }
}

/// The comparison above must notice a single weight that is off.
#[test]
fn a_wrong_weight_is_noticed() {
    let golden = golden_json("networks.json");
    let side = golden["side"].as_u64().unwrap() as usize;
    let architecture = Architecture::ResNet18;
    let mut weights = formula::weights(&formula::graph(architecture, side));
    weights.get_mut("layer2.0.downsample.0.weight").unwrap().values[5] += 0.1;
    let expected = &golden["logits"]["resnet18"];
    assert!(difference(&logits(architecture, side, &weights, false), expected) > TOLERANCE);
}

/// What is quantised is bit for bit what was trained: the quantiser's kernels sum in burn's order. The
/// logits' means over rows are in the order of the widest vectors, whatever this processor has.
#[test]
fn the_quantisers_float_network_is_burns() {
    const SIDE: usize = 96;
    const LOGIT_TOLERANCE: f64 = 1e-5;
    let device = Default::default();
    for architecture in
        [Architecture::ResNet18, Architecture::MobileNetV2, Architecture::EfficientNetLite0]
    {
        let labels = tagsight_data::coco_labels();
        let preprocessing = architecture.preprocessing(SIDE);
        let spec = Spec::new(architecture, labels, Goal::default(), preprocessing);
        let graph = &spec.graph;
        let folded = fold_batch_norm(&formula::weights(graph), graph);
        let images: Vec<Vec<i8>> =
            (0..3).map(|image| formula::codes(&format!("{image}"), SIDE * SIDE * 3)).collect();
        let float = FloatNetwork::new(&spec, &folded);
        let burns = Network::<Flex>::new(Segment::whole(graph), &folded, 0.0, &device);
        let input = normalised(&images.concat(), &spec.preprocessing, &device);
        let mut largest = Ranges::new();
        let features = burns.features_observed(input, &mut |name, output| {
            let values = output.to_data();
            let magnitudes = values.iter::<f32>().map(f32::abs);
            largest.insert(name.to_owned(), magnitudes.fold(0.0, f32::max));
        });
        assert_eq!(observe_ranges(&float, &images, RangeMethod::MinMax), largest);
        let logits = burns.classify(features).into_data();
        for (own, burns) in float.logits(&images).iter().zip(logits.iter::<f64>()) {
            let difference = (f64::from(*own) - burns).abs();
            assert!(difference <= LOGIT_TOLERANCE * burns.abs().max(1.0), "{own} {burns}");
        }
    }
}

#[test]
fn a_network_gives_its_weights_back() {
    let graph = formula::graph(Architecture::ResNet50, 64);
    let weights = formula::weights(&graph);
    let network = Network::<Flex>::new(Segment::whole(&graph), &weights, 0.0, &Default::default());
    assert_eq!(network.weights(), weights);
}
