//! From photos to an artifact and its figures, on a small dataset.

use std::path::Path;

use burn::backend::{Autodiff, Flex};
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::{Architecture, Artifact, Goal, artifact};
use tagsight_data::{Dataset, images as images_of};
use tagsight_network::weights::fold_batch_norm;
use tagsight_network::{Segment, Spec};
use tagsight_quantiser::{FloatNetwork, RangeMethod, WeightMethod, observe_ranges, quantise};
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::TrainConfig;
use tagsight_train::fit::{self, BEST, LAST, Paths};
use tagsight_train::loss::LossConfig;
use tagsight_train::model::{Network, normalised};
use tagsight_train::optim::{OptimizerConfig, Rate, ScheduleConfig};
use tagsight_train::watch::{Interrupt, LOG};

use crate::formula;
use crate::photos::PaintedPhotos;

pub(crate) const PHOTOS: u32 = 28;
/// Of images that something is fitted to: as small as a ResNet takes, since all that is shown here
/// (that runs resume, stop, freeze and go on) does not depend on it.
pub(crate) const SIDE: usize = 32;
/// Of images on which integers follow floats: large enough that every layer sees a picture.
const EXPORT_SIDE: usize = 64;

pub(crate) fn config() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 8,
        learning_rate: 2e-3,
        holdout: 0.3,
        side: SIDE,
        average_decay: 0.9,
        ..TrainConfig::default()
    }
}

pub(crate) fn run(
    photos: &PaintedPhotos,
    name: &str,
    config: &TrainConfig,
    options: fit::Options,
) -> Checkpoint {
    try_run(photos, name, config, options).unwrap()
}

fn try_run(
    photos: &PaintedPhotos,
    name: &str,
    config: &TrainConfig,
    options: fit::Options,
) -> anyhow::Result<Checkpoint> {
    let _alone = crate::fit_alone();
    let dataset = Dataset::read(&photos.annotations(), &photos.images()).unwrap();
    let paths = Paths {
        run: photos.folder().join(name),
        cache: photos.folder().join("cache"),
        data: photos.folder().to_owned(),
    };
    let (model, device) = (Architecture::ResNet18, Default::default());
    fit::train::<Autodiff<Flex>>(model, config, &dataset, options, &paths, &device)?;
    Ok(Checkpoint::read(&paths.run.join(LAST))?)
}

fn largest_difference(left: &Checkpoint, right: &Checkpoint) -> f32 {
    let pairs =
        left.weights.iter().zip(&right.weights).flat_map(|((left_name, left), (name, right))| {
            assert_eq!(left_name, name);
            left.values.iter().zip(&right.values)
        });
    pairs.map(|(left, right)| (left - right).abs()).fold(0.0, f32::max)
}

/// A run that was interrupted after its first epoch ends where an uninterrupted one does.
#[test]
fn resuming_changes_nothing() {
    let photos = PaintedPhotos::new(PHOTOS);
    let layer4 = TrainConfig { train_from: Some("layer4".into()), ..config() };
    let descent = TrainConfig {
        optimizer: OptimizerConfig::Sgd { momentum: 0.9, nesterov: true },
        schedule: ScheduleConfig::Cosine { warmup: 0.2, floor: 0.0 },
        loss: Some(LossConfig::Asymmetric { gamma_negative: 4.0, gamma_positive: 0.0, clip: 0.05 }),
        rates: vec![Rate { layer: "head".into(), factor: 10.0, decay: 1.0 }],
        accumulate: 2,
        clip_norm: 1.0,
        ..layer4.clone()
    };
    let adam = TrainConfig {
        optimizer: OptimizerConfig::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        average_decay: 0.0,
        ..layer4.clone()
    };
    for config in [config(), layer4, descent, adam] {
        let whole = run(&photos, "whole", &config, fit::Options::default());
        let stop_after = fit::Options { stop_after: Some(1), ..Default::default() };
        let half = run(&photos, "halves", &config, stop_after);
        assert_eq!((half.metadata.epoch, whole.metadata.epoch), (1, 2));
        assert!(largest_difference(&half, &whole) > 1e-4, "an epoch changes the weights");
        let resumed = run(&photos, "halves", &config, resuming(half));
        let difference = largest_difference(&resumed, &whole);
        assert!(difference < 1e-6, "{config:?}: {difference}");
        assert!(photos.folder().join("whole").join(BEST).exists());
    }
}

/// Whoever is told that a file cannot be written is told which.
#[test]
fn settings_that_cannot_be_kept_are_named() {
    let photos = PaintedPhotos::new(1);
    std::fs::create_dir_all(photos.folder().join("run/config.toml/in the way")).unwrap();
    let error = try_run(&photos, "run", &config(), fit::Options::default()).unwrap_err();
    assert!(format!("{error:#}").contains("run/config.toml"), "{error:#}");
}

/// A run that was stopped in the middle of an epoch ends where an uninterrupted one does, and its
/// log has the same losses.
#[test]
fn stopping_within_an_epoch_changes_nothing() {
    let photos = PaintedPhotos::new(48);
    let config =
        TrainConfig { mixup: 0.2, batch_size: 4, accumulate: 2, side: EXPORT_SIDE, ..config() };
    let whole = run(&photos, "whole", &config, fit::Options::default());
    // Nine batches an epoch, so five steps. It is stopped within the first epoch, and again within
    // the second one.
    let interrupt = Interrupt::after_steps(3);
    let options = fit::Options { interrupt, ..Default::default() };
    let stopped = run(&photos, "parts", &config, options);
    assert_eq!((stopped.metadata.epoch, losses(&stopped)), (0, 6));
    let options = fit::Options { interrupt: Interrupt::after_steps(4), ..resuming(stopped) };
    let stopped = run(&photos, "parts", &config, options);
    assert_eq!((stopped.metadata.epoch, losses(&stopped)), (1, 4));
    let resumed = run(&photos, "parts", &config, resuming(stopped));
    assert_eq!(resumed.metadata, whole.metadata);
    assert_eq!(largest_difference(&resumed, &whole), 0.0);
    assert_eq!(logged(&photos, "parts"), logged(&photos, "whole"));
}

fn resuming(checkpoint: Checkpoint) -> fit::Options {
    fit::Options { resume: Some(checkpoint), ..Default::default() }
}

/// Batches that were fitted since the last whole epoch.
fn losses(checkpoint: &Checkpoint) -> usize {
    checkpoint.resume.as_ref().unwrap().losses.len()
}

/// A run's log without the columns of time: epoch, loss, mAP and learning rate.
fn logged(photos: &PaintedPhotos, run: &str) -> Vec<Vec<String>> {
    let log = std::fs::read_to_string(photos.folder().join(run).join(LOG)).unwrap();
    log.lines().map(|line| line.split(',').take(4).map(str::to_owned).collect()).collect()
}

/// A run whose validation photos see nothing better ends, and is not taken up again.
#[test]
fn a_run_without_progress_stops_early() {
    let photos = PaintedPhotos::new(PHOTOS);
    let config = TrainConfig {
        train_from: Some("layer4".into()),
        learning_rate: 1e-30,
        weight_decay: 0.0,
        epochs: 9,
        patience: 2,
        ..config()
    };
    let stopped = run(&photos, "patient", &config, fit::Options::default());
    // Statistics of batch norms move even so, and with them the epoch that is best.
    let best = stopped.metadata.best.unwrap();
    assert_eq!(stopped.metadata.epoch, (best.epoch + config.patience).min(config.epochs));
    let resumed = run(&photos, "patient", &config, resuming(stopped.clone()));
    assert_eq!(resumed.metadata, stopped.metadata);
}

/// Another optimiser's state is of no use.
#[test]
fn a_run_goes_on_with_its_own_optimiser() {
    let photos = PaintedPhotos::new(PHOTOS);
    let config = TrainConfig { train_from: Some("layer4".into()), epochs: 1, ..config() };
    let adam = run(&photos, "run", &config, fit::Options::default());
    let optimizer = OptimizerConfig::Sgd { momentum: 0.9, nesterov: true };
    let config = TrainConfig { optimizer, epochs: 2, ..config };
    let error = try_run(&photos, "run", &config, resuming(adam)).unwrap_err();
    assert!(error.to_string().contains("another optimizer"), "{error}");
}

/// With the trunk frozen, its weights stay; what is fitted moves.
#[test]
fn frozen_layers_stay_as_they_are() {
    let photos = PaintedPhotos::new(PHOTOS);
    let weights = formula::weights(&formula::graph(Architecture::ResNet18, SIDE));
    save(&weights, &photos.folder().join("initial.safetensors"));
    let config = TrainConfig {
        train_from: Some("layer4".into()),
        initial_weights: Some("initial.safetensors".into()),
        epochs: 1,
        ..config()
    };
    let fitted = run(&photos, "run", &config, fit::Options::default()).weights;
    assert_eq!(fitted["layer3.1.conv2.weight"], weights["layer3.1.conv2.weight"]);
    assert_ne!(fitted["layer4.0.conv1.weight"], weights["layer4.0.conv1.weight"]);
    assert_ne!(fitted["fc.bias"], weights["fc.bias"]);
}

fn save(weights: &tagsight_network::weights::Weights, path: &Path) {
    use safetensors::tensor::{Dtype, TensorView};
    let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = weights
        .iter()
        .map(|(name, weight)| {
            let bytes = weight.values.iter().flat_map(|value| value.to_le_bytes()).collect();
            (name.clone(), weight.shape.clone(), bytes)
        })
        .collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    });
    std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// The integer network follows the float one, layer ranges chosen either way.
#[test]
fn int8_follows_float() {
    let photos = PaintedPhotos::new(PHOTOS);
    let dataset = Dataset::read(&photos.annotations(), &photos.images()).unwrap();
    let images: Vec<Vec<i8>> = images_of(&dataset, usize::MAX, EXPORT_SIDE);
    let device = Default::default();
    for architecture in [Architecture::ResNet18, Architecture::ResNet50] {
        let graph = formula::graph(architecture, EXPORT_SIDE);
        let folded = fold_batch_norm(&formula::weights(&graph), &graph);
        let network = Network::<Flex>::new(Segment::whole(&graph), &folded, 0.0, &device);
        let spec = spec(architecture);
        let input = normalised(&images.concat(), &spec.preprocessing, &device);
        let float: Vec<f32> = network.logits(input).into_data().iter().collect();
        for (method, bias_correction) in [(RangeMethod::MinMax, false), (RangeMethod::Mse, true)] {
            let weights = WeightMethod { bias_correction, ..WeightMethod::default() };
            let ranges = observe_ranges(&FloatNetwork::new(&spec, &folded), &images, method);
            let artifact = quantise(&spec, &folded, &ranges, &images, &weights);
            let artifact = Artifact::read(&artifact.write().unwrap()).unwrap();
            let mut engine = Engine::new(&artifact, Isa::best()).unwrap();
            let int8: Vec<f32> =
                images.iter().flat_map(|codes| engine.logits(codes).to_vec()).collect();
            let decibels = signal_to_noise(&float, &int8);
            assert!(decibels > 25.0, "{architecture:?} {method:?}: {decibels:.1} dB");
        }
    }
}

/// Metadata as a run would give it.
pub(crate) fn spec(architecture: Architecture) -> Spec {
    let labels = tagsight_data::coco_labels();
    let preprocessing = architecture.preprocessing(EXPORT_SIDE);
    Spec::new(architecture, labels, Goal::default(), preprocessing)
}

/// Of what varies from photo to photo; a constant is no signal.
pub(crate) fn signal_to_noise(signal: &[f32], noisy: &[f32]) -> f64 {
    let mean = signal.iter().map(|&value| f64::from(value)).sum::<f64>() / signal.len() as f64;
    let power: f64 = signal.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum();
    let noise: f64 =
        signal.iter().zip(noisy).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (power / noise).log10()
}

/// A card without what follows from the sums of a fit, which another processor may round otherwise:
/// fractions wherever they stand, and what is of the weights' file.
fn masked(card: &str) -> String {
    const OF_THE_FIT: [&str; 3] = ["\"bytes\"", "\"epoch\"", "\"sha256\""];
    let of_line = |line: &str| match line.split_once(": ") {
        Some((key, _)) if OF_THE_FIT.contains(&key.trim()) => format!("{key}: {MASK},"),
        _ => without_strength(&without_fractions(line)),
    };
    card.lines().map(of_line).collect::<Vec<_>>().join("\n")
}

const MASK: &str = "[…]";

/// How strongly labels are drawn together follows from the fit as well, though it is a whole number.
fn without_strength(line: &str) -> String {
    const BEFORE: &str = "as by ";
    let Some((start, rest)) = line.split_once(BEFORE) else { return line.to_owned() };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{start}{BEFORE}{MASK}{rest}")
}

fn without_fractions(line: &str) -> String {
    let is_of_number = |c: char| c.is_ascii_digit() || ".e-".contains(c);
    let (mut masked, mut rest) = (String::new(), line);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let length = rest[start..].find(|c| !is_of_number(c)).unwrap_or(rest.len() - start);
        let (before, number) = (&rest[..start], &rest[start..start + length]);
        let is_fraction = number.split_once('.').is_some_and(|(_, fraction)| !fraction.is_empty());
        masked += if is_fraction { before.strip_suffix('-').unwrap_or(before) } else { before };
        masked += if is_fraction { MASK } else { number };
        rest = &rest[start + length..];
    }
    masked + rest
}

/// The commands in the order that a user gives them.
#[test]
fn train_export_evaluate_card_tag_and_bench() {
    let photos = PaintedPhotos::new(PHOTOS);
    let folder = photos.folder();
    let mut text = toml::to_string(&config()).unwrap();
    text.push('\n');
    std::fs::write(folder.join("small.toml"), text).unwrap();
    let trainer = |arguments: &[&str]| crate::commands::succeed(&photos, arguments);
    let data = ["--images", "photos", "--annotations", "instances.json"];
    let with_data = |arguments: &[&str]| trainer(&[arguments, &data].concat());

    with_data(&["train", "--model", "resnet18", "--config", "small.toml", "--out", "run"]);
    with_data(&[
        "export",
        "--checkpoint",
        "run/last.safetensors",
        "--int8",
        "--calibration-samples",
        "8",
        "--out",
        "models/small",
    ]);
    let model = folder.join("models/small").join(artifact::FILE_NAME);
    assert!(Artifact::read(&std::fs::read(&model).unwrap()).is_ok());

    with_data(&[
        "analyse",
        "--checkpoint",
        "run/last.safetensors",
        "--artifact",
        "models/small",
        "--samples",
        "4",
        "--out",
        "analysis",
    ]);
    let analysis = std::fs::read(folder.join("analysis/analysis.json")).unwrap();
    let analysis: serde_json::Value = serde_json::from_slice(&analysis).unwrap();
    assert_eq!(analysis["layers"].as_array().unwrap().len(), 20);
    for layer in analysis["layers"].as_array().unwrap() {
        let [output, alone] =
            ["output_decibels", "alone_decibels"].map(|key| layer[key].as_f64().unwrap());
        assert!(output > 15.0 && alone > 20.0, "{layer}");
    }
    let page = std::fs::read_to_string(folder.join("analysis/analysis.html")).unwrap();
    assert!(page.contains("const analysis = {\"architecture\":\"resnet18\""));

    let printed = with_data(&[
        "evaluate",
        "--artifact",
        "models/small",
        "--checkpoint",
        "run/last.safetensors",
        "--json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(report["photos"], PHOTOS);
    assert_eq!(report["classes_present"], 2);
    assert!(report["score"]["value"].as_f64().unwrap() <= report["map_present"].as_f64().unwrap());
    assert!(report["float_minus_int8"]["standard_error"].is_number());

    with_data(&[
        "card",
        "--artifact",
        "models/small",
        "--checkpoint",
        "run/last.safetensors",
        "--data-name",
        "painted photos",
        "--limit",
        "it knows discs and squares",
    ]);
    let read_card = || -> serde_json::Value {
        let card = std::fs::read(folder.join("models/small/card.json")).unwrap();
        serde_json::from_slice(&card).unwrap()
    };
    let written = std::fs::read_to_string(folder.join("models/small/card.json")).unwrap();
    insta::assert_snapshot!("card", masked(&written));
    let card = read_card();
    assert_eq!(card["measured"]["int8_score"], report["score"]);
    assert_eq!(card["measured"]["int8_at_steps"], report["at_steps"]);

    // The same photos and scores have the same thresholds, and the card keeps what it says of floats.
    let before = std::fs::read(&model).unwrap();
    with_data(&["thresholds", "--artifact", "models/small"]);
    assert!(std::fs::read(&model).unwrap() == before, "the thresholds differ from the export's");
    assert!(read_card()["measured"]["int8_at_steps"].is_null(), "figures of other thresholds");
    with_data(&["card", "--artifact", "models/small"]);
    let again = read_card();
    assert_eq!(again["measured"]["int8_at_steps"], card["measured"]["int8_at_steps"]);
    assert_eq!(again["limits"], card["limits"]);
    for figure in ["/float_score/value", "/float_minus_int8", "/float_minus_int8_standard_error"] {
        let figure = format!("/measured{figure}");
        let [one, other] = [&again, &card].map(|card| card.pointer(&figure).unwrap());
        let [one, other] = [one, other].map(|figure| figure.as_f64().unwrap());
        assert!((one - other).abs() < 1e-12, "{figure}: {one} {other}");
    }
    let mut other = card;
    other["made_from"]["validation_photos"] = (PHOTOS + 1).into();
    std::fs::write(folder.join("models/small/card.json"), other.to_string()).unwrap();
    let thresholds = ["thresholds", "--artifact", "models/small"];
    let refused = crate::commands::fail(&photos, &[&thresholds[..], &data].concat());
    assert!(refused.contains("that the model was trained with"), "{refused}");

    trainer(&["export", "--artifact", "models/small", "--format", "onnx", "--out", "onnx"]);
    assert!(folder.join("onnx/model.onnx").metadata().unwrap().len() > 11_000_000);

    let printed = trainer(&["tag", "--artifact", "models/small", "--json", "photos/0006.png"]);
    let tagged: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(tagged["photo"], "photos/0006.png");
    assert_eq!(tagged["scores"].as_object().unwrap().len(), 80);
    let tags = ["sure", "balanced", "more"].map(|step| {
        let printed = trainer(&[
            "tag",
            "--artifact",
            "models/small",
            "--json",
            "--thresholds",
            step,
            "photos/0006.png",
        ]);
        serde_json::from_str::<serde_json::Value>(&printed).unwrap()["tags"].clone()
    });
    assert_eq!(tagged["tags"], tags[1], "balanced unless asked otherwise");
    let counts = tags.map(|tags| tags.as_array().unwrap().len());
    assert!(counts.is_sorted(), "{counts:?}");

    let printed = trainer(&[
        "bench",
        "--artifact",
        "models/small",
        "--runs",
        "2",
        "--threads",
        "2",
        "--json",
    ]);
    let timed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert!(timed["median_ms"].as_f64().unwrap() > 0.0);
}
