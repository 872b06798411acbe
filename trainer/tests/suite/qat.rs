//! Quantisation-aware training: against PyTorch, and from training to the integer engine.

use burn::backend::{Autodiff, Flex};
use burn::tensor::Tensor;
use half::f16;
use serde_json::Value;
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::quant::Activation;
use tagsight_core::{Architecture, Artifact, Goal};
use tagsight_data::{Dataset, images as images_of, split_off};
use tagsight_network::Segment;
use tagsight_quantiser::{PostTraining, post_training};
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::config::{Frozen, TrainConfig};
use tagsight_train::fit::{self, IntegerTrunk, LAST, Paths, Trunk};
use tagsight_train::model::{Classifier, normalised};
use tagsight_train::qat::{
    QatConfig, QatError, QatSegment, QuantRange, fake_quantise, gradient_scale, step_of,
};
use tagsight_train::quantised::{self, QuantisedError};

use crate::photos::PaintedPhotos;
use crate::{formula, golden_json};

type Cpu = Autodiff<Flex>;

/// Two float32 implementations that multiply and sum in different orders.
const TOLERANCE: f32 = 2e-5;

fn floats(case: &Value, key: &str) -> Vec<f32> {
    let values = case[key].as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap() as f32).collect()
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<Cpu, D> {
    Tensor::<Cpu, 1>::from_floats(&values[..], &Default::default()).reshape(shape)
}

/// Largest difference as a part of the largest value.
fn difference(own: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(own.len(), expected.len());
    let largest = expected.iter().fold(0.0f32, |max, value| max.max(value.abs()));
    own.iter().zip(expected).fold(0.0f32, |max, (a, b)| max.max((a - b).abs()))
        / largest.max(f32::MIN_POSITIVE)
}

/// Output, gradient of the values and gradient of the steps, as differences from PyTorch's.
fn differences(case: &Value, gradient_factor: f64) -> [f32; 3] {
    let shape = floats(case, "shape").iter().map(|&size| size as usize).collect::<Vec<_>>();
    let shape = [shape[0], shape[1], shape[2]];
    let bits = case["bits"].as_u64().unwrap() as u32;
    let (range, count) = match case["kind"].as_str().unwrap() {
        "weights" => (QuantRange::weights(bits), shape[2]),
        _ => (QuantRange::activation(Activation::Relu, bits), shape[1] * shape[2]),
    };
    let steps = floats(case, "step");
    let values = tensor(floats(case, "values"), shape).require_grad();
    let first = tensor(steps.clone(), [steps.len()]);
    let growth = tensor(vec![0.0; steps.len()], [steps.len()]).require_grad();
    let scale = gradient_scale(count, range.max) * gradient_factor;
    let step = step_of(first, growth.clone(), scale, f32::MAX).expand([shape[1]]);
    let codes = fake_quantise(values.clone(), step.clone().recip(), range);
    let output = codes * step.reshape([1, -1, 1]);
    let weight = tensor(floats(case, "output_gradient"), shape);
    let gradients = (output.clone() * weight).sum().backward();
    // The growth's gradient is declared to be the step's over the step.
    let of_growth: Vec<f32> = growth.grad(&gradients).unwrap().into_data().iter().collect();
    let of_step: Vec<f32> = of_growth.iter().zip(&steps).map(|(g, step)| g * step).collect();
    let of_values: Vec<f32> = values.grad(&gradients).unwrap().into_data().iter().collect();
    let output: Vec<f32> = output.into_data().iter().collect();
    [
        difference(&output, &floats(case, "output")),
        difference(&of_values, &floats(case, "values_gradient")),
        difference(&of_step, &floats(case, "step_gradient")),
    ]
}

#[test]
fn forward_and_gradients_are_the_papers() {
    for case in golden_json("lsq.json")["cases"].as_array().unwrap() {
        let differences = differences(case, 1.0);
        let fits = differences.iter().all(|difference| *difference <= TOLERANCE);
        assert!(fits, "{} {} bits: {differences:?}", case["kind"], case["bits"]);
    }
}

/// The comparison above must notice gradients that are scaled otherwise.
#[test]
fn another_gradient_scale_is_noticed() {
    for case in golden_json("lsq.json")["cases"].as_array().unwrap() {
        let [output, of_values, of_step] = differences(case, 1.01);
        assert!(output <= TOLERANCE && of_values <= TOLERANCE && of_step > TOLERANCE);
    }
}

const PHOTOS: u32 = 16;
/// As small as a ResNet takes: integers and gradients are the same kind at any size.
const SIDE: usize = 32;
/// Of the logits' spread: codes are the engine's, so only the classifier's float sums differ.
const LOGIT_TOLERANCE: f32 = 1e-5;

fn config(qat: QatConfig, train_from: Option<&str>) -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 8,
        learning_rate: 1e-3,
        holdout: 0.3,
        side: SIDE,
        average_decay: 0.5,
        train_from: train_from.map(str::to_owned),
        qat,
        ..TrainConfig::default()
    }
}

/// Checkpoint of a float network that nothing was fitted to.
fn float_checkpoint(architecture: Architecture, config: &TrainConfig) -> Checkpoint {
    let labels = tagsight_data::coco_labels();
    Checkpoint {
        metadata: CheckpointMetadata::new(architecture, labels, Goal::default(), config.clone()),
        weights: formula::weights(&formula::graph(architecture, SIDE)),
        resume: None,
    }
}

/// Trains from a float checkpoint or goes on, up to an epoch; returns the last checkpoint.
fn train(
    photos: &PaintedPhotos,
    name: &str,
    start: Result<&Checkpoint, Checkpoint>,
    config: &TrainConfig,
    last_epoch: Option<usize>,
) -> Checkpoint {
    let dataset = Dataset::read(&photos.annotations(), &photos.images()).unwrap();
    let paths = Paths {
        run: photos.folder().join(name),
        cache: photos.folder().join("cache"),
        data: photos.folder().to_owned(),
    };
    let (quantise, resume) = match start {
        Ok(float) => (Some(float.clone()), None),
        Err(resume) => (None, Some(resume)),
    };
    let architecture = quantise.as_ref().or(resume.as_ref()).unwrap().metadata.architecture();
    let _alone = crate::fit_alone();
    let options =
        fit::Options { resume, stop_after: last_epoch, quantise, ..fit::Options::default() };
    let device = Default::default();
    fit::train::<Cpu>(architecture, config, &dataset, options, &paths, &device).unwrap();
    Checkpoint::read(&paths.run.join(LAST)).unwrap()
}

fn images(photos: &PaintedPhotos) -> Vec<Vec<i8>> {
    let dataset = Dataset::read(&photos.annotations(), &photos.images()).unwrap();
    images_of(&dataset, usize::MAX, SIDE)
}

/// Logits of the fake-quantised network and of the integer engine, photo by photo.
fn both_logits(checkpoint: &Checkpoint, images: &[Vec<i8>]) -> Vec<(Vec<f32>, Vec<f32>)> {
    let artifact = quantised::integers(checkpoint).unwrap();
    let artifact = Artifact::read(&artifact.write().unwrap()).unwrap();
    let mut engine = Engine::new(&artifact, Isa::best()).unwrap();
    let device = Default::default();
    let network = quantised::network::<Flex>(checkpoint, &device).unwrap();
    let both = images.iter().map(|codes| {
        let input = normalised(codes, &checkpoint.metadata.preprocessing, &device);
        let trained = network.logits(input).into_data().iter().collect();
        (trained, engine.logits(codes).to_vec())
    });
    both.collect()
}

/// Largest difference, as a part of the logits' standard deviation.
fn logit_difference(both: &[(Vec<f32>, Vec<f32>)]) -> f32 {
    let all: Vec<f32> = both.iter().flat_map(|(trained, _)| trained.clone()).collect();
    let mean = all.iter().sum::<f32>() / all.len() as f32;
    let deviation =
        (all.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / all.len() as f32).sqrt();
    let differences = both.iter().flat_map(|(trained, exported)| trained.iter().zip(exported));
    differences.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / deviation
}

/// Labels at a threshold that lies between two scores, so that half of all are tags.
fn tags(logits: &[f32]) -> Vec<bool> {
    logits.iter().map(|logit| *logit > 0.0).collect()
}

#[test]
fn exported_integers_compute_what_was_trained() {
    let photos = PaintedPhotos::new(PHOTOS);
    let images = images(&photos);
    let four_bits = QatConfig { weight_bits: 4, ..QatConfig::default() };
    for (architecture, qat, train_from) in [
        (Architecture::ResNet18, QatConfig::default(), None),
        // Frozen layers of 4 bits have their rounding learned, which takes long: so few are frozen.
        (Architecture::ResNet18, four_bits.clone(), Some("layer2")),
        (Architecture::ResNet50, QatConfig::default(), None),
        (Architecture::MobileNetV2, QatConfig::default(), Some("features.14")),
        (Architecture::MobileNetV2, four_bits, None),
    ] {
        let config = config(qat, train_from);
        let float = float_checkpoint(architecture, &config);
        let trained = train(&photos, "run", Ok(&float), &config, None);
        let both = both_logits(&trained, &images);
        let difference = logit_difference(&both);
        assert!(difference <= LOGIT_TOLERANCE, "{architecture:?}: {difference}");
        for (trained, exported) in &both {
            assert_eq!(tags(trained), tags(exported), "{architecture:?}");
        }
    }
}

/// A step that is off by a part in fifty must show.
#[test]
fn other_integers_are_noticed() {
    let photos = PaintedPhotos::new(PHOTOS);
    let images = images(&photos);
    let config = config(QatConfig::default(), None);
    let float = float_checkpoint(Architecture::ResNet18, &config);
    let begun = quantised::begin(&float, &config, &images).unwrap();
    let mut other = begun.clone();
    other.weights.get_mut("layer3.0.conv1.output_step_growth").unwrap().values[0] += 0.02;
    let trained = both_logits(&begun, &images).into_iter().map(|both| both.0);
    let exported = both_logits(&other, &images).into_iter().map(|both| both.1);
    let both: Vec<_> = trained.zip(exported).collect();
    assert!(logit_difference(&both) > LOGIT_TOLERANCE);
}

#[test]
fn resuming_changes_nothing() {
    let photos = PaintedPhotos::new(PHOTOS);
    let qat = QatConfig { step_rate: 3.0, ..QatConfig::default() };
    let config = config(qat, Some("layer4"));
    let float = float_checkpoint(Architecture::ResNet18, &config);
    let whole = train(&photos, "whole", Ok(&float), &config, None);
    let half = train(&photos, "halves", Ok(&float), &config, Some(1));
    let resumed = train(&photos, "halves", Err(half), &config, None);
    assert_eq!(resumed.metadata.epoch, 2);
    for (name, weight) in &whole.weights {
        let difference = difference(&resumed.weights[name].values, &weight.values);
        assert!(difference <= TOLERANCE, "{name}: {difference}");
    }
}

/// A float run takes the weights of a quantised one, at another size of image if need be.
#[test]
fn a_float_run_may_begin_with_what_was_fitted_as_integers() {
    let photos = PaintedPhotos::new(PHOTOS);
    let aware = config(QatConfig::default(), Some("layer4"));
    let float = float_checkpoint(Architecture::ResNet18, &aware);
    let begun = quantised::begin(&float, &aware, &images(&photos)).unwrap();
    begun.write(&photos.folder().join("quantised.safetensors")).unwrap();
    let config = TrainConfig {
        epochs: 1,
        learning_rate: 1e-12,
        weight_decay: 0.0,
        side: SIDE + 32,
        initial_weights: Some("quantised.safetensors".into()),
        frozen: Frozen::Int8,
        ..aware
    };
    let dataset = Dataset::read(&photos.annotations(), &photos.images()).unwrap();
    let paths = Paths {
        run: photos.folder().join("float"),
        cache: photos.folder().join("cache"),
        data: photos.folder().to_owned(),
    };
    let _alone = crate::fit_alone();
    let (options, device) = (fit::Options::default(), Default::default());
    fit::train::<Cpu>(Architecture::ResNet18, &config, &dataset, options, &paths, &device).unwrap();
    let trained = Checkpoint::read(&paths.run.join(LAST)).unwrap();
    assert_eq!(trained.metadata.qat, None);
    for (name, weight) in &trained.weights {
        let difference = difference(&weight.values, &begun.weights[name].values);
        assert!(difference <= TOLERANCE, "{name}: {difference}");
    }
}

/// Fitted layers see in training what the whole network gives them, kept in half precision or not.
#[test]
fn a_tail_on_kept_features_computes_what_the_whole_does() {
    let photos = PaintedPhotos::new(4);
    let codes = images(&photos).concat();
    for (architecture, stage) in
        [(Architecture::ResNet18, "layer4"), (Architecture::MobileNetV2, "features.16")]
    {
        let config = config(QatConfig::default(), Some(stage));
        let float = float_checkpoint(architecture, &config);
        let begun = quantised::begin(&float, &config, &images(&photos)).unwrap();
        let device = Default::default();
        let whole = quantised::network::<Flex>(&begun, &device).unwrap().logits(normalised(
            &codes,
            &begun.metadata.preprocessing,
            &device,
        ));
        let (_, tail) = Segment::split(&begun.metadata.graph(), stage).unwrap();
        let trunk = IntegerTrunk::new(quantised::integers(&begun).unwrap(), tail.input());
        let ([channels, height, width], values) = trunk.features(&codes);
        let kept: Vec<f32> = values.iter().map(|&value| f16::from_f32(value).to_f32()).collect();
        let input = Tensor::<Flex, 1>::from_floats(&kept[..], &device);
        let tail = QatSegment::new(tail, &begun.metadata.spec(), &config.qat, &begun.weights)
            .network::<Flex>(&begun.weights, 0.0, &device)
            .logits(input.reshape([4, channels, height, width]));
        assert_eq!(tail.into_data(), whole.into_data(), "{architecture:?}");
    }
}

/// Frozen layers are the integers of an export after training: features that were kept for a float
/// run serve this one too. What is fitted begins there as well, but for its weights.
#[test]
fn it_begins_where_quantisation_after_training_ends() {
    let photos = PaintedPhotos::new(8);
    let images = images(&photos);
    for (architecture, stage) in
        [(Architecture::ResNet18, "layer4"), (Architecture::MobileNetV2, "features.16")]
    {
        let config = config(QatConfig::default(), Some(stage));
        let float = float_checkpoint(architecture, &config);
        let begun =
            quantised::integers(&quantised::begin(&float, &config, &images).unwrap()).unwrap();
        let method = PostTraining::default();
        let after =
            post_training(&float.metadata.spec(), &float.weights, &images, &images, &method)
                .unwrap()
                .artifact;
        let graph = &after.graph;
        let last = Segment::split(graph, stage).unwrap().1.input();
        for conv in graph.convs() {
            let (begun, after) = (&begun.convs[conv], &after.convs[conv]);
            assert_eq!(begun.weight_scale, after.weight_scale, "{}", conv.name);
            assert_eq!(begun.output_scale, after.output_scale, "{}", conv.name);
            if conv.output <= last {
                assert_eq!(begun, after, "{}", conv.name);
            }
        }
    }
}

/// What is frozen stays, steps learn, and neither happens without training.
#[test]
fn steps_learn_where_weights_do() {
    let photos = PaintedPhotos::new(PHOTOS);
    let config = config(QatConfig::default(), Some("layer4"));
    let float = float_checkpoint(Architecture::ResNet18, &config);
    let trained = train(&photos, "run", Ok(&float), &config, None).weights;
    let dataset = Dataset::read(&photos.annotations(), &photos.images()).unwrap();
    let validation = split_off(&dataset, config.holdout, config.seed).validation;
    let images: Vec<Vec<i8>> = images_of(&validation, usize::MAX, SIDE);
    let begun = quantised::begin(&float, &config, &images).unwrap().weights;
    for (name, moves) in [
        ("layer3.1.conv2.weight", false),
        ("layer3.1.conv2.weight_step_growth", false),
        ("layer4.0.conv1.weight", true),
        ("layer4.0.conv1.weight_step", false),
        ("layer4.0.conv1.weight_step_growth", true),
        ("layer4.1.conv2.output_step_growth", true),
        ("fc.weight_step_growth", true),
    ] {
        assert_eq!(trained[name].shape, begun[name].shape);
        assert_eq!(trained[name] != begun[name], moves, "{name}");
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let photos = PaintedPhotos::new(1);
    let config = config(QatConfig { activation_bits: 4, ..QatConfig::default() }, None);
    let float = float_checkpoint(Architecture::ResNet18, &config);
    assert!(matches!(quantised::integers(&float), Err(QuantisedError::Float)));
    let begun = quantised::begin(&float, &config, &images(&photos)).unwrap();
    assert!(matches!(
        quantised::integers(&begun),
        Err(QuantisedError::Qat(QatError::ActivationBits(4)))
    ));
    assert!(matches!(quantised::begin(&begun, &config, &[]), Err(QuantisedError::Quantised)));
    let other_seed = TrainConfig { seed: 1, ..config.clone() };
    assert!(matches!(
        quantised::begin(&float, &other_seed, &[]),
        Err(QuantisedError::Setting("seed"))
    ));
    let nowhere = TrainConfig { train_from: Some("layer9".into()), ..config };
    assert!(matches!(
        quantised::begin(&float, &nowhere, &[]),
        Err(QuantisedError::Qat(QatError::Stage(_)))
    ));
}
