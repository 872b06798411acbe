//! An artifact with QuantizeLinear/DequantizeLinear pairs, all of whose zero points are 0.
//!
//! Activations are int8: their upper end, 127, is that of the 7-bit codes. Asymmetric ones, whose codes
//! are −64 to 63 less the zero point, are clipped to those. Two more things are said in ONNX's terms:
//! * the stem is padded with the mean pixel's code, so that is subtracted first: what pads is 0;
//! * a residual is worth `R` units of the sum, so its codes are dequantised by that, per channel.

use tagsight_core::Artifact;
use tagsight_core::artifact::QuantConv;
use tagsight_core::graph::{Conv, Interpreter, MaxPool, TensorId};
use tagsight_core::quant::{self, Activation};

use super::file::{Batch, int, window};
use super::integers::{Biases, Integers, codes};
use crate::proto::{FLOAT, INT8, Model};

/// Whom a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Whoever has ONNX's operators.
    Any,
    /// TensorRT, which dequantises activations with one scale a tensor and no integers of 32 bits.
    TensorRt,
}

/// The whole file.
pub(super) fn model(artifact: &Artifact, batch: Batch, reader: Reader) -> Model {
    let integers = Integers::new(artifact, batch, INT8, |_| 0);
    let mut writer = Writer { integers, reader };
    writer.integers.image(INT8);
    artifact.graph.interpret((), &mut writer);
    let biases = writer.biases();
    writer.integers.head(biases);
    writer.integers.finish()
}

struct Writer<'a> {
    integers: Integers<'a>,
    reader: Reader,
}

impl Writer<'_> {
    fn biases(&self) -> Biases {
        match self.reader {
            Reader::Any => Biases::Integers,
            Reader::TensorRt => Biases::Floats,
        }
    }

    /// Clips to the codes that there are, which are fewer than int8's.
    fn clip(&mut self, conv: &Conv, value: &str) -> String {
        let integers = &mut self.integers;
        let scale = integers.scales[conv.output];
        let [least, most, output] =
            ["least", "most", "clipped"].map(|what| format!("{}.{what}", conv.name));
        integers.file.floats(&least, &[], &[conv.activation.quant_min() as f32 * scale]);
        integers.file.floats(&most, &[], &[conv.activation.quant_max() as f32 * scale]);
        let kind = integers.kind(FLOAT, conv.output);
        integers.file.node("Clip", [value, &least, &most], &output, &kind, vec![]);
        output
    }

    /// The residual's codes as the values that they are in the sum.
    fn residual(&mut self, conv: &Conv, layer: &QuantConv, residual: TensorId) -> String {
        let joins = format!("{}.residual", conv.name);
        if self.reader == Reader::TensorRt {
            return self.integers.dequantise(residual, &joins);
        }
        let integers = &mut self.integers;
        let (input, residual_scale) = (integers.scales[conv.input], integers.scales[residual]);
        let worth = |&weight: &f32| {
            let multiplier = quant::residual_multiplier(residual_scale, input, weight);
            let multiplier = multiplier.expect("validated when read");
            (f64::from(multiplier) * f64::from(input) * f64::from(weight)) as f32
        };
        let worth: Vec<f32> = layer.weight_scale.iter().map(worth).collect();
        let [scales, zeros] = ["scale", "zero_point"].map(|what| format!("{joins}_{what}"));
        integers.file.floats(&scales, &[worth.len()], &worth);
        integers.file.constant(&zeros, INT8, &[worth.len()], vec![0; worth.len()]);
        let (stored, kind) = (codes(residual), integers.kind(FLOAT, residual));
        let inputs = [&stored, &scales, &zeros].map(String::as_str);
        integers.file.node("DequantizeLinear", inputs, &joins, &kind, vec![int("axis", 1)]);
        joins
    }
}

/// Tensors are known by their numbers.
impl Interpreter for Writer<'_> {
    type Value = ();

    fn conv(&mut self, conv: &Conv, (): &(), _: Option<&()>) {
        let (layer, biases) = (&self.integers.artifact.convs[conv], self.biases());
        let integers = &mut self.integers;
        let (name, kind) = (&conv.name, integers.kind(FLOAT, conv.output));
        let input = integers.dequantise(conv.input, name);
        let (stored, sizes) = (integers.conv_weight(conv), integers.kernel_sizes(conv));
        let weight = integers.weight_values(&stored, &sizes);
        let (bias, input_scale) = (integers.conv_bias(conv), integers.scales[conv.input]);
        let bias = integers.bias_values(name, &bias, &layer.weight_scale, input_scale, biases);
        let mut value = format!("{name}.sum");
        let attributes = integers.conv_attributes(conv);
        integers.file.node("Conv", [&input, &weight, &bias], &value, &kind, attributes);
        if let Some(residual) = conv.residual {
            let (joins, total) = (self.residual(conv, layer, residual), format!("{name}.total"));
            self.integers.file.node("Add", [&value, &joins], &total, &kind, vec![]);
            value = total;
        }
        value = match conv.activation {
            Activation::Linear => value,
            Activation::Asymmetric => self.clip(conv, &value),
            // A range of at most 6 clamps when it is quantised.
            Activation::Relu | Activation::Relu6 => {
                let output = format!("{name}.relu");
                self.integers.file.node("Relu", [&value], &output, &kind, vec![]);
                output
            }
        };
        self.integers.quantise(&value, conv.output, INT8);
    }

    fn max_pool(&mut self, pool: &MaxPool, (): &()) {
        let integers = &mut self.integers;
        let (value, kind) =
            (integers.dequantise(pool.input, &pool.name), integers.kind(FLOAT, pool.output));
        integers.file.node("MaxPool", [&value], &pool.name, &kind, window(pool.window));
        integers.quantise(&pool.name, pool.output, INT8);
    }
}
