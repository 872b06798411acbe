//! A model as text, for tests: a line a tensor and a node, without weights.

use tagsight_core::{Architecture, Artifact};

use super::build::model;
use super::proto::{
    ATTRIBUTE_INT, Attribute, FLOAT, Graph, INT8, INT32, Model, Node, Tensor, ValueInfo,
};

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
    let nodes = graph.nodes.iter().map(of_node);
    inputs.chain(outputs).chain(graph.initializers.iter().map(of_tensor)).chain(nodes)
}

fn of_value(value: &ValueInfo) -> String {
    let kind = value.kind.as_ref().and_then(|kind| kind.tensor.as_ref()).expect("a tensor");
    let shape = kind.shape.as_ref().expect("a shape").dims.iter();
    let shape: Vec<i64> = shape.map(|side| side.value.expect("a fixed side")).collect();
    format!("{}: {} {shape:?}", value.name, name_of(kind.element))
}

fn of_tensor(tensor: &Tensor) -> String {
    format!("tensor {}: {} {:?}", tensor.name, name_of(tensor.data_type), tensor.dims)
}

fn of_node(node: &Node) -> String {
    let attributes: String = node.attributes.iter().map(of_attribute).collect();
    let (inputs, outputs) = (node.inputs.join(", "), node.outputs.join(", "));
    format!("{} {}({inputs}) → {outputs}{attributes}", node.op_type, node.name)
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
        INT8 => "int8",
        INT32 => "int32",
        other => panic!("no element of this file: {other}"),
    }
}

/// ResNet-18 has pooling and residuals.
#[test]
fn snapshot_of_a_residual_network() {
    let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 3);
    insta::assert_snapshot!("resnet18", listing(&model(&artifact)));
}

/// And MobileNetV2 depthwise convolutions and asymmetric codes.
#[test]
fn snapshot_of_a_network_of_inverted_residuals() {
    let artifact = Artifact::synthetic(Architecture::MobileNetV2, 64, 3);
    insta::assert_snapshot!("mobilenet_v2", listing(&model(&artifact)));
}
