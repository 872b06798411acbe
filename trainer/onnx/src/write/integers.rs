//! What files of an artifact's integers have in common: the image, weights, biases and the head.

use tagsight_core::Artifact;
use tagsight_core::artifact::QuantConv;
use tagsight_core::graph::{Conv, Graph, Groups, Head, IMAGE, Shape, TensorId};
use tagsight_core::quant::PIXEL_SCALE;
use tagsight_network::transposed;

use super::file::{Batch, File, Kind, LOGITS, PIXELS, int, window};
use crate::proto::{Attribute, FLOAT, INT8, Model};

/// How a layer's bias is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Biases {
    /// As integers in units of the sum, dequantised.
    Integers,
    /// As the floats that those are.
    Floats,
}

/// A file of an artifact on its way.
pub(super) struct Integers<'a> {
    pub(super) artifact: &'a Artifact,
    pub(super) graph: &'a Graph,
    /// Of each tensor's codes.
    pub(super) scales: Vec<f32>,
    pub(super) file: File,
}

/// Name of a tensor's codes.
pub(super) fn codes(tensor: TensorId) -> String {
    format!("codes_{tensor}")
}

/// Names of a tensor's scale and of its zero point.
pub(super) fn scale_and_zero(tensor: TensorId) -> [String; 2] {
    [format!("scale_{tensor}"), format!("zero_point_{tensor}")]
}

impl<'a> Integers<'a> {
    /// A file of these tensors, each with the zero point of that element type.
    pub(super) fn new(
        artifact: &'a Artifact,
        batch: Batch,
        element: i32,
        zero_point: impl Fn(TensorId) -> u8,
    ) -> Self {
        let (graph, scales) = (&artifact.graph, artifact.scales());
        let mut file = File::new(batch);
        for (tensor, &value) in scales.iter().enumerate() {
            let [scale, zero] = scale_and_zero(tensor);
            file.floats(&scale, &[], &[value]);
            file.constant(&zero, element, &[], vec![zero_point(tensor)]);
        }
        Self { artifact, graph, scales, file }
    }

    /// The whole, once the head is written.
    pub(super) fn finish(self) -> Model {
        let metadata = &self.artifact.metadata;
        self.file.finish(&metadata.architecture, &metadata.preprocessing, &metadata.labels)
    }

    /// Type and shape of a tensor.
    pub(super) fn kind(&self, element: i32, tensor: TensorId) -> Kind {
        Kind::planes(element, self.graph.shape(tensor))
    }

    /// `pixels` less the mean pixel, as codes of that type: what pads them is 0 then.
    pub(super) fn image(&mut self, element: i32) {
        let mean = self.mean_codes().map(|code| code as f32 * PIXEL_SCALE);
        let kind = self.kind(FLOAT, IMAGE);
        self.file.floats("mean", &[1, 3, 1, 1], &mean);
        self.file.node("Sub", [PIXELS, "mean"], "centred", &kind, vec![]);
        self.quantise("centred", IMAGE, element);
    }

    /// Codes of the mean pixel.
    pub(super) fn mean_codes(&self) -> [i32; 3] {
        self.artifact.metadata.preprocessing.quantised_mean().map(i32::from)
    }

    /// Rounds a value to a tensor's codes.
    pub(super) fn quantise(&mut self, value: &str, tensor: TensorId, element: i32) {
        let ([scale, zero], kind) = (scale_and_zero(tensor), self.kind(element, tensor));
        let inputs = [value, &scale, &zero];
        self.file.node("QuantizeLinear", inputs, &codes(tensor), &kind, vec![]);
    }

    /// The values of a tensor, for one reader: a pair of each is what optimisers look for.
    pub(super) fn dequantise(&mut self, tensor: TensorId, reader: &str) -> String {
        let ([scale, zero], kind) = (scale_and_zero(tensor), self.kind(FLOAT, tensor));
        let (stored, output) = (codes(tensor), format!("{reader}.input"));
        self.file.node("DequantizeLinear", [&stored, &scale, &zero], &output, &kind, vec![]);
        output
    }

    /// Adds the codes of a convolution's weights, their scales, and as many zeros; returns the names.
    pub(super) fn conv_weight(&mut self, conv: &Conv) -> [String; 3] {
        let (layer, sizes) = (&self.artifact.convs[conv], self.kernel_sizes(conv));
        let weight = transposed(&layer.weight, sizes[2] * sizes[3], sizes[1]);
        self.weight(&conv.name, &sizes, &weight, &layer.weight_scale)
    }

    /// `[out, in, kh, kw]`.
    pub(super) fn kernel_sizes(&self, conv: &Conv) -> [usize; 4] {
        let kernel = conv.window.kernel;
        [conv.channels, self.graph.inputs_per_output(conv), kernel, kernel]
    }

    fn weight(
        &mut self,
        layer: &str,
        sizes: &[usize],
        codes: &[i8],
        scales: &[f32],
    ) -> [String; 3] {
        let names = ["weight", "weight_scale", "weight_zero_point"];
        let names = names.map(|field| format!("{layer}.{field}"));
        let bytes = codes.iter().map(|&code| code as u8).collect();
        self.file.constant(&names[0], INT8, sizes, bytes);
        self.file.floats(&names[1], &[scales.len()], scales);
        self.file.constant(&names[2], INT8, &[scales.len()], vec![0; scales.len()]);
        names
    }

    /// A convolution's bias in units of the sum; the stem's makes up for the subtracted mean.
    pub(super) fn conv_bias(&self, conv: &Conv) -> Vec<i32> {
        let QuantConv { weight, bias, .. } = &self.artifact.convs[conv];
        let mut bias = bias.clone();
        if conv.input == IMAGE {
            let taps = weight.len() / bias.len();
            for (bias, kernel) in bias.iter_mut().zip(weight.chunks_exact(taps)) {
                let pixels = kernel.chunks_exact(3);
                let shifts = pixels.flat_map(|pixel| pixel.iter().zip(self.mean_codes()));
                *bias += shifts.map(|(&weight, code)| i32::from(weight) * code).sum::<i32>();
            }
        }
        bias
    }

    /// Window and groups.
    pub(super) fn conv_attributes(&self, conv: &Conv) -> Vec<Attribute> {
        let mut attributes = window(conv.window);
        if conv.groups == Groups::Depthwise {
            attributes.push(int("group", conv.channels as i64));
        }
        attributes
    }

    /// Weights dequantised per output channel; returns the values' name.
    pub(super) fn weight_values(&mut self, stored: &[String; 3], sizes: &[usize]) -> String {
        let value = format!("{}_value", stored[0]);
        let inputs = [&stored[0], &stored[1], &stored[2]].map(String::as_str);
        let kind = Kind::constant(FLOAT, sizes);
        self.file.node("DequantizeLinear", inputs, &value, &kind, vec![int("axis", 0)]);
        value
    }

    /// A bias as floats, where one unit is worth `sum_scale` times the weight's scale; returns the values'
    /// name.
    pub(super) fn bias_values(
        &mut self,
        layer: &str,
        bias: &[i32],
        weight_scale: &[f32],
        sum_scale: f32,
        biases: Biases,
    ) -> String {
        let count = bias.len();
        let scale: Vec<f32> = weight_scale.iter().map(|scale| scale * sum_scale).collect();
        let stored = format!("{layer}.bias");
        if biases == Biases::Floats {
            let values: Vec<f32> =
                bias.iter().zip(&scale).map(|(&bias, scale)| bias as f32 * scale).collect();
            self.file.floats(&stored, &[count], &values);
            return stored;
        }
        let [value, scales, zeros] =
            ["bias_value", "bias_scale", "bias_zero_point"].map(|field| format!("{layer}.{field}"));
        self.file.int32s(&stored, &[count], bias);
        self.file.floats(&scales, &[count], &scale);
        self.file.int32s(&zeros, &[count], &vec![0; count]);
        let kind = Kind::constant(FLOAT, &[count]);
        let inputs = [&stored, &scales, &zeros].map(String::as_str);
        self.file.node("DequantizeLinear", inputs, &value, &kind, vec![int("axis", 0)]);
        value
    }

    /// The classifier, behind all nodes. Logits are not quantised.
    pub(super) fn head(&mut self, biases: Biases) {
        let (head, shape) = (&self.artifact.head, self.graph.features());
        let &Head { ref name, input, classes } = self.graph.head();
        let value = self.dequantise(input, name);
        let pooled = Kind::planes(FLOAT, Shape { height: 1, width: 1, ..shape });
        self.file.node("GlobalAveragePool", [&value], "averaged", &pooled, vec![]);
        let features = Kind::row(shape.channels);
        self.file.node("Flatten", ["averaged"], "features", &features, vec![]);
        let sizes = [classes, shape.channels];
        let stored = self.weight(name, &sizes, &head.weight, &head.weight_scale);
        let weight = self.weight_values(&stored, &sizes);
        let sum_scale = self.scales[input] / (shape.height * shape.width) as f32;
        let bias = self.bias_values(name, &head.bias, &head.weight_scale, sum_scale, biases);
        let inputs = ["features", &weight, &bias];
        self.file.node("Gemm", inputs, LOGITS, &Kind::row(classes), vec![int("transB", 1)]);
    }
}
