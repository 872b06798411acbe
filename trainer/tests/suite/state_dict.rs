//! Importing what others saved.

use safetensors::tensor::{Dtype, TensorView};
use tagsight_core::Architecture;
use tagsight_trainer::weights::{self, Missing, Weight, Weights, WeightsError};

use crate::{formula, golden};

fn expected() -> Weights {
    let eighths = (0..12).map(|value| value as f32 / 8.0).collect();
    Weights::from([
        ("conv1.weight".into(), Weight::new([2, 2, 1, 3], eighths)),
        ("bn1.running_var".into(), Weight::new([2], vec![0.5, 2.0])),
        ("fc.weight".into(), Weight::new([2, 2], vec![2.0, 3.0, 4.0, 5.0])),
    ])
}

#[test]
fn state_dictionaries_of_pytorch() {
    for file in ["zip.pth", "legacy.pth", "wrapped.pth"] {
        assert_eq!(weights::load(&golden(file)).unwrap(), expected(), "{file}");
    }
}

#[test]
fn tensors_in_another_order_are_refused_by_name() {
    for file in ["permuted.pth", "permuted_legacy.pth"] {
        match weights::load(&golden(file)) {
            Err(WeightsError::Permuted(mut names)) => {
                names.sort();
                assert_eq!(names, ["conv1.weight", "fc.weight"], "{file}");
            }
            other => panic!("{file}: {other:?}"),
        }
    }
}

#[test]
fn half_precision_safetensors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("half.safetensors");
    let halves: Vec<u8> =
        [0.5f32, -2.0].iter().flat_map(|&v| half::f16::from_f32(v).to_le_bytes()).collect();
    let view = TensorView::new(Dtype::F16, vec![2], &halves).unwrap();
    std::fs::write(&path, safetensors::serialize([("conv1.bias", view)], None).unwrap()).unwrap();
    let loaded = weights::load(&path).unwrap();
    assert_eq!(loaded["conv1.bias"], Weight::new([2], vec![0.5, -2.0]));
}

#[test]
fn damaged_files_and_integers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(golden("zip.pth")).unwrap();
    for (name, bytes) in [
        ("cut.pth", &whole[..whole.len() / 2]),
        ("empty.pth", &[][..]),
        ("cut.safetensors", &[9, 0, 0, 0, 0, 0, 0, 0, b'{'][..]),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = weights::load(&path).unwrap_err();
        assert!(matches!(error, WeightsError::Damaged { .. }), "{name}: {error}");
    }
    assert!(matches!(weights::load(&folder.path().join("none.pth")), Err(WeightsError::Io { .. })));
    let path = folder.path().join("integers.safetensors");
    let view = TensorView::new(Dtype::I32, vec![1], &[0; 4]).unwrap();
    std::fs::write(&path, safetensors::serialize([("conv1.bias", view)], None).unwrap()).unwrap();
    assert!(matches!(weights::load(&path), Err(WeightsError::Type { .. })));
}

#[test]
fn absent_foreign_and_misshapen_tensors_are_named() {
    let graph = formula::graph(Architecture::ResNet18, 64);
    let check = |weights: &Weights, missing| {
        weights::check(weights, Architecture::ResNet18, &graph, missing)
    };
    let whole = formula::weights(&graph);
    assert_eq!(check(&whole, Missing::Refuse).unwrap(), Vec::<String>::new());

    let mut lacking = whole.clone();
    lacking.remove("layer4.0.conv1.weight");
    assert_eq!(check(&lacking, Missing::Report).unwrap(), ["layer4.0.conv1.weight"]);
    let error = check(&lacking, Missing::Refuse).unwrap_err().to_string();
    assert!(error.contains("layer4.0.conv1.weight is absent"), "{error}");

    let mut strange = whole.clone();
    strange.insert("layer9.weight".into(), Weight::new([1], vec![0.0]));
    strange.insert("fc.bias".into(), Weight::new([3], vec![0.0; 3]));
    strange.remove("bn1.bias");
    let error = check(&strange, Missing::Report).unwrap_err().to_string();
    for expected in ["layer9.weight does not belong", "fc.bias is [3], not [80]", "bn1 has only 3"]
    {
        assert!(error.contains(expected), "{expected:?} is not in {error:?}");
    }

    let deeper = formula::weights(&formula::graph(Architecture::ResNet34, 64));
    let error = check(&deeper, Missing::Refuse).unwrap_err().to_string();
    assert!(error.contains("do not fit resnet18"), "{error}");
}
