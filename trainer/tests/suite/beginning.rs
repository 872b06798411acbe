//! What a run begins with: an artifact's weights, and those of a shallower network.

use tagsight_core::engine::{Engine, Isa};
use tagsight_core::{Architecture, Artifact};
use tagsight_data::Dataset;
use tagsight_network::weights::{Missing, Weights, check, dequantised, fold_batch_norm};
use tagsight_network::{Spec, complete};
use tagsight_quantiser::{FloatNetwork, RangeMethod, WeightMethod, observe_ranges, quantise};
use tagsight_train::config::TrainConfig;
use tagsight_train::fit;

use crate::formula;
use crate::photos::PaintedPhotos;
use crate::pipeline::{PHOTOS, SIDE, config, run, signal_to_noise, spec};

/// A network of the formula's weights in integers, and images that it was calibrated on.
fn quantised(spec: &Spec) -> (Artifact, Vec<Vec<i8>>) {
    let side = spec.preprocessing.side;
    let image = |index: usize| formula::codes(&format!("image {index}"), side * side * 3);
    let images: Vec<Vec<i8>> = (0..4).map(image).collect();
    let folded = fold_batch_norm(&formula::weights(&spec.graph), &spec.graph);
    let network = FloatNetwork::new(spec, &folded);
    let ranges = observe_ranges(&network, &images, RangeMethod::Mse);
    (quantise(spec, &folded, &ranges, &images, &WeightMethod::default()), images)
}

/// The floats that an artifact gives compute what its integers do, in networks with every kind of
/// activation, padding and residual.
#[test]
fn an_artifact_gives_the_floats_that_its_integers_stand_for() {
    for architecture in
        [Architecture::ResNet18, Architecture::MobileNetV2, Architecture::EfficientNetLite0]
    {
        let spec = spec(architecture);
        let (artifact, images) = quantised(&spec);
        let float = FloatNetwork::new(&spec, &dequantised(&artifact)).logits(&images);
        let mut engine = Engine::new(&artifact, Isa::best()).unwrap();
        let integers: Vec<f32> =
            images.iter().flat_map(|codes| engine.logits(codes).to_vec()).collect();
        let decibels = signal_to_noise(&float, &integers);
        assert!(decibels > 20.0, "{architecture:?}: {decibels:.1} dB");
    }
}

/// A block that nobody gave weights for is the identity before the first step.
#[test]
fn a_deeper_network_begins_as_the_shallower_one() {
    let [shallow, deep] = [Architecture::ResNet18, Architecture::ResNet34].map(spec);
    let weights = formula::weights(&shallow.graph);
    let mut deepened = weights.clone();
    let absent = check(&deepened, Architecture::ResNet34, &deep.graph, Missing::Report).unwrap();
    assert_eq!(absent.len(), 2 * 8, "two convolutions of each of the eight further blocks");
    complete(&mut deepened, &absent, &deep.graph, &[0.0; 80], 0);
    let side = deep.preprocessing.side;
    let image = formula::codes("image", side * side * 3);
    let logits = |spec: &Spec, weights: &Weights| {
        FloatNetwork::new(spec, &fold_batch_norm(weights, &spec.graph))
            .logits(std::slice::from_ref(&image))
    };
    assert_eq!(logits(&deep, &deepened), logits(&shallow, &weights));
    let gain = deepened.get_mut("layer3.5.bn2.weight").unwrap();
    gain.values.fill(1.0);
    assert_ne!(logits(&deep, &deepened), logits(&shallow, &weights), "the block counts");
}

/// A run goes on from a model's folder: what is not fitted stays as it is there. The classifier comes along
/// where the labels are the same, and nowhere else.
#[test]
fn a_run_begins_with_an_artifact() {
    let photos = PaintedPhotos::new(PHOTOS);
    let subject = Dataset::read(&photos.annotations(), &photos.images()).unwrap().subject;
    let architecture = Architecture::ResNet18;
    let preprocessing = architecture.preprocessing(SIDE);
    let spec = Spec::new(architecture, subject.labels, subject.task, preprocessing);
    let (mut artifact, _) = quantised(&spec);
    let folder = photos.folder().join("model");
    std::fs::create_dir(&folder).unwrap();
    let config = TrainConfig {
        train_from: Some("layer4".into()),
        initial_weights: Some("model".into()),
        learning_rate: 1e-9,
        average_decay: 0.0,
        epochs: 1,
        ..config()
    };
    let fitted = |artifact: &Artifact, name: &str| {
        std::fs::write(folder.join("model.safetensors"), artifact.write().unwrap()).unwrap();
        run(&photos, name, &config, fit::Options::default()).weights
    };
    let began = dequantised(&artifact);
    let same = fitted(&artifact, "same labels");
    artifact.metadata.labels[0] = "something else".into();
    let other = fitted(&artifact, "other labels");
    let distance = |fitted: &Weights, name: &str| {
        let values = fitted[name].values.iter().zip(&began[name].values);
        values.map(|(left, right)| (left - right).abs()).fold(0.0, f32::max)
    };
    for fitted in [&same, &other] {
        assert_eq!(fitted["layer3.1.conv2.weight"], began["layer3.1.conv2.weight"]);
        assert!(distance(fitted, "layer4.1.conv2.weight") < 1e-5);
    }
    assert!(distance(&same, "fc.weight") < 1e-5);
    assert!(distance(&other, "fc.weight") > 1e-2);
}
