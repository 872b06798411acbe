//! What is written, run by onnxruntime: floats against the quantiser's float network, and of integers every
//! layer's codes and the logits against the engine's.
//!
//! Pairs compute the same integers, but onnxruntime sums floats between them, so a sum at the edge between two
//! codes may fall to either side. A network of random weights amplifies that from layer to layer, so codes are
//! compared in the first stages, and logits by their signal to noise.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;

use tagsight_core::artifact::WeightBits;
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::graph::Conv;
use tagsight_core::quant::Activation;
use tagsight_core::{Architecture, Artifact, Goal, Tensor};
use tagsight_network::{Spec, random_weights};
use tagsight_onnx::{Batch, Style, write_float, write_integers};
use tagsight_quantiser::FloatNetwork;

const SIDE: usize = 96;
const ONE: Batch = Batch::Fixed(NonZeroUsize::MIN);
/// Codes of the first stages differ by at most this.
const MOST_STEPS: i32 = 2;
/// Part of such a layer's codes that may differ at all.
const MOST_DIFFERENT: f64 = 0.02;
/// Rounding to codes itself leaves about 33 dB in a ResNet; two engines must differ by less.
const LEAST_DECIBELS: f64 = 36.0;
/// MobileNetV2 has 52 layers in a row, most of them narrow, to amplify what differs.
const LEAST_DECIBELS_DEEP: f64 = 30.0;
/// What sums of floats in another order may change of a logit, beside the largest one.
const FLOAT_TOLERANCE: f32 = 1e-4;

/// The Python to run onnxruntime with; says that the test is skipped if there is none.
fn python() -> Option<String> {
    let python = std::env::var("TAGSIGHT_PYTHON").ok();
    if python.is_none() {
        println!("SKIPPED: set TAGSIGHT_PYTHON to a Python that has onnx and onnxruntime");
    }
    python
}

/// Runs a file in onnxruntime; what it computed lies in `folder` afterwards.
fn run_onnxruntime(python: &str, model: &[u8], codes: &[i8], folder: &Path) {
    std::fs::write(folder.join("model.onnx"), model).unwrap();
    let channel = |channel: usize| codes.iter().skip(channel).step_by(3);
    let pixels = (0..3).flat_map(channel).map(|&code| f32::from(code) / 127.0);
    let bytes: Vec<u8> = pixels.flat_map(f32::to_le_bytes).collect();
    std::fs::write(folder.join("pixels.bin"), bytes).unwrap();
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/onnx_oracle.py");
    let output = Command::new(python).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn floats(file: PathBuf) -> Vec<f32> {
    let bytes = std::fs::read(file).unwrap();
    bytes.as_chunks().0.iter().map(|&word| f32::from_le_bytes(word)).collect()
}

/// Decibels; the signal is what varies.
fn signal_to_noise(signal: &[f32], noisy: &[f32]) -> f64 {
    let mean = signal.iter().map(|&value| f64::from(value)).sum::<f64>() / signal.len() as f64;
    let power: f64 = signal.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum();
    let pairs = signal.iter().zip(noisy);
    let noise: f64 = pairs.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (power / noise).log10()
}

/// An image of noise: SplitMix64 over the places.
fn image() -> Vec<i8> {
    let code = |place: u64| {
        let mut z = (place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 57) as i8
    };
    (0..(SIDE * SIDE * 3) as u64).map(code).collect()
}

/// Whether a layer's codes are compared.
fn is_early(layer: &str) -> bool {
    let stages = ["conv1", "layer1.", "features.0.", "features.1.", "features.2."];
    stages.iter().any(|stage| layer.starts_with(stage))
}

/// A byte of the file's tensor that `conv` gives, as the engine's code.
fn code_of(byte: u8, style: Style, conv: &Conv) -> i32 {
    match (style, conv.activation) {
        (Style::QOperator, Activation::Linear) => i32::from(byte) - 128,
        (Style::QOperator, _) => i32::from(byte),
        _ => i32::from(byte as i8) + conv.activation.zero_point(),
    }
}

/// Problems found: layers whose codes differ too much, and logits that do.
fn disagreements(artifact: &Artifact, style: Style, codes: &[i8], folder: &Path) -> Vec<String> {
    let graph = &artifact.graph;
    let mut engine = Engine::new(artifact, Isa::best()).unwrap();
    let mut problems = Vec::new();
    let mut compared = 0;
    let mut observe = |name: &str, tensor: &Tensor| {
        let is_compared = |conv: &&Conv| conv.name == name && is_early(name);
        let Some(conv) = graph.convs().find(is_compared) else { return };
        let bytes = std::fs::read(folder.join(format!("codes_{}.bin", conv.output))).unwrap();
        let ours = tensor.to_dense();
        let channels = tensor.layout().channels();
        let area = ours.len() / channels;
        assert_eq!(bytes.len(), ours.len(), "{name}");
        let theirs =
            |index: usize| code_of(bytes[index % channels * area + index / channels], style, conv);
        let steps = ours.iter().enumerate();
        let steps = steps.map(|(index, &code)| (i32::from(code) - theirs(index)).abs());
        let different = steps.clone().filter(|&steps| steps > 0).count();
        let part = different as f64 / ours.len() as f64;
        let most = steps.max().unwrap();
        if most > MOST_STEPS || part > MOST_DIFFERENT {
            problems.push(format!("{name}: up to {most} steps, {:.2} % differ", part * 100.0));
        }
        compared += 1;
    };
    let logits = engine.logits_observed(codes, &mut observe).to_vec();
    assert_eq!(compared, graph.convs().filter(|conv| is_early(&conv.name)).count());
    let least = match artifact.metadata.architecture() {
        Some(Architecture::MobileNetV2) => LEAST_DECIBELS_DEEP,
        _ => LEAST_DECIBELS,
    };
    for file in ["logits.bin", "optimised.bin"] {
        let decibels = signal_to_noise(&logits, &floats(folder.join(file)));
        println!("{}, {style:?}, {file}: {decibels:.1} dB", artifact.metadata.architecture);
        if decibels < least {
            problems.push(format!("{file}: {decibels:.1} dB"));
        }
    }
    problems
}

#[test]
fn onnxruntime_agrees_with_the_integer_engine() {
    let Some(python) = python() else { return };
    let codes = image();
    let cases = [
        (Architecture::ResNet18, WeightBits::Eight, Style::Qdq, "layer1.1.conv1"),
        (Architecture::ResNet18, WeightBits::Four, Style::QOperator, "layer1.1.conv1"),
        (Architecture::ResNet50, WeightBits::Eight, Style::QOperator, "layer1.1.conv1"),
        (Architecture::MobileNetV2, WeightBits::Eight, Style::Qdq, "features.2.conv.1.0"),
        (Architecture::MobileNetV2, WeightBits::Eight, Style::QOperator, "features.2.conv.1.0"),
    ];
    for (architecture, bits, style, early) in cases {
        let folder = tempfile::tempdir().unwrap();
        let mut artifact = Artifact::synthetic_of(bits, architecture, SIDE, 11);
        let file = write_integers(&artifact, style, Batch::Dynamic);
        run_onnxruntime(&python, &file, &codes, folder.path());
        let problems = disagreements(&artifact, style, &codes, folder.path());
        assert!(problems.is_empty(), "{architecture:?}, {bits:?}, {style:?}: {problems:#?}");

        // The comparison must notice one layer's scale that is off by a twentieth.
        let layer = artifact.conv_mut(early).unwrap();
        layer.weight_scale.iter_mut().for_each(|scale| *scale *= 1.05);
        assert!(!disagreements(&artifact, style, &codes, folder.path()).is_empty());
    }
}

#[test]
fn onnxruntime_agrees_with_the_float_network() {
    let Some(python) = python() else { return };
    let codes = image();
    for (architecture, batch) in
        [(Architecture::ResNet18, ONE), (Architecture::MobileNetV2, Batch::Dynamic)]
    {
        let folder = tempfile::tempdir().unwrap();
        let labels = (0..5).map(|class| class.to_string()).collect();
        let preprocessing = architecture.preprocessing(SIDE);
        let spec = Spec::new(architecture, labels, Goal::SingleLabel, preprocessing);
        let weights = random_weights(&spec.graph, 9);
        let folded = tagsight_network::weights::fold_batch_norm(&weights, &spec.graph);
        let ours = FloatNetwork::new(&spec, &folded).logits(std::slice::from_ref(&codes));
        let file = write_float(&spec, &weights, batch);
        run_onnxruntime(&python, &file, &codes, folder.path());
        let most = ours.iter().fold(0.0f32, |most, logit| most.max(logit.abs()));
        for file in ["logits.bin", "optimised.bin"] {
            let theirs = floats(folder.path().join(file));
            let pairs = ours.iter().zip(&theirs);
            let far = pairs.fold(0.0f32, |far, (a, b)| far.max((a - b).abs()));
            println!("{architecture:?}, {file}: {far} beside {most}");
            assert!(far <= FLOAT_TOLERANCE * most, "{architecture:?}: {far} beside {most}");
        }
    }
}
