//! The ONNX export, run by onnxruntime: every layer's codes and the logits against the engine's.
//!
//! Both compute the same integers, but onnxruntime sums floats, so a sum at the edge between two
//! codes may fall to either side. A network of random weights amplifies that from layer to layer,
//! so codes are compared in the first half of the network, and logits by their signal to noise.

use std::path::Path;
use std::process::Command;

use tagsight_core::artifact::WeightBits;
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::graph::Conv;
use tagsight_core::{Architecture, Artifact};
use tagsight_quantiser::onnx;

use crate::pipeline::signal_to_noise;
use crate::{formula, golden};

const SIDE: usize = 96;
/// Codes of the first stages differ by at most this.
const MOST_STEPS: i32 = 1;
/// Part of such a layer's codes that may differ at all.
const MOST_DIFFERENT: f64 = 0.02;
/// Rounding to codes itself leaves about 33 dB in a ResNet; two engines must differ by less.
const LEAST_DECIBELS: f64 = 36.0;
/// MobileNetV2 has 52 layers in a row, most of them narrow, to amplify what differs.
const LEAST_DECIBELS_DEEP: f64 = 30.0;

/// Whether a layer's codes are compared.
fn is_early(layer: &str) -> bool {
    let stages = ["conv1", "layer1.", "layer2.", "features.0.", "features.1.", "features.2."];
    stages.iter().any(|stage| layer.starts_with(stage))
}

/// Runs `artifact` in onnxruntime; what it computed lies in `folder` afterwards.
fn run_onnxruntime(python: &str, artifact: &Artifact, codes: &[i8], folder: &Path) {
    std::fs::write(folder.join("model.onnx"), onnx::write(artifact)).unwrap();
    let channel = |channel: usize| codes.iter().skip(channel).step_by(3);
    let pixels = (0..3).flat_map(channel).map(|&code| f32::from(code) / 127.0);
    let bytes: Vec<u8> = pixels.flat_map(f32::to_le_bytes).collect();
    std::fs::write(folder.join("pixels.bin"), bytes).unwrap();
    let script = golden("onnx_oracle.py");
    let output = Command::new(python).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Problems found: layers whose codes differ too much, and logits that do.
fn disagreements(artifact: &Artifact, codes: &[i8], folder: &Path) -> Vec<String> {
    let graph = &artifact.graph;
    let mut engine = Engine::new(artifact, Isa::best()).unwrap();
    let mut problems = Vec::new();
    let mut compared = 0;
    let mut observe = |name: &str, tensor: &tagsight_core::Tensor| {
        let is_compared = |conv: &&Conv| conv.name == name && is_early(name);
        let Some(conv) = graph.convs().find(is_compared) else { return };
        let bytes = std::fs::read(folder.join(format!("codes_{}.bin", conv.output))).unwrap();
        let ours = tensor.to_dense();
        let (channels, area) =
            (tensor.layout().channels(), ours.len() / tensor.layout().channels());
        assert_eq!(bytes.len(), ours.len(), "{name}");
        let theirs = |index: usize| bytes[index % channels * area + index / channels] as i8;
        let steps = ours
            .iter()
            .enumerate()
            .map(|(index, &code)| (i32::from(code) - i32::from(theirs(index))).abs());
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
    let bytes = std::fs::read(folder.join("logits.bin")).unwrap();
    let theirs = bytes.chunks_exact(4).map(|word| f32::from_le_bytes(word.try_into().unwrap()));
    let decibels = signal_to_noise(&logits, &theirs.collect::<Vec<f32>>());
    let least = match artifact.metadata.architecture() {
        Some(Architecture::MobileNetV2) => LEAST_DECIBELS_DEEP,
        _ => LEAST_DECIBELS,
    };
    if decibels < least {
        problems.push(format!("logits: {decibels:.1} dB"));
    }
    problems
}

#[test]
fn onnxruntime_agrees_with_the_integer_engine() {
    let Ok(python) = std::env::var("TAGSIGHT_PYTHON") else {
        println!("SKIPPED: set TAGSIGHT_PYTHON to a Python that has onnx and onnxruntime");
        return;
    };
    let codes = formula::codes("image", SIDE * SIDE * 3);
    let cases = [
        (Architecture::ResNet18, WeightBits::Eight, "layer2.0.conv1"),
        (Architecture::ResNet18, WeightBits::Four, "layer2.0.conv1"),
        (Architecture::ResNet50, WeightBits::Eight, "layer2.0.conv1"),
        (Architecture::MobileNetV2, WeightBits::Eight, "features.2.conv.1.0"),
    ];
    for (architecture, bits, early) in cases {
        let folder = tempfile::tempdir().unwrap();
        let mut artifact = Artifact::synthetic_of(bits, architecture, SIDE, 11);
        run_onnxruntime(&python, &artifact, &codes, folder.path());
        let problems = disagreements(&artifact, &codes, folder.path());
        assert!(problems.is_empty(), "{architecture:?}, {bits:?}: {problems:#?}");

        // The comparison must notice one layer's scale that is off by a twentieth.
        let layer = artifact.conv_mut(early).unwrap();
        layer.weight_scale.iter_mut().for_each(|scale| *scale *= 1.05);
        assert!(!disagreements(&artifact, &codes, folder.path()).is_empty());
    }
}
