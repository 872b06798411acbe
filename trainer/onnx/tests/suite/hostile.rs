//! Bytes that nobody wrote.

use tagsight_core::Artifact;
use tagsight_core::artifact::WeightBits;
use tagsight_core::graph::{Builder, Graph, IMAGE, Padding, Window};
use tagsight_core::quant::Activation::{Asymmetric, Relu, Relu6};
use tagsight_core::{Goal, Preprocessing};
use tagsight_network::weights::fold_batch_norm;
use tagsight_network::{Spec, random_weights};
use tagsight_onnx::{Asked, Batch, OnnxError, Style, read, write_float, write_integers};

/// A network with one of each, so small that every byte of its files can be tried.
fn small() -> Graph {
    let three = |stride| Window::new(3, stride, Padding::even(1));
    let mut builder = Builder::new(32);
    let stem = builder.conv("conv1", IMAGE, 4, three(2), None, Relu);
    let pooled = builder.max_pool("pool", stem, three(2));
    let wide = builder.conv("conv2", pooled, 8, Window::pointwise(1), None, Relu6);
    let wide = builder.depthwise("conv3", wide, three(1), Relu6);
    let one = Window::pointwise(1);
    let narrow = builder.conv("conv4", wide, 4, one, Some(pooled), Asymmetric);
    let last = builder.conv("conv5", narrow, 4, one, None, Relu6);
    builder.finish("head", last, 2).unwrap()
}

fn labels() -> Vec<String> {
    ["apple", "pear"].map(String::from).into()
}

/// Its file of floats, and the one of integers.
fn files() -> [Vec<u8>; 2] {
    let (graph, preprocessing) = (small(), Preprocessing::imagenet(32));
    let weights = fold_batch_norm(&random_weights(&graph, 1), &graph);
    let spec = Spec {
        name: "small".into(),
        graph: graph.clone(),
        labels: labels(),
        task: Goal::SingleLabel,
        preprocessing: preprocessing.clone(),
    };
    let bits = WeightBits::Eight;
    let artifact = Artifact::synthetic_network("small", graph, labels(), preprocessing, bits, 2);
    let float = write_float(&spec, &weights, Batch::Dynamic);
    [float, write_integers(&artifact, Style::Qdq, Batch::Dynamic)]
}

/// A file's last bytes say what goes in and out, and how the operators are to be read.
#[test]
fn what_is_cut_is_refused() {
    let imported = read(&files()[0], &Asked::default()).unwrap();
    assert_eq!(imported.architecture, None);
    assert_eq!(imported.spec.graph, small());
    for file in files() {
        assert!(read(&file, &Asked::default()).is_ok());
        // Behind the graph there are the operators' version and the labels.
        let whole = file.len() - 40;
        for length in (0..whole).step_by(3) {
            assert!(read(&file[..length], &Asked::default()).is_err(), "{length} bytes");
        }
    }
    let page = b"<!DOCTYPE html><title>Not found</title>";
    let error = read(page, &Asked::default()).unwrap_err();
    assert!(matches!(error, OnnxError::Damaged(_)), "{error}");
}

/// Whatever a byte is changed to, the file is read or refused.
#[test]
fn no_changed_byte_ends_the_program() {
    for file in files() {
        for place in 0..file.len() {
            let mut bytes = file.clone();
            bytes[place] ^= [0x01, 0x80, 0x7f][place % 3];
            let _ = read(&bytes, &Asked::default());
        }
    }
}
