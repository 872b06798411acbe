//! A file's nodes as steps, in order: constants are computed, and what does nothing here falls out.

use std::collections::HashMap;
use std::rc::Rc;

use super::constant::Constant;
use super::steps::{Source, Step};
use crate::proto::{Graph, Node};

/// Whose operators these are.
const MICROSOFT: &str = "com.microsoft";
/// Of operators that no network here can have.
pub(super) const NO_LAYER: &str = "no layer here does that";

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
pub(super) enum Value {
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
    pub(super) fn of(constant: Constant) -> Self {
        Self::Constant(Rc::new(constant))
    }
}

/// Why a node gives nothing.
pub(super) enum Trouble {
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
pub(super) struct Lowering {
    values: HashMap<String, Value>,
    pub(super) steps: Vec<Step>,
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
        let value = match known {
            true => self.value(node, name),
            false => Err(NO_LAYER.into()),
        };
        self.keep(output, &what, value);
    }

    /// Appends a step that reads these values.
    pub(super) fn push(&mut self, mut step: Step, inputs: &[Value]) -> Result<Value, Trouble> {
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
    pub(super) fn input(&self, node: &Node, place: usize) -> Result<Value, Trouble> {
        let name = node.inputs.get(place).map_or("", String::as_str);
        match self.values.get(name) {
            Some(Value::Unknown) => Err(Trouble::Before),
            Some(value) => Ok(value.clone()),
            None => Err(format!("it reads {name:?}, which nothing before it gives").into()),
        }
    }

    pub(super) fn constant(&self, node: &Node, place: usize) -> Result<Rc<Constant>, Trouble> {
        match self.input(node, place)? {
            Value::Constant(constant) => Ok(constant),
            _ => Err(format!("its input {:?} is no constant", node.inputs[place]).into()),
        }
    }

    /// A constant that need not be there.
    pub(super) fn optional(
        &self,
        node: &Node,
        place: usize,
    ) -> Result<Option<Rc<Constant>>, Trouble> {
        match node.inputs.get(place) {
            None => Ok(None),
            Some(name) if name.is_empty() => Ok(None),
            Some(_) => self.constant(node, place).map(Some),
        }
    }
}
