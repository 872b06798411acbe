//! A model as text, for tests: a line a tensor and a node, without weights.

use std::num::NonZeroUsize;

use prost::Message;
use tagsight_core::{Architecture, Artifact, Goal};
use tagsight_network::{Spec, random_weights};

use super::file::Batch;
use super::{float, qdq, qoperator};
use crate::proto::{
    ATTRIBUTE_INT, Attribute, Dimension, FLOAT, Graph, INT8, INT32, Model, Node, Tensor, UINT8,
    ValueInfo,
};

const ONE: Batch = Batch::Fixed(NonZeroUsize::MIN);

/// What is in the file, but for its weights.
fn listing(model: &Model) -> String {
    let graph = model.graph.as_ref().expect("a graph");
    let versions = model.opset_import.iter().map(|set| format!("{:?} {}", set.domain, set.version));
    let mut lines = vec![
        format!("ir {}, operators {}", model.ir_version, versions.collect::<Vec<_>>().join(", ")),
        format!("producer {}, graph {}", model.producer_name, graph.name),
    ];
    lines.extend(
        model
            .metadata
            .iter()
            .map(|entry| format!("metadata {}: {} lines", entry.key, entry.value.lines().count())),
    );
    lines.extend(of_graph(graph));
    lines.join("\n")
}

fn of_graph(graph: &Graph) -> impl Iterator<Item = String> {
    let inputs = graph.inputs.iter().map(|value| format!("input {}", of_value(value)));
    let outputs = graph.outputs.iter().map(|value| format!("output {}", of_value(value)));
    let nodes = graph.nodes.iter().map(|node| {
        let kind = graph.values.iter().chain(&graph.outputs);
        let kind = kind.filter(|value| node.outputs == [value.name.as_str()]).map(of_kind);
        of_node(node, &kind.collect::<String>())
    });
    inputs.chain(outputs).chain(graph.initializers.iter().map(of_tensor)).chain(nodes)
}

fn of_value(value: &ValueInfo) -> String {
    format!("{}: {}", value.name, of_kind(value))
}

fn of_kind(value: &ValueInfo) -> String {
    let kind = value.kind.as_ref().and_then(|kind| kind.tensor.as_ref()).expect("a tensor");
    let sizes = kind.shape.as_ref().expect("a shape").dims.iter().map(of_size);
    format!("{} [{}]", name_of(kind.element), sizes.collect::<Vec<_>>().join(", "))
}

fn of_size(size: &Dimension) -> String {
    let name = || size.name.clone().expect("a size or a name");
    size.value.map_or_else(name, |value| value.to_string())
}

fn of_tensor(tensor: &Tensor) -> String {
    format!("tensor {}: {} {:?}", tensor.name, name_of(tensor.data_type), tensor.dims)
}

fn of_node(node: &Node, kind: &str) -> String {
    let attributes: String = node.attributes.iter().map(of_attribute).collect();
    let (inputs, outputs) = (node.inputs.join(", "), node.outputs.join(", "));
    format!("{}({inputs}) → {outputs}: {kind}{attributes}", node.op_type)
}

fn of_attribute(attribute: &Attribute) -> String {
    let value = match attribute.kind {
        ATTRIBUTE_INT => attribute.int.to_string(),
        _ => format!("{:?}", attribute.ints),
    };
    format!(" {}={value}", attribute.name)
}

fn name_of(element: i32) -> &'static str {
    match element {
        FLOAT => "float",
        UINT8 => "uint8",
        INT8 => "int8",
        INT32 => "int32",
        other => panic!("no element of these files: {other}"),
    }
}

fn float_network(architecture: Architecture, batch: Batch) -> Model {
    let labels = ["apple", "pear", "plum"].map(String::from).into();
    let spec = Spec::new(architecture, labels, Goal::SingleLabel, architecture.preprocessing(64));
    float::model(&spec, &random_weights(&spec.graph, 3), batch)
}

/// All kinds of files of a network.
fn files(architecture: Architecture) -> [Model; 4] {
    let artifact = Artifact::synthetic(architecture, 64, 3);
    [
        float_network(architecture, Batch::Dynamic),
        qdq::model(&artifact, Batch::Dynamic, qdq::Reader::Any),
        qdq::model(&artifact, Batch::Dynamic, qdq::Reader::TensorRt),
        qoperator::model(&artifact, Batch::Dynamic),
    ]
}

/// ResNet-18 has pooling and residuals.
#[test]
fn snapshots_of_a_residual_network() {
    let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 3);
    let qdq = qdq::model(&artifact, ONE, qdq::Reader::Any);
    insta::assert_snapshot!("resnet18_qdq", listing(&qdq));
    let qoperator = qoperator::model(&artifact, Batch::Dynamic);
    insta::assert_snapshot!("resnet18_qoperator", listing(&qoperator));
}

/// And MobileNetV2 depthwise convolutions and asymmetric codes.
#[test]
fn snapshots_of_a_network_of_inverted_residuals() {
    let artifact = Artifact::synthetic(Architecture::MobileNetV2, 64, 3);
    let tensorrt = qdq::model(&artifact, Batch::Dynamic, qdq::Reader::TensorRt);
    insta::assert_snapshot!("mobilenet_v2_tensorrt", listing(&tensorrt));
    let float = float_network(Architecture::MobileNetV2, ONE);
    insta::assert_snapshot!("mobilenet_v2_float", listing(&float));
}

#[test]
fn every_input_is_made_before_it_is_read_and_the_file_reads_back() {
    for architecture in [Architecture::ResNet50, Architecture::MobileNetV2] {
        for model in files(architecture) {
            assert_well_formed(&model);
        }
    }
}

fn assert_well_formed(model: &Model) {
    let graph = model.graph.as_ref().unwrap();
    let mut known: Vec<&str> = graph.initializers.iter().map(|t| t.name.as_str()).collect();
    known.push("pixels");
    for node in &graph.nodes {
        for input in &node.inputs {
            assert!(known.contains(&input.as_str()), "{input} of {}", node.name);
        }
        known.extend(node.outputs.iter().map(String::as_str));
    }
    assert_eq!(known.last(), Some(&"logits"));
    let mut unique = known.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), known.len(), "names are unique");
    assert_eq!(graph.values.len() + 1, graph.nodes.len(), "each has a shape");
    assert_eq!(Model::decode(&model.encode_to_vec()[..]).unwrap(), *model);
}

/// TensorRT takes no other zero points, and only floats as biases.
#[test]
fn pairs_have_zero_points_of_zero() {
    for architecture in [Architecture::ResNet50, Architecture::EfficientNetLite0] {
        let [_, qdq, tensorrt, qoperator] = files(architecture).map(|model| model.graph.unwrap());
        let is_zero = |tensor: &&Tensor| tensor.raw_data.iter().all(|&byte| byte == 0);
        let zero_points = |graph: &Graph| -> Vec<Tensor> {
            let tensors = graph.initializers.iter();
            tensors.filter(|tensor| tensor.name.contains("zero_point")).cloned().collect()
        };
        for graph in [&qdq, &tensorrt] {
            assert!(zero_points(graph).iter().all(|tensor| is_zero(&tensor)));
        }
        assert!(!zero_points(&qoperator).iter().all(|tensor| is_zero(&tensor)), "a control");
        let has = |graph: &Graph, element| {
            graph.initializers.iter().any(|tensor| tensor.data_type == element)
        };
        assert!(has(&qdq, INT32) && !has(&tensorrt, INT32));
    }
}

/// Field 8 of an attribute and field 1 of a tensor, each element with a tag of its own.
#[test]
fn lists_are_packed_only_where_onnx_packs_them() {
    let attribute = Attribute { ints: vec![5, 6], ..Attribute::default() };
    assert_eq!(attribute.encode_to_vec(), [8 << 3, 5, 8 << 3, 6]);
    let tensor = Tensor { dims: vec![2, 3], ..Tensor::default() };
    assert_eq!(tensor.encode_to_vec(), [1 << 3, 2, 1 << 3, 3]);
}
