//! Tests: the ways in which other programs say a network.

use prost::Message;
use tagsight_core::graph::Node as Layer;
use tagsight_core::quant::Activation;

use super::{Asked, Form, Imported, read};
use crate::proto::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, Attribute, Dimension, EXTERNAL, FLOAT, Graph, INT8, INT32,
    INT64, Model, Node, Shape, Tensor, TensorType, Type, UINT8, ValueInfo,
};

/// A file on its way.
#[derive(Default)]
struct File(Graph);

impl File {
    fn new() -> Self {
        let mut file = Self::default();
        file.0.name = "small".to_owned();
        let size = |value| Dimension { value, name: None };
        let dims = [None, Some(3), Some(32), Some(32)].map(size).into();
        let tensor = TensorType { element: FLOAT, shape: Some(Shape { dims }) };
        let kind = Some(Type { tensor: Some(tensor) });
        file.0.inputs = vec![ValueInfo { name: "input".into(), kind }];
        file.0.outputs = vec![ValueInfo { name: "output".into(), kind: None }];
        file
    }

    fn floats(&mut self, name: &str, dims: &[i64], values: &[f32]) {
        let (dims, floats, name) = (dims.to_vec(), values.to_vec(), name.to_owned());
        self.0.initializers.push(Tensor {
            dims,
            data_type: FLOAT,
            floats,
            name,
            ..Tensor::default()
        });
    }

    fn integers(&mut self, name: &str, data_type: i32, dims: &[i64], int32s: &[i32]) {
        let (dims, int32s, name) = (dims.to_vec(), int32s.to_vec(), name.to_owned());
        self.0.initializers.push(Tensor { dims, data_type, int32s, name, ..Tensor::default() });
    }

    fn node(&mut self, op_type: &str, inputs: &[&str], output: &str, attributes: &[Attribute]) {
        self.0.nodes.push(Node {
            inputs: inputs.iter().map(|&input| input.to_owned()).collect(),
            outputs: vec![output.to_owned()],
            name: format!("/{output}/{op_type}"),
            op_type: op_type.to_owned(),
            attributes: attributes.to_vec(),
            domain: String::new(),
        });
    }

    fn read(&self) -> Result<Imported, super::OnnxError> {
        let model = Model { graph: Some(self.0.clone()), ..Model::default() };
        read(&model.encode_to_vec(), &Asked::default())
    }
}

fn ints(name: &str, values: &[i64]) -> Attribute {
    let ints = values.to_vec();
    Attribute { name: name.into(), ints, kind: ATTRIBUTE_INTS, ..Attribute::default() }
}

fn int(name: &str, value: i64) -> Attribute {
    Attribute { name: name.into(), int: value, kind: ATTRIBUTE_INT, ..Attribute::default() }
}

/// Weights that differ from one another.
fn ramp(count: usize) -> Vec<f32> {
    (0..count).map(|place| (place as f32 - count as f32 / 2.0) / 64.0).collect()
}

/// A stem with a batch norm, a block whose shortcut is a convolution, and a head of many nodes.
fn residual_network() -> File {
    let mut file = File::new();
    let pads = ints("pads", &[1, 1, 1, 1]);
    file.floats("stem.weight", &[4, 3, 3, 3], &ramp(108));
    for (field, values) in [
        ("weight", [1.0, 2.0, -1.0, 0.5]),
        ("bias", [0.0, 0.25, 0.5, -0.5]),
        ("mean", [0.5, 1.0, -1.0, 0.0]),
        ("var", [1.0, 3.0, 0.0, 8.0]),
    ] {
        file.floats(&format!("norm.{field}"), &[4], &values);
    }
    let epsilon = Attribute { name: "epsilon".into(), float: 1.0, ..Attribute::default() };
    file.node("Conv", &["input", "stem.weight"], "stem", &[pads.clone(), ints("strides", &[2, 2])]);
    let norm = ["stem", "norm.weight", "norm.bias", "norm.mean", "norm.var"];
    file.node("BatchNormalization", &norm, "normed", &[epsilon]);
    file.node("Relu", &["normed"], "rectified", &[]);
    let window = [ints("kernel_shape", &[3, 3]), ints("strides", &[2, 2]), pads.clone()];
    file.node("MaxPool", &["rectified"], "pooled", &window);
    file.floats("main.weight", &[4, 4, 3, 3], &ramp(144));
    file.floats("onnx::Conv_1", &[4, 4, 1, 1], &ramp(16));
    file.node("Conv", &["pooled", "onnx::Conv_1"], "short", &[]);
    file.node("Conv", &["pooled", "main.weight"], "main", &[pads]);
    file.node("Add", &["short", "main"], "added", &[]);
    file.node("Identity", &["added"], "same", &[]);
    file.node("Relu", &["same"], "features", &[]);
    let keep = [ints("axes", &[-1, -2]), int("keepdims", 1)];
    file.node("ReduceMean", &["features"], "mean", &keep);
    // `x.view(x.size(0), -1)`, as PyTorch writes it down.
    file.node("Shape", &["mean"], "sizes", &[]);
    let number = |name: &str, values: &[i64]| {
        let dims = vec![values.len() as i64];
        let int64s = values.to_vec();
        let tensor = Tensor { dims, data_type: INT64, int64s, ..Tensor::default() };
        let value =
            Attribute { name: "value".into(), tensor: Some(tensor), ..Attribute::default() };
        (name.to_owned(), value)
    };
    for (name, value) in [number("zero", &[0]), number("rest", &[-1])] {
        file.node("Constant", &[], &name, &[value]);
    }
    file.node("Gather", &["sizes", "zero"], "photos", &[]);
    file.node("Concat", &["photos", "rest"], "flat_sizes", &[int("axis", 0)]);
    file.node("Reshape", &["mean", "flat_sizes"], "flat", &[]);
    file.floats("head.weight", &[4, 2], &ramp(8));
    file.floats("head.bias", &[2], &[0.5, -0.5]);
    file.node("MatMul", &["flat", "head.weight"], "products", &[]);
    file.node("Add", &["head.bias", "products"], "output", &[]);
    file
}

#[test]
fn norms_fold_shortcuts_join_and_heads_of_many_nodes_are_one_layer() {
    let imported = residual_network().read().unwrap();
    assert_eq!((imported.architecture, imported.spec.name.as_str()), (None, "small"));
    assert_eq!(imported.spec.labels, ["0", "1"]);
    let graph = &imported.spec.graph;
    let names: Vec<&str> = graph.nodes().iter().map(Layer::name).collect();
    assert_eq!(names, ["stem", "/pooled/MaxPool", "/short/Conv", "main"]);
    let Layer::Conv(main) = &graph.nodes()[3] else { panic!("a convolution") };
    assert_eq!((main.input, main.residual), (2, Some(3)));
    let activations: Vec<Activation> = graph.convs().map(|conv| conv.activation).collect();
    assert_eq!(activations, [Activation::Relu, Activation::Linear, Activation::Relu]);
    assert_eq!(graph.shape(1).height, 16);

    // γ/√(σ² + 1) of each channel, and β less that times μ.
    let factors = [0.5f32.sqrt(), 1.0, -1.0, 0.5 / 3.0];
    let biases = [-0.5 * 0.5f32.sqrt(), 0.25 - 1.0, 0.5 - 1.0, -0.5];
    let expected = ramp(108).into_iter().enumerate().map(|(place, w)| w * factors[place / 27]);
    let near = |found: &[f32], expected: Vec<f32>| {
        assert_eq!(found.len(), expected.len());
        found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6)
    };
    assert!(near(&imported.weights["stem.weight"].values, expected.collect()));
    assert!(near(&imported.weights["stem.bias"].values, biases.into()));
    let head = ramp(8);
    let turned = [0, 2, 4, 6, 1, 3, 5, 7].map(|place| head[place]);
    assert_eq!(imported.weights["head.weight"].values, turned);
    assert_eq!(imported.weights["head.bias"].values, [0.5, -0.5]);
}

/// One convolution as onnxruntime's static quantiser leaves it: its ReLU is in the codes' range.
fn quantised_network(kind: i32, zero: i32, weight_zero: i32) -> File {
    let mut file = File::new();
    file.floats("x_scale", &[], &[0.02]);
    file.integers("x_zero", kind, &[], &[zero]);
    file.node("QuantizeLinear", &["input", "x_scale", "x_zero"], "x", &[]);
    file.node("DequantizeLinear", &["x", "x_scale", "x_zero"], "x_real", &[]);
    file.layer("stem", 3, "x_real", 0.02, weight_zero);
    file.floats("y_scale", &[], &[0.04]);
    file.integers("y_zero", kind, &[], &[zero]);
    file.node("QuantizeLinear", &["stem", "y_scale", "y_zero"], "y", &[]);
    file.node("DequantizeLinear", &["y", "y_scale", "y_zero"], "y_real", &[]);
    file.layer("next", 4, "y_real", 0.04, weight_zero);
    file.node("QuantizeLinear", &["next", "y_scale", "y_zero"], "z", &[]);
    file.node("DequantizeLinear", &["z", "y_scale", "y_zero"], "z_real", &[]);
    file.node("GlobalAveragePool", &["z_real"], "mean", &[]);
    file.node("Flatten", &["mean"], "flat", &[]);
    file.floats("head.weight", &[2, 4], &ramp(8));
    file.node("Gemm", &["flat", "head.weight"], "output", &[int("transB", 1)]);
    file
}

impl File {
    /// A pointwise convolution to four channels whose codes are −6 to 5, and so on, with a bias of 10, 11 …
    fn layer(&mut self, name: &str, inputs: usize, input: &str, input_scale: f32, zero: i32) {
        let codes: Vec<i32> = (0..4 * inputs).map(|place| place as i32 * 9 - 54 + zero).collect();
        let kind = if zero == 0 { INT8 } else { UINT8 };
        let field = |what: &str| format!("{name}.{what}");
        let [weight, scale, zeros, real] =
            ["weight_quantized", "scale", "zero", "weight_real"].map(field);
        let [bias, bias_scale, bias_zeros, bias_real] =
            ["bias", "bias_scale", "bias_zero", "bias_real"].map(field);
        let scales = [0.01, 0.02, 0.03, 0.04];
        self.integers(&weight, kind, &[4, inputs as i64, 1, 1], &codes);
        self.floats(&scale, &[4], &scales);
        self.integers(&zeros, kind, &[4], &[zero; 4]);
        let axis = [int("axis", 0)];
        self.node("DequantizeLinear", &[&weight, &scale, &zeros], &real, &axis);
        self.integers(&bias, INT32, &[4], &[10, 11, -12, 13]);
        self.floats(&bias_scale, &[4], &scales.map(|scale| scale * input_scale));
        self.integers(&bias_zeros, INT32, &[4], &[0; 4]);
        self.node("DequantizeLinear", &[&bias, &bias_scale, &bias_zeros], &bias_real, &axis);
        self.node("Conv", &[input, &real, &bias_real], name, &[]);
    }
}

#[test]
fn codes_of_weights_stay_and_ranges_become_7_bits() {
    // Unsigned and signed codes of the same range, and weights whose zero point is in the middle.
    for (kind, zero, weight_zero) in [(UINT8, 0, 0), (INT8, -128, 0), (UINT8, 0, 128)] {
        let imported = quantised_network(kind, zero, weight_zero).read().unwrap();
        let Form::Integers(artifact) = &imported.form else { panic!("integers") };
        assert!(artifact.graph.convs().all(|conv| conv.activation == Activation::Relu));
        let next = artifact.conv("next").unwrap();
        let codes: Vec<i8> = (0..16).map(|place| place * 9 - 54).collect();
        assert_eq!(next.weight, codes);
        assert_eq!(next.weight_scale, [0.01, 0.02, 0.03, 0.04]);
        let scale = 0.04 * (255.0 / 127.0);
        assert_eq!(next.output_scale, scale);
        // The same values in units of a sum whose inputs are worth more.
        let units = |units: i32| (f64::from(units) * 127.0 / 255.0).round() as i32;
        assert_eq!(next.bias, [10, 11, -12, 13].map(units));
        // The first layer takes pixels: each channel's weights are divided by its deviation.
        let stem = artifact.conv("stem").unwrap();
        let largest = (0.54f32 / 0.229).max(0.45 / 0.224).max(0.36 / 0.225);
        assert_eq!(stem.weight[0], -127);
        assert!((stem.weight_scale[0] * 127.0 - largest).abs() < 1e-6);
    }
}

#[test]
fn a_sign_without_codes_of_its_own_is_centred() {
    // From −64 to 191: the longer side decides.
    let imported = quantised_network(UINT8, 64, 0).read();
    let error = imported.unwrap_err().to_string();
    assert!(error.contains("\"head.weight\"") || error.contains("classifies"), "{error}");
}

#[test]
fn layers_without_codes_are_named_and_come_as_floats() {
    let mut file = quantised_network(UINT8, 0, 0);
    for node in &mut file.0.nodes {
        let input = &mut node.inputs[0];
        if input == "z_real" {
            *input = "next_rectified".to_owned();
        }
    }
    let place = file.0.nodes.iter().position(|node| node.outputs == ["z"]).unwrap();
    file.0.nodes.drain(place..place + 2);
    let mut relu = File::default();
    relu.node("Relu", &["next"], "next_rectified", &[]);
    file.0.nodes.insert(place, relu.0.nodes.remove(0));
    let imported = file.read().unwrap();
    let Form::Partly(bare) = imported.form else { panic!("partly quantised") };
    assert_eq!(bare, ["/next/Conv"]);
    assert_eq!(imported.weights["next.weight"].values[0], -54.0 * 0.01);
}

#[test]
fn all_that_is_not_supported_is_said_at_once() {
    let mut file = residual_network();
    file.0.nodes[2].op_type = "Sigmoid".to_owned();
    file.0.nodes[5].attributes.push(ints("dilations", &[2, 2]));
    file.0.initializers[0].data_location = EXTERNAL;
    let error = file.read().unwrap_err().to_string();
    for expected in [
        "Sigmoid \"/rectified/Relu\"",
        "Conv \"/main/Conv\": it is dilated",
        "tensor stem.weight: its data are in another file",
    ] {
        assert!(error.contains(expected), "{expected} is not in {error}");
    }
}

#[test]
fn what_cannot_be_fused_is_named() {
    let mut file = residual_network();
    // Something reads the sum before it is rectified.
    file.0.nodes[9].inputs[0] = "added".to_owned();
    let place = file.0.nodes.iter().position(|node| node.outputs == ["mean"]).unwrap();
    let mut more = File::default();
    more.node("Add", &["features", "added"], "again", &[]);
    file.0.nodes.insert(place, more.0.nodes.remove(0));
    file.0.nodes[place + 1].inputs[0] = "again".to_owned();
    let error = file.read().unwrap_err().to_string();
    assert!(error.contains("neither of what it adds is a convolution of its own"), "{error}");
}

#[test]
fn sizes_that_lie_are_refused() {
    let changes: [fn(&mut Tensor); 4] = [
        |tensor| tensor.dims = vec![i64::MAX, i64::MAX],
        |tensor| tensor.dims = vec![-4, 3, 3, 3],
        |tensor| tensor.dims = vec![5, 3, 3, 3],
        |tensor| tensor.dims = vec![],
    ];
    for (case, change) in changes.into_iter().enumerate() {
        let mut file = residual_network();
        change(&mut file.0.initializers[0]);
        assert!(file.read().is_err(), "case {case}");
    }
}
