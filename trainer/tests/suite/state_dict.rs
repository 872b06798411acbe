//! Importing what others saved.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use tagsight_core::Architecture;
use tagsight_network::weights::{self, Missing, Weight, Weights, WeightsError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

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
    let files = ["zip", "legacy", "permuted", "permuted_legacy", "protocol4", "protocol4_legacy"];
    for file in [&files[..], &["wrapped", "averaged"]].concat() {
        let loaded = weights::load(&golden(&format!("{file}.pth"))).unwrap();
        assert_eq!(loaded, expected(), "{file}");
    }
}

#[test]
fn what_is_no_state_dictionary_is_named() {
    for (file, found) in [
        ("whole_model.pth", "a whole object (torch.nn.modules.container.Sequential)"),
        ("no_state.pth", "a dictionary of other things (epoch, optimizer)"),
    ] {
        let error = weights::load(&golden(file)).unwrap_err();
        assert!(matches!(error, WeightsError::Foreign { .. }), "{file}: {error}");
        assert!(error.to_string().contains(found), "{found:?} is not in {error}");
    }
    let error = weights::load(&golden("quantised.pth")).unwrap_err().to_string();
    assert!(error.contains("conv1.weight has type quantised"), "{error}");
}

/// Loads `bytes` as a file of that name.
fn load_bytes(name: &str, bytes: &[u8]) -> Result<Weights, WeightsError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    weights::load(&path)
}

/// Wherever a file is cut, something is missing that no zeros may stand for.
#[test]
fn every_cut_is_noticed() {
    for file in ["legacy.pth", "zip.pth"] {
        let whole = std::fs::read(golden(file)).unwrap();
        for length in 0..whole.len() {
            let loaded = load_bytes(file, &whole[..length]);
            assert!(matches!(loaded, Err(WeightsError::Damaged { .. })), "{file}, {length} bytes");
        }
    }
}

/// Whatever a byte is changed to, the file is read or refused.
#[test]
fn no_changed_byte_ends_the_program() {
    for file in ["legacy.pth", "protocol4_legacy.pth"] {
        let whole = std::fs::read(golden(file)).unwrap();
        for place in 0..whole.len() {
            for change in [0x01, 0x10, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[place] ^= change;
                if let Ok(loaded) = load_bytes(file, &bytes) {
                    let elements = |weight: &Weight| weight.shape.iter().product::<usize>();
                    assert!(loaded.values().all(|weight| elements(weight) == weight.values.len()));
                }
            }
        }
    }
}

/// The members of `zip.pth`, compressed, as `change` gives them from name (`data/0`) and bytes.
fn rezipped(change: impl Fn(&str, Vec<u8>) -> Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut archive = ZipArchive::new(std::fs::File::open(golden("zip.pth")).unwrap()).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let (_, name) = member.name().split_once('/').unwrap();
        let (name, mut bytes) = (name.to_owned(), Vec::new());
        member.read_to_end(&mut bytes).unwrap();
        for (name, bytes) in change(&name, bytes) {
            let options = SimpleFileOptions::default();
            let compressed = options.compression_method(CompressionMethod::Deflated);
            writer.start_file(name, compressed).unwrap();
            writer.write_all(&bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn the_folder_in_an_archive_may_have_any_name() {
    for folder in ["", "a model/of mine/"] {
        let bytes = rezipped(|name, bytes| vec![(format!("{folder}{name}"), bytes)]);
        assert_eq!(load_bytes("renamed.pth", &bytes).unwrap(), expected(), "{folder:?}");
    }
}

#[test]
fn storages_that_are_absent_or_of_another_length_are_refused() {
    let lengths: [fn(usize) -> Option<usize>; 4] =
        [|_| None, |_| Some(0), |length| Some(length - 1), |length| Some(length + 8)];
    for storage in ["data/0", "data/1", "data/2", "data/3"] {
        for (case, length) in lengths.iter().enumerate() {
            let bytes = rezipped(|name, mut bytes| {
                let length = if name == storage { length(bytes.len()) } else { Some(bytes.len()) };
                let member = length.map(|length| {
                    bytes.resize(length, 0);
                    (format!("archive/{name}"), bytes)
                });
                member.into_iter().collect()
            });
            let error = load_bytes("changed.pth", &bytes).unwrap_err();
            assert!(matches!(error, WeightsError::Damaged { .. }), "{storage}, {case}: {error}");
            assert!(error.to_string().contains("does not have its"), "{error}");
        }
    }
}

/// A flipped bit of a storage is caught by the archive's checksum.
#[test]
fn changed_elements_are_refused() {
    let mut bytes = std::fs::read(golden("zip.pth")).unwrap();
    let sixteenths = 1.375f32.to_le_bytes();
    let place = bytes.windows(4).position(|word| word == sixteenths).unwrap();
    bytes[place] ^= 1;
    let error = load_bytes("flipped.pth", &bytes).unwrap_err().to_string();
    assert!(error.contains("checksum"), "{error}");
}

#[test]
fn elements_of_a_big_endian_machine_are_turned() {
    let widths = [("data/0", 4), ("data/1", 2), ("data/2", 8), ("data/3", 8)];
    let bytes = rezipped(|name, mut bytes| {
        let width = widths.iter().find(|(storage, _)| *storage == name);
        if let Some((_, width)) = width {
            bytes.chunks_exact_mut(*width).for_each(<[u8]>::reverse);
        }
        let order = (name == "version").then(|| ("m/byteorder".to_owned(), b"big".to_vec()));
        std::iter::once((format!("m/{name}"), bytes)).chain(order).collect()
    });
    assert_eq!(load_bytes("big.pth", &bytes).unwrap(), expected());
}

#[test]
fn torchscript_and_other_archives_are_named() {
    let script = rezipped(|name, bytes| {
        let constants = (name == "version").then(|| ("m/constants.pkl".to_owned(), vec![]));
        std::iter::once((format!("m/{name}"), bytes)).chain(constants).collect()
    });
    let photos = rezipped(|name, bytes| vec![(name.replace("data.pkl", "a.jpg"), bytes)]);
    for (bytes, found) in [(script, "holds TorchScript"), (photos, "without data.pkl")] {
        let error = load_bytes("archive.pth", &bytes).unwrap_err().to_string();
        assert!(error.contains(found), "{error}");
    }
}

#[test]
fn names_of_wrapped_networks_are_those_of_the_network() {
    let bytes = 1f32.to_le_bytes();
    let view = || TensorView::new(Dtype::F32, vec![1], &bytes).unwrap();
    let load = |names: &[&str]| {
        let tensors = names.iter().map(|&name| (name, view()));
        load_bytes("wrapped.safetensors", &safetensors::serialize(tensors, None).unwrap())
    };
    let loaded = load(&["_orig_mod.module.conv1.weight", "_orig_mod.module.bn1.bias"]).unwrap();
    assert_eq!(loaded.into_keys().collect::<Vec<_>>(), ["bn1.bias", "conv1.weight"]);
    let error = load(&["module.fc.bias", "fc.bias"]).unwrap_err().to_string();
    assert!(error.contains("two tensors for fc.bias"), "{error}");
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
fn other_files_and_integers_are_refused() {
    for (name, bytes) in [
        ("page.pth", &b"<!DOCTYPE html><title>Not found</title>"[..]),
        ("empty.safetensors", &[]),
        ("no_tensors.safetensors", b"\x02\0\0\0\0\0\0\0{}"),
        ("cut.safetensors", &[9, 0, 0, 0, 0, 0, 0, 0, b'{']),
    ] {
        let error = load_bytes(name, bytes).unwrap_err();
        assert!(matches!(error, WeightsError::Damaged { .. }), "{name}: {error}");
    }
    let absent = weights::load(Path::new("none.pth"));
    assert!(matches!(absent, Err(WeightsError::Io { .. })));
    let view = TensorView::new(Dtype::I32, vec![1], &[0; 4]).unwrap();
    let integers = safetensors::serialize([("conv1.bias", view)], None).unwrap();
    let loaded = load_bytes("integers.safetensors", &integers);
    assert!(matches!(loaded, Err(WeightsError::Type { .. })));
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

    let mut diverged = whole.clone();
    diverged.get_mut("fc.bias").unwrap().values[7] = f32::NAN;
    let error = check(&diverged, Missing::Report).unwrap_err().to_string();
    assert!(error.contains("not finite: fc.bias;"), "{error}");

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
