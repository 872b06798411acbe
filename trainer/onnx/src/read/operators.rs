//! What each operator comes to.

use super::attributes::Attributes;
use super::constant::{Constant, Values};
use super::layers;
use super::lower::{Lowering, NO_LAYER, Pixels, Trouble, Value};
use super::steps::{Op, Step};
use crate::proto::Node;

/// Of operators that some network here can have, with others.
const NO_SUCH_INPUTS: &str = "no layer here does that with such inputs";

impl Lowering {
    /// What a node gives.
    pub(super) fn value(&mut self, node: &Node, name: &str) -> Result<Value, Trouble> {
        let has_sizes =
            (0..node.inputs.len()).any(|i| matches!(self.input(node, i), Ok(Value::Sizes)));
        let step = |op: Op| Step { node: name.to_owned(), op, inputs: vec![], codes: None };
        match node.op_type.as_str() {
            "Constant" => Ok(Value::of(constant_of(node)?)),
            "Identity" | "Dropout" => self.input(node, 0),
            "Shape" => Ok(Value::Sizes),
            "Gather" | "Unsqueeze" | "Concat" | "Slice" | "Cast" if has_sizes => Ok(Value::Sizes),
            "Gather" | "Unsqueeze" | "Concat" | "Slice" | "Cast" => Err(NO_SUCH_INPUTS.into()),
            "QuantizeLinear" => self.quantise(node),
            "DequantizeLinear" => self.dequantise(node),
            "Add" | "Sub" | "Mul" | "Div" => self.arithmetic(node, name),
            "Conv" => {
                let bias = self.optional(node, 2)?.map(|bias| bias.reals());
                let op = layers::conv(node, &*self.constant(node, 1)?, bias)?;
                self.push(step(op), &[self.input(node, 0)?])
            }
            "BatchNormalization" => {
                let constants = [1, 2, 3, 4].map(|place| self.constant(node, place));
                let [scale, bias, mean, variance] = constants;
                let constants = [scale?, bias?, mean?, variance?].map(|constant| constant.reals());
                self.push(step(layers::batch_norm(node, constants)?), &[self.input(node, 0)?])
            }
            "Relu" => {
                let op = Op::Clip { least: 0.0, most: f32::INFINITY };
                self.push(step(op), &[self.input(node, 0)?])
            }
            "Clip" => {
                let op = self.clip(node)?;
                self.push(step(op), &[self.input(node, 0)?])
            }
            "MaxPool" => self.push(step(layers::max_pool(node)?), &[self.input(node, 0)?]),
            "GlobalAveragePool" => {
                self.push(step(Op::Mean { side: None }), &[self.input(node, 0)?])
            }
            "AveragePool" => {
                let side = Some(Attributes::of(node).square("kernel_shape", 0)?);
                self.push(step(Op::Mean { side }), &[self.input(node, 0)?])
            }
            "ReduceMean" => {
                self.check_mean(node)?;
                self.push(step(Op::Mean { side: None }), &[self.input(node, 0)?])
            }
            "Flatten" | "Reshape" | "Squeeze" => self.flattened(node),
            "Gemm" => {
                let bias = self.optional(node, 2)?.map(|bias| bias.reals());
                let op = layers::gemm(node, &*self.constant(node, 1)?, bias)?;
                self.push(step(op), &[self.input(node, 0)?])
            }
            "MatMul" => {
                let op = layers::linear(&*self.constant(node, 1)?, false, None)?;
                self.push(step(op), &[self.input(node, 0)?])
            }
            "QLinearConv" => {
                let weight = self.weight(node, [3, 4, 5], 0)?;
                let bias = self.bias(node, 8, 1, &weight)?;
                let op = layers::conv(node, &weight, bias)?;
                let codes = Some(self.codes(node, 6, 7)?);
                self.push(Step { codes, ..step(op) }, &[self.input(node, 0)?])
            }
            "QLinearAdd" => {
                let codes = Some(self.codes(node, 6, 7)?);
                let inputs = [self.input(node, 0)?, self.input(node, 3)?];
                self.push(Step { codes, ..step(Op::Add) }, &inputs)
            }
            "QLinearGlobalAveragePool" => {
                if Attributes::of(node).int("channels_last", 0) != 0 {
                    return Err("its channels come last".into());
                }
                self.push(step(Op::Mean { side: None }), &[self.input(node, 0)?])
            }
            "QGemm" => {
                let by_rows = Attributes::of(node).int("transB", 0) != 0;
                let weight = self.weight(node, [3, 4, 5], i64::from(!by_rows))?;
                let bias = self.bias(node, 6, 1, &weight)?;
                let op = layers::gemm(node, &weight, bias)?;
                self.push(step(op), &[self.input(node, 0)?])
            }
            "QLinearMatMul" => {
                let op = layers::linear(&self.weight(node, [3, 4, 5], 1)?, false, None)?;
                self.push(step(op), &[self.input(node, 0)?])
            }
            _ => Err(NO_LAYER.into()),
        }
    }

    /// A sum of two layers, of a layer and its bias, or the image on its way to be normalised.
    fn arithmetic(&mut self, node: &Node, name: &str) -> Result<Value, Trouble> {
        let op = node.op_type.as_str();
        match (self.input(node, 0)?, self.input(node, 1)?, op) {
            (left @ Value::Step(_), right @ Value::Step(_), "Add") => {
                let step = Step { node: name.to_owned(), op: Op::Add, inputs: vec![], codes: None };
                self.push(step, &[left, right])
            }
            (Value::Step(step), Value::Constant(constant), "Add")
            | (Value::Constant(constant), Value::Step(step), "Add") => {
                self.add_bias(step, &constant.reals())?;
                Ok(Value::Step(step))
            }
            (Value::Image(pixels), Value::Constant(constant), op)
            | (Value::Constant(constant), Value::Image(pixels), op @ ("Add" | "Mul")) => {
                Ok(Value::Image(normalised(pixels, op, &constant)?))
            }
            _ => Err(NO_SUCH_INPUTS.into()),
        }
    }

    /// Adds to the bias of a layer that only just was made.
    fn add_bias(&mut self, step: usize, more: &[f32]) -> Result<(), Trouble> {
        let is_last = step + 1 == self.steps.len();
        let step = &mut self.steps[step];
        let bias = match &mut step.op {
            Op::Conv(conv) => &mut conv.bias,
            Op::Linear(linear) => &mut linear.bias,
            _ => return Err("it adds a constant to what is no convolution".into()),
        };
        if !is_last || bias.len() != more.len() {
            return Err("it adds a constant that is no bias".into());
        }
        bias.iter_mut().zip(more).for_each(|(bias, more)| *bias += more);
        // They were of what is less than the sum.
        step.codes = None;
        Ok(())
    }

    fn clip(&self, node: &Node) -> Result<Op, Trouble> {
        let attributes = Attributes::of(node);
        let bound = |place: usize, name: &str, default: f32| -> Result<f32, Trouble> {
            match self.optional(node, place)? {
                Some(bound) => Ok(bound.scalar().ok_or("its bounds are no numbers")?),
                None => Ok(attributes.float(name, default)),
            }
        };
        let least = bound(1, "min", f32::NEG_INFINITY)?;
        Ok(Op::Clip { least, most: bound(2, "max", f32::INFINITY)? })
    }

    /// Whether a mean is over rows and columns.
    fn check_mean(&self, node: &Node) -> Result<(), Trouble> {
        let given = Attributes::of(node).ints("axes").map(<[i64]>::to_vec);
        let axes = match given {
            Some(axes) => Some(axes),
            None => self.optional(node, 1)?.and_then(|axes| {
                Some(axes.integers()?.iter().map(|&axis| i64::from(axis)).collect())
            }),
        };
        match axes.as_deref() {
            Some([2, 3] | [-2, -1] | [3, 2] | [-1, -2]) => Ok(()),
            _ => Err("it is no mean over rows and columns".into()),
        }
    }

    /// What has one value a channel may get whatever shape.
    fn flattened(&self, node: &Node) -> Result<Value, Trouble> {
        match self.input(node, 0)? {
            Value::Step(step) if matches!(self.steps[step].op, Op::Mean { .. } | Op::Linear(_)) => {
                Ok(Value::Step(step))
            }
            Value::Sizes => Ok(Value::Sizes),
            _ => Err("it reshapes what still has rows and columns".into()),
        }
    }
}

/// The image after one more step of normalisation.
fn normalised(mut pixels: Pixels, op: &str, constant: &Constant) -> Result<Pixels, String> {
    let values = constant.reals();
    let values = match values[..] {
        [value] => [value; 3],
        [red, green, blue] => [red, green, blue],
        _ => return Err("it is no normalisation of three channels".to_owned()),
    };
    for ((mean, std), value) in pixels.mean.iter_mut().zip(&mut pixels.std).zip(values) {
        match op {
            "Add" => *mean -= value * *std,
            "Sub" => *mean += value * *std,
            "Mul" => *std /= value,
            _ => *std *= value,
        }
    }
    Ok(pixels)
}

fn constant_of(node: &Node) -> Result<Constant, String> {
    let attributes = Attributes::of(node);
    if let Some(tensor) = attributes.get("value").and_then(|value| value.tensor.as_ref()) {
        return Constant::read(tensor);
    }
    let floats = |values: &[f32], sizes: Vec<usize>| Constant {
        name: String::new(),
        sizes,
        values: Values::Floats(values.to_vec()),
    };
    if let Some(value) = attributes.get("value_float") {
        return Ok(floats(&[value.float], vec![]));
    }
    if let Some(value) = attributes.get("value_floats") {
        return Ok(floats(&value.floats, vec![value.floats.len()]));
    }
    if let Some(value) = attributes.get("value_int") {
        return Ok(Constant::of_integers(&[value.int]));
    }
    let value = attributes.get("value_ints").ok_or("its value is no tensor of numbers")?;
    Ok(Constant::of_integers(&value.ints))
}
