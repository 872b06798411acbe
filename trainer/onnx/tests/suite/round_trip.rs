//! What is written is what is read.

use std::num::NonZeroUsize;

use tagsight_core::artifact::WeightBits;
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::graph::Conv;
use tagsight_core::{Architecture, Artifact, Goal};
use tagsight_network::weights::fold_batch_norm;
use tagsight_network::{Spec, random_weights};
use tagsight_onnx::{Asked, Batch, Form, Style, read, write_float, write_integers};

const ONE: Batch = Batch::Fixed(NonZeroUsize::MIN);

#[test]
fn floats_come_back_bit_for_bit_under_their_architectures_names() {
    for (architecture, batch) in [
        (Architecture::ResNet18, Batch::Dynamic),
        (Architecture::MobileNetV2, ONE),
        (Architecture::EfficientNetLite0, Batch::Dynamic),
    ] {
        let labels = ["apple", "pear", "plum"].map(String::from).into();
        let preprocessing = architecture.preprocessing(64);
        let spec = Spec::new(architecture, labels, Goal::SingleLabel, preprocessing);
        let weights = fold_batch_norm(&random_weights(&spec.graph, 5), &spec.graph);
        let asked = Asked { task: Goal::SingleLabel, ..Asked::default() };
        let imported = read(&write_float(&spec, &weights, batch), &asked).unwrap();
        assert_eq!(imported.architecture, Some(architecture));
        assert_eq!(imported.spec, spec, "{architecture:?}");
        assert_eq!(imported.weights, weights, "{architecture:?}");
        assert!(matches!(imported.form, Form::Float));
    }
}

/// All of the integers, but where a residual's code is worth so few units that they are rounded anew.
#[test]
fn an_artifacts_integers_come_back_and_give_the_same_logits() {
    for (architecture, bits, style) in [
        (Architecture::ResNet18, WeightBits::Eight, Style::Qdq),
        (Architecture::MobileNetV2, WeightBits::Eight, Style::Qdq),
        (Architecture::EfficientNetLite0, WeightBits::Eight, Style::TensorRt),
    ] {
        let artifact = Artifact::synthetic_of(bits, architecture, 64, 7);
        let file = write_integers(&artifact, style, Batch::Dynamic);
        let imported = read(&file, &Asked::default()).unwrap();
        assert_eq!(imported.architecture, Some(architecture));
        let Form::Integers(mut again) = imported.form else { panic!("{architecture:?}") };
        assert_eq!(again.graph, artifact.graph);
        assert_eq!(again.metadata.labels, artifact.metadata.labels);
        let is_kept = |conv: &&Conv| conv.residual.is_none();
        for conv in artifact.graph.convs().filter(is_kept) {
            let (again, first) = (&again.convs[conv], &artifact.convs[conv]);
            assert!(again.weight == first.weight, "{architecture:?}: {}", conv.name);
            assert_eq!(again.weight_scale, first.weight_scale, "{architecture:?}: {}", conv.name);
            assert_eq!(again.output_scale, first.output_scale, "{architecture:?}: {}", conv.name);
            // The bias went through floats.
            let far = again.bias.iter().zip(&first.bias).filter(|(a, b)| (*a - *b).abs() > 1);
            assert_eq!(far.count(), 0, "{architecture:?}: {}", conv.name);
        }
        let codes: Vec<i8> = (0..64 * 64 * 3).map(|place| (place * 31 % 128) as i8).collect();
        let logits = |artifact: &Artifact| {
            Engine::new(artifact, Isa::best()).unwrap().logits(&codes).to_vec()
        };
        let (found, expected) = (logits(&again), logits(&artifact));
        let most = expected.iter().fold(0.0f32, |most, logit| most.max(logit.abs()));
        let is_near = |(a, b): (&f32, &f32)| (a - b).abs() < 0.02 * most;
        assert!(found.iter().zip(&expected).all(is_near), "{architecture:?}, {bits:?}");
        // A control: another scale in the middle is seen.
        let middle = artifact.graph.convs().nth(9).unwrap();
        again.convs.get_mut(middle).output_scale *= 1.2;
        assert!(!logits(&again).iter().zip(&expected).all(is_near), "{architecture:?}, {bits:?}");
    }
}

/// They have ConvInteger, which is read nowhere.
#[test]
fn what_is_not_read_is_named_all_at_once() {
    let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 7);
    let file = write_integers(&artifact, Style::QOperator, Batch::Dynamic);
    let error = read(&file, &Asked::default()).unwrap_err().to_string();
    let residuals = artifact.graph.convs().filter(|conv| conv.residual.is_some());
    for conv in residuals {
        let line = format!("ConvInteger \"{}.sum\"", conv.name);
        assert!(error.contains(&line), "{line} is not in {error}");
    }
}
