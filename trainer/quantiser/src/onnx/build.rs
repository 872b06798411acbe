//! The nodes and tensors of an artifact's network.

use tagsight_core::Artifact;
use tagsight_core::artifact::QuantConv;
use tagsight_core::graph::{
    Conv, Graph, Groups, Head, IMAGE, Interpreter, MaxPool, TensorId, Window,
};
use tagsight_core::quant::{self, Activation, PIXEL_SCALE};
use tagsight_network::transposed;

use super::proto::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, Attribute, Dimension, FLOAT, Graph as GraphProto, INT8, INT32,
    Model, Node, OperatorSet, Shape, StringEntry, Tensor, TensorType, Type, ValueInfo,
};

const IR_VERSION: i64 = 8;
const OPSET: i64 = 13;

/// The whole file.
pub(super) fn model(artifact: &Artifact) -> Model {
    let graph = &artifact.graph;
    let side = artifact.metadata.preprocessing.side as i64;
    let mut builder = Builder::new(artifact);
    builder.image();
    graph.interpret((), &mut builder);
    builder.head();
    let labels = StringEntry { key: "labels".into(), value: artifact.metadata.labels.join("\n") };
    Model {
        ir_version: IR_VERSION,
        producer_name: "tagsight".into(),
        graph: Some(GraphProto {
            nodes: builder.nodes,
            name: artifact.metadata.architecture.clone(),
            initializers: builder.initializers,
            inputs: vec![value_info("pixels", &[1, 3, side, side])],
            outputs: vec![value_info("logits", &[1, graph.head().classes as i64])],
        }),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPSET }],
        metadata: vec![labels],
    }
}

struct Builder<'a> {
    artifact: &'a Artifact,
    graph: &'a Graph,
    scales: Vec<f32>,
    nodes: Vec<Node>,
    initializers: Vec<Tensor>,
}

/// Name of a tensor's codes.
fn codes(tensor: TensorId) -> String {
    format!("codes_{tensor}")
}

impl<'a> Builder<'a> {
    fn new(artifact: &'a Artifact) -> Self {
        let (graph, scales) = (&artifact.graph, artifact.scales());
        let mut builder =
            Self { artifact, graph, scales, nodes: Vec::new(), initializers: Vec::new() };
        for tensor in 0..graph.tensors() {
            builder.floats(&format!("scale_{tensor}"), &[], &[builder.scales[tensor]]);
            let zero_point = graph.zero_point(tensor) as u8;
            builder.tensor(&format!("zero_point_{tensor}"), INT8, &[], vec![zero_point]);
        }
        builder
    }

    /// `pixels` less the mean pixel, as codes.
    fn image(&mut self) {
        let mean = self.mean_codes().map(|code| code as f32 * PIXEL_SCALE);
        self.floats("mean", &[1, 3, 1, 1], &mean);
        self.node("Sub", "centre", ["pixels", "mean"], "centred", vec![]);
        self.quantise("centred", IMAGE);
    }

    fn mean_codes(&self) -> [i32; 3] {
        self.artifact.metadata.preprocessing.quantised_mean().map(i32::from)
    }

    /// Clips to the smallest of the codes, which is above int8's.
    fn clip_below(&mut self, conv: &Conv, sum: &str) -> String {
        let (least, value) = (format!("{}.least", conv.name), format!("{}.clip", conv.name));
        let code = conv.activation.quant_min() as f32;
        self.floats(&least, &[], &[code * self.scales[conv.output]]);
        self.node("Clip", &value, [sum, &least], &value, vec![]);
        value
    }

    /// Adds the residual's codes, each worth `R` units of the sum.
    fn add_residual(
        &mut self,
        conv: &Conv,
        layer: &QuantConv,
        residual: TensorId,
        sum: &str,
    ) -> String {
        let (input, residual_scale) = (self.scales[conv.input], self.scales[residual]);
        let worth = |&weight: &f32| {
            let multiplier = quant::residual_multiplier(residual_scale, input, weight);
            let multiplier = multiplier.expect("validated when read");
            (f64::from(multiplier) * f64::from(input) * f64::from(weight)) as f32
        };
        let worth: Vec<f32> = layer.weight_scale.iter().map(worth).collect();
        let name = &conv.name;
        let scale = format!("{name}.residual_scale");
        self.floats(&scale, &[worth.len()], &worth);
        let (value, total) = (format!("{name}.residual"), format!("{name}.total"));
        let zero_point = self.graph.zero_point(residual) as u8;
        self.dequantise_channels(&codes(residual), &scale, zero_point, INT8, 1, &value);
        self.node("Add", &total, [sum, &value], &total, vec![]);
        total
    }

    fn conv_weight(&mut self, conv: &Conv, layer: &QuantConv) -> String {
        let kernel = conv.window.kernel;
        let shape = [layer.bias.len(), self.graph.inputs_per_output(conv), kernel, kernel];
        let weight = transposed(&layer.weight, kernel * kernel, shape[1]);
        let bytes = weight.into_iter().map(|code| code as u8).collect();
        self.weight(&conv.name, &shape, bytes, &layer.weight_scale)
    }

    /// The bias in units of the sum; the stem's makes up for the subtracted mean.
    fn conv_bias(&mut self, conv: &Conv, layer: &QuantConv) -> String {
        let mut bias = layer.bias.clone();
        if conv.input == IMAGE {
            let taps = layer.weight.len() / bias.len();
            for (bias, kernel) in bias.iter_mut().zip(layer.weight.chunks_exact(taps)) {
                let pixels = kernel.chunks_exact(3);
                let shifts = pixels.flat_map(|pixel| pixel.iter().zip(self.mean_codes()));
                *bias += shifts.map(|(&weight, code)| i32::from(weight) * code).sum::<i32>();
            }
        }
        self.bias(&conv.name, &bias, &layer.weight_scale, self.scales[conv.input])
    }

    /// The classifier, behind all nodes.
    fn head(&mut self) {
        let (head, shape) = (&self.artifact.head, self.graph.features());
        let &Head { ref name, input, .. } = self.graph.head();
        let value = self.dequantise(input, name);
        self.node("GlobalAveragePool", "average", [&value], "averaged", vec![]);
        self.node("Flatten", "flatten", ["averaged"], "features", vec![]);
        let weight_shape = [head.bias.len(), shape.channels];
        let bytes = head.weight.iter().map(|&code| code as u8).collect();
        let weight = self.weight(name, &weight_shape, bytes, &head.weight_scale);
        let sum_scale = self.scales[input] / (shape.height * shape.width) as f32;
        let bias = self.bias(name, &head.bias, &head.weight_scale, sum_scale);
        let transpose = vec![int("transB", 1)];
        self.node("Gemm", name, ["features", &weight, &bias], "logits", transpose);
    }

    /// Weights' codes, dequantised per output channel; returns the values' name.
    fn weight(&mut self, layer: &str, shape: &[usize], bytes: Vec<u8>, scale: &[f32]) -> String {
        let (stored, scales) = (format!("{layer}.weight"), format!("{layer}.weight_scale"));
        self.tensor(&stored, INT8, shape, bytes);
        self.floats(&scales, &[scale.len()], scale);
        let value = format!("{layer}.weight_value");
        self.dequantise_channels(&stored, &scales, 0, INT8, 0, &value);
        value
    }

    /// A bias in units of the sum, dequantised; returns the values' name.
    fn bias(&mut self, layer: &str, bias: &[i32], weight_scale: &[f32], input: f32) -> String {
        let (stored, scales) = (format!("{layer}.bias"), format!("{layer}.bias_scale"));
        let bytes = bias.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.tensor(&stored, INT32, &[bias.len()], bytes);
        let scale: Vec<f32> = weight_scale.iter().map(|scale| scale * input).collect();
        self.floats(&scales, &[scale.len()], &scale);
        let value = format!("{layer}.bias_value");
        self.dequantise_channels(&stored, &scales, 0, INT32, 0, &value);
        value
    }

    fn quantise(&mut self, value: &str, tensor: TensorId) {
        let (scale, zero_point) = (format!("scale_{tensor}"), format!("zero_point_{tensor}"));
        let output = codes(tensor);
        self.node("QuantizeLinear", &output, [value, &scale, &zero_point], &output, vec![]);
    }

    /// The values of a tensor, for one reader: a pair of each is what optimisers look for.
    fn dequantise(&mut self, tensor: TensorId, reader: &str) -> String {
        let (scale, zero_point) = (format!("scale_{tensor}"), format!("zero_point_{tensor}"));
        let (stored, output) = (codes(tensor), format!("{reader}.input"));
        self.node("DequantizeLinear", &output, [&stored, &scale, &zero_point], &output, vec![]);
        output
    }

    fn dequantise_channels(
        &mut self,
        stored: &str,
        scales: &str,
        zero_point: u8,
        data_type: i32,
        axis: i64,
        output: &str,
    ) {
        let channels = self.initializers.iter().find(|tensor| tensor.name == scales);
        let channels = channels.expect("scales come before").dims[0] as usize;
        let zeros = format!("{output}.zero_points");
        let bytes = channels * if data_type == INT32 { 4 } else { 1 };
        self.tensor(&zeros, data_type, &[channels], vec![zero_point; bytes]);
        let attributes = vec![int("axis", axis)];
        self.node("DequantizeLinear", output, [stored, scales, &zeros], output, attributes);
    }

    fn node<const N: usize>(
        &mut self,
        op_type: &str,
        name: &str,
        inputs: [&str; N],
        output: &str,
        attributes: Vec<Attribute>,
    ) {
        self.nodes.push(Node {
            inputs: inputs.map(str::to_owned).into(),
            outputs: vec![output.to_owned()],
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            attributes,
        });
    }

    fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.tensor(name, FLOAT, shape, bytes);
    }

    fn tensor(&mut self, name: &str, data_type: i32, shape: &[usize], raw_data: Vec<u8>) {
        let dims = shape.iter().map(|&size| size as i64).collect();
        self.initializers.push(Tensor { dims, data_type, name: name.to_owned(), raw_data });
    }
}

/// Tensors are known by their numbers.
impl Interpreter for Builder<'_> {
    type Value = ();

    fn conv(&mut self, conv: &Conv, (): &(), _: Option<&()>) {
        let layer = &self.artifact.convs[conv];
        let name = &conv.name;
        let input = self.dequantise(conv.input, name);
        let weight = self.conv_weight(conv, layer);
        let bias = self.conv_bias(conv, layer);
        let sum = format!("{name}.sum");
        let mut attributes = window_attributes(conv.window);
        if conv.groups == Groups::Depthwise {
            attributes.push(int("group", self.graph.shape(conv.input).channels as i64));
        }
        self.node("Conv", name, [&input, &weight, &bias], &sum, attributes);
        let sum = match conv.residual {
            None => sum,
            Some(residual) => self.add_residual(conv, layer, residual, &sum),
        };
        let value = match conv.activation {
            Activation::Linear => sum,
            Activation::Asymmetric => self.clip_below(conv, &sum),
            // A range of at most 6 clamps when it is quantised.
            Activation::Relu | Activation::Relu6 => {
                let value = format!("{name}.relu");
                self.node("Relu", &value, [&sum], &value, vec![]);
                value
            }
        };
        self.quantise(&value, conv.output);
    }

    fn max_pool(&mut self, pool: &MaxPool, (): &()) {
        let name = &pool.name;
        let (value, pooled) = (self.dequantise(pool.input, name), format!("{name}.pooled"));
        self.node("MaxPool", name, [&value], &pooled, window_attributes(pool.window));
        self.quantise(&pooled, pool.output);
    }
}

/// `[out, kh, kw, in]` to `[out, in, kh, kw]`.
fn window_attributes(window: Window) -> Vec<Attribute> {
    let Window { kernel, stride, padding, .. } = window;
    vec![
        ints("kernel_shape", &[kernel; 2]),
        ints("strides", &[stride; 2]),
        ints("pads", &[padding.before, padding.before, padding.after, padding.after]),
    ]
}

fn int(name: &str, value: i64) -> Attribute {
    Attribute { name: name.to_owned(), int: value, ints: vec![], kind: ATTRIBUTE_INT }
}

fn ints(name: &str, values: &[usize]) -> Attribute {
    let ints = values.iter().map(|&value| value as i64).collect();
    Attribute { name: name.to_owned(), int: 0, ints, kind: ATTRIBUTE_INTS }
}

fn value_info(name: &str, shape: &[i64]) -> ValueInfo {
    let dims = shape.iter().map(|&value| Dimension { value: Some(value) }).collect();
    let tensor = TensorType { element: FLOAT, shape: Some(Shape { dims }) };
    ValueInfo { name: name.to_owned(), kind: Some(Type { tensor: Some(tensor) }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;
    use tagsight_core::Architecture;

    #[test]
    fn every_input_is_made_before_it_is_read_and_the_file_reads_back() {
        for architecture in Architecture::ALL {
            assert_well_formed(&Artifact::synthetic(architecture, 64, 3));
        }
    }

    fn assert_well_formed(artifact: &Artifact) {
        let model = model(artifact);
        let graph = model.graph.as_ref().unwrap();
        let mut known: Vec<&str> = graph.initializers.iter().map(|t| t.name.as_str()).collect();
        known.push("pixels");
        for node in &graph.nodes {
            for input in &node.inputs {
                assert!(known.contains(&input.as_str()), "{input} of {}", node.name);
            }
            known.extend(node.outputs.iter().map(String::as_str));
        }
        assert!(known.contains(&"logits"));
        let mut unique = known.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), known.len(), "names are unique");
        assert_eq!(Model::decode(&model.encode_to_vec()[..]).unwrap(), model);
    }
}
