//! A file's nodes as steps, in order: constants are computed, and what does nothing here falls out.

use std::collections::HashMap;
use std::rc::Rc;

use super::attributes::Attributes;
use super::constant::{Constant, Integer, Values};
use super::layers;
use super::steps::{Codes, Op, Source, Step};
use crate::proto::{Graph, Node};

/// Whose operators these are.
const MICROSOFT: &str = "com.microsoft";

/// A file as steps.
pub(super) struct Lowered {
    pub(super) steps: Vec<Step>,
    /// The step whose result are the logits.
    pub(super) output: usize,
    /// What the file itself does with pixels.
    pub(super) pixels: Pixels,
}

/// Per channel, `(pixel − mean) / std`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pixels {
    pub(super) mean: [f32; 3],
    pub(super) std: [f32; 3],
}

impl Pixels {
    /// As they come.
    pub(super) const PLAIN: Self = Self { mean: [0.0; 3], std: [1.0; 3] };
}

/// What a name in the file stands for.
#[derive(Clone)]
enum Value {
    Constant(Rc<Constant>),
    Image(Pixels),
    Step(usize),
    /// Sizes that are computed while the network runs.
    Sizes,
    /// What an unsupported node gives.
    Unknown,
}

/// The steps that the nodes of `graph` come to, whose input is `input` and whose output `output`.
///
/// # Errors
/// What of it is not supported: a line a node.
pub(super) fn lower(graph: &Graph, input: &str, output: &str) -> Result<Lowered, Vec<String>> {
    let mut lowering = Lowering::default();
    lowering.values.insert(input.to_owned(), Value::Image(Pixels::PLAIN));
    for tensor in &graph.initializers {
        let constant = Constant::read(tensor);
        let constant = constant.map(Value::of).map_err(Trouble::Of);
        lowering.keep(&tensor.name, &format!("tensor {}", tensor.name), constant);
    }
    for node in &graph.nodes {
        lowering.node(node);
    }
    if !lowering.problems.is_empty() {
        return Err(lowering.problems);
    }
    match lowering.values.get(output) {
        Some(&Value::Step(output)) => Ok(Lowered {
            steps: lowering.steps,
            output,
            pixels: lowering.pixels.unwrap_or(Pixels::PLAIN),
        }),
        _ => Err(vec![format!("output {output}: no layer gives it")]),
    }
}

impl Value {
    fn of(constant: Constant) -> Self {
        Self::Constant(Rc::new(constant))
    }
}

/// Why a node gives nothing.
enum Trouble {
    /// What is wrong with it.
    Of(String),
    /// What it reads is not known, which was said before.
    Before,
}

impl From<String> for Trouble {
    fn from(reason: String) -> Self {
        Self::Of(reason)
    }
}

impl From<&str> for Trouble {
    fn from(reason: &str) -> Self {
        Self::Of(reason.to_owned())
    }
}

#[derive(Default)]
struct Lowering {
    values: HashMap<String, Value>,
    steps: Vec<Step>,
    /// Once a layer has read the image.
    pixels: Option<Pixels>,
    problems: Vec<String>,
}

impl Lowering {
    /// Keeps what a node or tensor gives, or why it gives nothing.
    fn keep(&mut self, name: &str, what: &str, value: Result<Value, Trouble>) {
        let value = value.unwrap_or_else(|trouble| {
            if let Trouble::Of(reason) = trouble {
                self.problems.push(format!("{what}: {reason}"));
            }
            Value::Unknown
        });
        self.values.insert(name.to_owned(), value);
    }

    fn node(&mut self, node: &Node) {
        let output = node.outputs.first().map_or("", String::as_str);
        let name = if node.name.is_empty() { output } else { &node.name };
        let what = format!("{} {name:?}", node.op_type);
        let known = ["", "ai.onnx", MICROSOFT].contains(&node.domain.as_str());
        let value = if !(known && is_known(&node.op_type)) {
            Err("no layer here does that".into())
        } else {
            self.value(node, name)
        };
        self.keep(output, &what, value);
    }

    /// What a node gives.
    fn value(&mut self, node: &Node, name: &str) -> Result<Value, Trouble> {
        let has_sizes =
            (0..node.inputs.len()).any(|i| matches!(self.input(node, i), Ok(Value::Sizes)));
        let step = |op: Op| Step { node: name.to_owned(), op, inputs: vec![], codes: None };
        match node.op_type.as_str() {
            "Constant" => Ok(Value::of(constant_of(node)?)),
            "Identity" | "Dropout" => self.input(node, 0),
            "Shape" => Ok(Value::Sizes),
            "Gather" | "Unsqueeze" | "Concat" | "Slice" | "Cast" if has_sizes => Ok(Value::Sizes),
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
            _ => Err("no layer here does that with such inputs".into()),
        }
    }

    /// Appends a step that reads these values.
    fn push(&mut self, mut step: Step, inputs: &[Value]) -> Result<Value, Trouble> {
        for input in inputs {
            let source = match input {
                Value::Step(number) => Source::Step(*number),
                Value::Image(pixels) => {
                    if *self.pixels.get_or_insert(*pixels) != *pixels {
                        return Err("it reads an image that is normalised in another way".into());
                    }
                    Source::Image
                }
                _ => return Err("it reads what no layer gives".into()),
            };
            step.inputs.push(source);
        }
        self.steps.push(step);
        Ok(Value::Step(self.steps.len() - 1))
    }

    /// The value that a node reads at a place.
    fn input(&self, node: &Node, place: usize) -> Result<Value, Trouble> {
        let name = node.inputs.get(place).map_or("", String::as_str);
        match self.values.get(name) {
            Some(Value::Unknown) => Err(Trouble::Before),
            Some(value) => Ok(value.clone()),
            None => Err(format!("it reads {name:?}, which nothing before it gives").into()),
        }
    }

    fn constant(&self, node: &Node, place: usize) -> Result<Rc<Constant>, Trouble> {
        match self.input(node, place)? {
            Value::Constant(constant) => Ok(constant),
            _ => Err(format!("its input {:?} is no constant", node.inputs[place]).into()),
        }
    }

    /// A constant that need not be there.
    fn optional(&self, node: &Node, place: usize) -> Result<Option<Rc<Constant>>, Trouble> {
        match node.inputs.get(place) {
            None => Ok(None),
            Some(name) if name.is_empty() => Ok(None),
            Some(_) => self.constant(node, place).map(Some),
        }
    }

    /// Weights that a node reads as codes, scales and zero points.
    fn weight(&self, node: &Node, places: [usize; 3], axis: i64) -> Result<Constant, Trouble> {
        let [codes, scales, zeros] = places;
        let zeros = self.optional(node, zeros)?;
        let (codes, scales) = (self.constant(node, codes)?, self.constant(node, scales)?);
        Ok(codes.dequantised(&scales, zeros.as_deref(), axis)?)
    }

    /// A bias in units of the sum: products of a weight's code and an input's.
    fn bias(
        &self,
        node: &Node,
        place: usize,
        input_scale: usize,
        weight: &Constant,
    ) -> Result<Option<Vec<f32>>, Trouble> {
        let Some(bias) = self.optional(node, place)? else { return Ok(None) };
        let scale = self.constant(node, input_scale)?.scalar().ok_or("it has no input scale")?;
        let Values::Codes { scales, .. } = &weight.values else {
            return Err("its weights are no codes".into());
        };
        let unit = |output: usize| f64::from(scale) * f64::from(scales[output % scales.len()]);
        let values = bias.reals().into_iter().enumerate();
        Ok(Some(values.map(|(output, units)| (f64::from(units) * unit(output)) as f32).collect()))
    }

    /// What codes of this scale and zero point stand for.
    fn codes(&self, node: &Node, scale: usize, zero: usize) -> Result<Codes, Trouble> {
        let scale = self.constant(node, scale)?.scalar().ok_or("it has one scale a channel")?;
        let zero = self.optional(node, zero)?;
        let kind = zero.as_ref().map_or(Some(Integer::UInt8), |zero| zero.integer());
        let (least, most) = kind.and_then(Integer::range).ok_or("its codes are not of 8 bits")?;
        let zero = zero.map_or(Some(0), |zero| zero.scalar().map(|zero| zero as i32));
        let zero = zero.ok_or("it has one zero point a channel")?;
        if !(scale.is_normal() && scale > 0.0) {
            return Err("its scale is not positive".into());
        }
        Ok(Codes { scale, least: least - zero, most: most - zero })
    }

    fn quantise(&mut self, node: &Node) -> Result<Value, Trouble> {
        match self.input(node, 0)? {
            Value::Constant(constant) => {
                let axis = Attributes::of(node).int("axis", 1);
                let zeros = self.constant(node, 2)?;
                Ok(Value::of(constant.quantised(&*self.constant(node, 1)?, &zeros, axis)?))
            }
            Value::Step(number) => {
                let codes = self.codes(node, 1, 2)?;
                self.steps[number].codes.get_or_insert(codes);
                Ok(Value::Step(number))
            }
            // The image has codes of its own here.
            image @ Value::Image(_) => Ok(image),
            _ => Err("it reads what no layer gives".into()),
        }
    }

    fn dequantise(&mut self, node: &Node) -> Result<Value, Trouble> {
        match self.input(node, 0)? {
            Value::Constant(_) => {
                let axis = Attributes::of(node).int("axis", 1);
                self.weight(node, [0, 1, 2], axis).map(Value::of)
            }
            value => Ok(value),
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
            _ => Err("no layer here does that with such inputs".into()),
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

/// Operators that some network here can have.
fn is_known(op_type: &str) -> bool {
    const KNOWN: [&str; 33] = [
        "Add",
        "AveragePool",
        "BatchNormalization",
        "Cast",
        "Clip",
        "Concat",
        "Constant",
        "Conv",
        "DequantizeLinear",
        "Div",
        "Dropout",
        "Flatten",
        "Gather",
        "Gemm",
        "GlobalAveragePool",
        "Identity",
        "MatMul",
        "MaxPool",
        "Mul",
        "QGemm",
        "QLinearAdd",
        "QLinearConv",
        "QLinearGlobalAveragePool",
        "QLinearMatMul",
        "QuantizeLinear",
        "ReduceMean",
        "Relu",
        "Reshape",
        "Shape",
        "Slice",
        "Squeeze",
        "Sub",
        "Unsqueeze",
    ];
    KNOWN.contains(&op_type)
}
