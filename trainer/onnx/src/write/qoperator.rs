//! An artifact with operators that take integers: QLinearConv, and MaxPool of codes.
//!
//! Codes are uint8, zero points those of the artifact, but 128 where codes have a sign, and for the image the
//! largest code that is subtracted. What saturates at 255 is clipped to 127.
//!
//! ONNX itself has no addition of codes, and onnxruntime's own, `QLinearAdd`, takes sums that were rounded
//! already. So where a residual joins, the sum is ConvInteger's: codes times `R` and the bias are added in
//! int32, and one multiplication with one rounding makes codes of that, which are core's bit for bit. The
//! scale of QLinearConv is its runtime's to compute, so a sum at the edge of two codes may fall to either side
//! there.

use tagsight_core::Artifact;
use tagsight_core::artifact::QuantConv;
use tagsight_core::graph::{Conv, IMAGE, Interpreter, MaxPool, TensorId};
use tagsight_core::quant::{self, ACTIVATION_MAX, Activation};

use super::file::{Batch, File, Kind, int, window};
use super::integers::{Biases, Integers, codes, scale_and_zero};
use crate::proto::{FLOAT, INT32, Model, UINT8};

/// Code of the value 0 where codes are −127 to 127.
const SIGNED_ZERO: u8 = 128;

/// The whole file.
pub(super) fn model(artifact: &Artifact, batch: Batch) -> Model {
    let integers = Integers::new(artifact, batch, UINT8, |tensor| zero_point(artifact, tensor));
    let mut writer = Writer { integers };
    let file = &mut writer.integers.file;
    file.constant("code_most", UINT8, &[], vec![ACTIVATION_MAX as u8]);
    file.constant("signed_least", UINT8, &[], vec![SIGNED_ZERO - ACTIVATION_MAX as u8]);
    file.constant("signed_most", UINT8, &[], vec![u8::MAX]);
    file.constant("code_least", UINT8, &[], vec![0]);
    file.floats("unit", &[], &[1.0]);
    writer.integers.image(UINT8);
    artifact.graph.interpret((), &mut writer);
    writer.integers.head(Biases::Integers);
    writer.integers.finish()
}

fn zero_point(artifact: &Artifact, tensor: TensorId) -> u8 {
    if tensor == IMAGE {
        let codes = artifact.metadata.preprocessing.quantised_mean();
        return codes.into_iter().max().expect("three channels") as u8;
    }
    match artifact.graph.activated_by(tensor).map(|conv| conv.activation) {
        Some(Activation::Linear) => SIGNED_ZERO,
        _ => artifact.graph.zero_point(tensor) as u8,
    }
}

struct Writer<'a> {
    integers: Integers<'a>,
}

impl Writer<'_> {
    /// A convolution's codes, as wide as uint8; returns their name.
    fn convolved(&mut self, conv: &Conv, layer: &QuantConv, weight: &[String; 3]) -> String {
        let integers = &mut self.integers;
        let (name, bias) = (&conv.name, integers.conv_bias(conv));
        let (output, stored) = (format!("{name}.wide"), format!("{name}.bias"));
        integers.file.int32s(&stored, &[layer.bias.len()], &bias);
        let (input, [scale, zero]) = (codes(conv.input), scale_and_zero(conv.input));
        let [output_scale, output_zero] = scale_and_zero(conv.output);
        let [weight, weight_scale, weight_zero] = weight;
        let (x, y) = ([&input, &scale, &zero], [&output_scale, &output_zero]);
        let inputs = [x[0], x[1], x[2], weight, weight_scale, weight_zero, y[0], y[1], &stored];
        let (kind, attributes) =
            (integers.kind(UINT8, conv.output), integers.conv_attributes(conv));
        integers.file.node("QLinearConv", inputs.map(String::as_str), &output, &kind, attributes);
        output
    }

    /// The same of a convolution that a residual joins.
    fn joined(
        &mut self,
        conv: &Conv,
        layer: &QuantConv,
        weight: &str,
        residual: TensorId,
    ) -> String {
        self.joining_constants(conv, layer, residual);
        let integers = &mut self.integers;
        let [sums, floats, wide] =
            [INT32, FLOAT, UINT8].map(|element| integers.kind(element, conv.output));
        let (input, [_, zero]) = (codes(conv.input), scale_and_zero(conv.input));
        let [_, output_zero] = scale_and_zero(conv.output);
        let (attributes, residual) = (integers.conv_attributes(conv), codes(residual));
        let file = &mut integers.file;
        let of = |what: &str| format!("{}.{what}", conv.name);
        let to = |element: i32| vec![int("to", i64::from(element))];
        let binary = |file: &mut File, op: &str, inputs: [&str; 2], output: &str, kind: &Kind| {
            let inputs = inputs.map(of);
            file.node(op, [&inputs[0], &inputs[1]], &of(output), kind, vec![]);
        };
        file.node("ConvInteger", [&input, weight, &zero], &of("sum"), &sums, attributes);
        binary(file, "Add", ["sum", "bias"], "biased", &sums);
        file.node("Cast", [&residual], &of("residual"), &sums, to(INT32));
        binary(file, "Sub", ["residual", "residual_zero"], "centred", &sums);
        binary(file, "Mul", ["centred", "residual_units"], "residual_sum", &sums);
        binary(file, "Add", ["biased", "residual_sum"], "total", &sums);
        file.node("Cast", [&of("total")], &of("real"), &floats, to(FLOAT));
        binary(file, "Mul", ["real", "multiplier"], "scaled", &floats);
        let inputs = [&of("scaled"), "unit", &output_zero];
        file.node("QuantizeLinear", inputs, &of("wide"), &wide, vec![]);
        of("wide")
    }

    /// What is added and multiplied where a residual joins.
    fn joining_constants(&mut self, conv: &Conv, layer: &QuantConv, residual: TensorId) {
        let bias = self.integers.conv_bias(conv);
        let multipliers = self.multipliers(conv, layer);
        let units = self.residual_multipliers(conv, layer, residual);
        let zero = i32::from(zero_point(self.integers.artifact, residual));
        let channels = [1, conv.channels, 1, 1];
        let (file, of) = (&mut self.integers.file, |what: &str| format!("{}.{what}", conv.name));
        file.int32s(&of("bias"), &channels, &bias);
        file.int32s(&of("residual_units"), &channels, &units);
        file.int32s(&of("residual_zero"), &[], &[zero]);
        file.floats(&of("multiplier"), &channels, &multipliers);
    }

    /// What brings a unit of the sum to a code.
    fn multipliers(&self, conv: &Conv, layer: &QuantConv) -> Vec<f32> {
        let (input, output) = (self.integers.scales[conv.input], self.integers.scales[conv.output]);
        let scales = layer.weight_scale.iter();
        scales.map(|&weight| quant::multiplier(input, weight, output)).collect()
    }

    /// How many units of the sum a residual's code is worth.
    fn residual_multipliers(&self, conv: &Conv, layer: &QuantConv, residual: TensorId) -> Vec<i32> {
        let [input, residual] = [conv.input, residual].map(|tensor| self.integers.scales[tensor]);
        let worth = |&weight: &f32| quant::residual_multiplier(residual, input, weight);
        let worth = |weight| worth(weight).expect("validated when read");
        layer.weight_scale.iter().map(worth).collect()
    }
}

/// Tensors are known by their numbers.
impl Interpreter for Writer<'_> {
    type Value = ();

    fn conv(&mut self, conv: &Conv, (): &(), _: Option<&()>) {
        let layer = &self.integers.artifact.convs[conv];
        let weight = self.integers.conv_weight(conv);
        let wide = match conv.residual {
            None => self.convolved(conv, layer, &weight),
            Some(residual) => self.joined(conv, layer, &weight[0], residual),
        };
        let bounds = match conv.activation {
            Activation::Linear => ["signed_least", "signed_most"],
            Activation::Relu | Activation::Relu6 | Activation::Asymmetric => {
                ["code_least", "code_most"]
            }
        };
        let kind = self.integers.kind(UINT8, conv.output);
        let inputs = [&wide, bounds[0], bounds[1]];
        self.integers.file.node("Clip", inputs, &codes(conv.output), &kind, vec![]);
    }

    fn max_pool(&mut self, pool: &MaxPool, (): &()) {
        let kind = self.integers.kind(UINT8, pool.output);
        let (input, output) = (codes(pool.input), codes(pool.output));
        self.integers.file.node("MaxPool", [&input], &output, &kind, window(pool.window));
    }
}
