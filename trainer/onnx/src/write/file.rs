//! An ONNX file on its way: nodes, constants, and the type and shape of every value.

use std::num::NonZeroUsize;

use tagsight_core::Preprocessing;
use tagsight_core::graph::{Shape, Window};

use crate::proto::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, Attribute, Dimension, FLOAT, Graph, INT32, Model, Node,
    OperatorSet, Shape as ShapeProto, StringEntry, Tensor, TensorType, Type, ValueInfo,
};

const IR_VERSION: i64 = 8;
/// Of the standard operators; wonnx knows none later, and per-channel scales came with it.
const OPSET: i64 = 13;

/// The graph's input, `[batch, 3, side, side]`, RGB in `0..=1`.
pub(super) const PIXELS: &str = "pixels";
/// The graph's output, `[batch, classes]`.
pub(super) const LOGITS: &str = "logits";
/// What a batch of any size is called.
const BATCH: &str = "batch";
/// Key of the labels among the file's properties, one a line.
pub(crate) const LABELS: &str = "labels";

/// Photos that a file's network takes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// Any number: the dimension has a name instead of a size.
    Dynamic,
    /// Always as many, which some runtimes want to know.
    Fixed(NonZeroUsize),
}

/// Type and shape of a value.
pub(super) struct Kind {
    element: i32,
    sizes: Vec<usize>,
    is_batched: bool,
}

impl Kind {
    /// A constant, or what is computed of constants alone.
    pub(super) fn constant(element: i32, sizes: &[usize]) -> Self {
        Self { element, sizes: sizes.to_vec(), is_batched: false }
    }

    /// A tensor of the network's, channels first, one a photo.
    pub(super) fn planes(element: i32, shape: Shape) -> Self {
        let sizes = vec![shape.channels, shape.height, shape.width];
        Self { element, sizes, is_batched: true }
    }

    /// Floats without places, one row a photo.
    pub(super) fn row(columns: usize) -> Self {
        Self { element: FLOAT, sizes: vec![columns], is_batched: true }
    }
}

/// See the module.
pub(super) struct File {
    batch: Batch,
    nodes: Vec<Node>,
    initializers: Vec<Tensor>,
    values: Vec<ValueInfo>,
}

impl File {
    /// Of nothing yet.
    pub(super) fn new(batch: Batch) -> Self {
        Self { batch, nodes: Vec::new(), initializers: Vec::new(), values: Vec::new() }
    }

    /// The whole: a network of that name for images of `preprocessing`, with these labels.
    pub(super) fn finish(
        mut self,
        name: &str,
        preprocessing: &Preprocessing,
        labels: &[String],
    ) -> Model {
        let side = preprocessing.side;
        let image = Shape { height: side, width: side, channels: 3 };
        let input = self.value(PIXELS, &Kind::planes(FLOAT, image));
        // The last node's, which is said among the outputs instead.
        let output = self.values.pop().filter(|value| value.name == LOGITS);
        let labels = StringEntry { key: LABELS.to_owned(), value: labels.join("\n") };
        Model {
            ir_version: IR_VERSION,
            producer_name: "tagsight".to_owned(),
            graph: Some(Graph {
                nodes: self.nodes,
                name: name.to_owned(),
                initializers: self.initializers,
                inputs: vec![input],
                outputs: vec![output.expect("the last node gives the logits")],
                values: self.values,
            }),
            opset_import: vec![OperatorSet { domain: String::new(), version: OPSET }],
            metadata: vec![labels],
        }
    }

    /// Appends a node, which has its output's name.
    pub(super) fn node<const N: usize>(
        &mut self,
        op_type: &str,
        inputs: [&str; N],
        output: &str,
        kind: &Kind,
        attributes: Vec<Attribute>,
    ) {
        self.nodes.push(Node {
            inputs: inputs.map(str::to_owned).into(),
            outputs: vec![output.to_owned()],
            name: output.to_owned(),
            op_type: op_type.to_owned(),
            attributes,
            domain: String::new(),
        });
        let value = self.value(output, kind);
        self.values.push(value);
    }

    /// Adds a constant of floats.
    pub(super) fn floats(&mut self, name: &str, sizes: &[usize], values: &[f32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, FLOAT, sizes, bytes);
    }

    /// Adds a constant of integers.
    pub(super) fn int32s(&mut self, name: &str, sizes: &[usize], values: &[i32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, INT32, sizes, bytes);
    }

    /// Adds a constant of some element type, given its bytes.
    pub(super) fn constant(
        &mut self,
        name: &str,
        element: i32,
        sizes: &[usize],
        raw_data: Vec<u8>,
    ) {
        let dims = sizes.iter().map(|&size| size as i64).collect();
        let name = name.to_owned();
        let tensor = Tensor { dims, data_type: element, name, raw_data, ..Tensor::default() };
        self.initializers.push(tensor);
    }

    fn value(&self, name: &str, kind: &Kind) -> ValueInfo {
        let batch = kind.is_batched.then_some(match self.batch {
            Batch::Dynamic => Dimension { value: None, name: Some(BATCH.to_owned()) },
            Batch::Fixed(photos) => Dimension { value: Some(photos.get() as i64), name: None },
        });
        let size = |&size: &usize| Dimension { value: Some(size as i64), name: None };
        let dims = batch.into_iter().chain(kind.sizes.iter().map(size)).collect();
        let tensor = TensorType { element: kind.element, shape: Some(ShapeProto { dims }) };
        ValueInfo { name: name.to_owned(), kind: Some(Type { tensor: Some(tensor) }) }
    }
}

/// Kernel, stride and padding.
pub(super) fn window(window: Window) -> Vec<Attribute> {
    let Window { kernel, stride, padding, .. } = window;
    vec![
        ints("kernel_shape", &[kernel; 2]),
        ints("strides", &[stride; 2]),
        ints("pads", &[padding.before, padding.before, padding.after, padding.after]),
    ]
}

/// A number.
pub(super) fn int(name: &str, value: i64) -> Attribute {
    let name = name.to_owned();
    Attribute { name, int: value, kind: ATTRIBUTE_INT, ..Attribute::default() }
}

fn ints(name: &str, values: &[usize]) -> Attribute {
    let ints = values.iter().map(|&value| value as i64).collect();
    Attribute { name: name.to_owned(), ints, kind: ATTRIBUTE_INTS, ..Attribute::default() }
}
