//! A network of floats.

use tagsight_core::graph::{Conv, Graph, Groups, IMAGE, Interpreter, MaxPool, Shape};
use tagsight_core::quant::{Activation, RELU6_MAX};
use tagsight_network::weights::{Weights, fold_batch_norm};
use tagsight_network::{Spec, transposed};

use super::file::{Batch, File, Kind, LOGITS, PIXELS, int, window};
use crate::proto::{FLOAT, Model};

/// The whole file. Pixels are normalised first, so that it takes what those of integers take.
pub(super) fn model(spec: &Spec, weights: &Weights, batch: Batch) -> Model {
    let folded = fold_batch_norm(weights, &spec.graph);
    let mut writer = Writer { graph: &spec.graph, folded: &folded, file: File::new(batch) };
    writer.clamps();
    let image = writer.normalised(spec);
    let features = spec.graph.interpret(image, &mut writer);
    writer.head(&features);
    writer.file.finish(&spec.name, &spec.preprocessing, &spec.labels)
}

struct Writer<'a> {
    graph: &'a Graph,
    folded: &'a Weights,
    file: File,
}

impl Writer<'_> {
    /// The bounds of ReLU6, where that is used.
    fn clamps(&mut self) {
        if self.graph.convs().any(|conv| conv.activation == Activation::Relu6) {
            self.file.floats("relu6.least", &[], &[0.0]);
            self.file.floats("relu6.most", &[], &[RELU6_MAX]);
        }
    }

    fn normalised(&mut self, spec: &Spec) -> String {
        let kind = Kind::planes(FLOAT, self.graph.shape(IMAGE));
        let file = &mut self.file;
        file.floats("mean", &[1, 3, 1, 1], &spec.preprocessing.mean);
        file.floats("std", &[1, 3, 1, 1], &spec.preprocessing.std);
        file.node("Sub", [PIXELS, "mean"], "centred", &kind, vec![]);
        file.node("Div", ["centred", "std"], "normalised", &kind, vec![]);
        "normalised".to_owned()
    }

    /// Adds a layer's weights and returns their names.
    fn parameters(&mut self, layer: &str) -> [String; 2] {
        ["weight", "bias"].map(|field| {
            let name = format!("{layer}.{field}");
            let weight = &self.folded[&name];
            self.file.floats(&name, &weight.shape, &weight.values);
            name
        })
    }

    /// Global average pool and classifier, whose weights are `[in, classes]`: not every reader transposes.
    fn head(&mut self, features: &str) {
        let (head, shape) = (self.graph.head(), self.graph.features());
        let pooled = Shape { height: 1, width: 1, ..shape };
        let pooled = Kind::planes(FLOAT, pooled);
        let (weight, bias) = (format!("{}.weight", head.name), format!("{}.bias", head.name));
        let turned = transposed(&self.folded[&weight].values, head.classes, shape.channels);
        let file = &mut self.file;
        file.floats(&weight, &[shape.channels, head.classes], &turned);
        file.floats(&bias, &[head.classes], &self.folded[&bias].values);
        file.node("GlobalAveragePool", [features], "averaged", &pooled, vec![]);
        file.node("Flatten", ["averaged"], "features", &Kind::row(shape.channels), vec![]);
        let inputs = ["features", &weight, &bias];
        file.node("Gemm", inputs, LOGITS, &Kind::row(head.classes), vec![]);
    }
}

/// Values are known by their names.
impl Interpreter for Writer<'_> {
    type Value = String;

    fn conv(&mut self, conv: &Conv, input: &String, residual: Option<&String>) -> String {
        let [weight, bias] = self.parameters(&conv.name);
        let kind = Kind::planes(FLOAT, self.graph.shape(conv.output));
        let mut attributes = window(conv.window);
        if conv.groups == Groups::Depthwise {
            attributes.push(int("group", conv.channels as i64));
        }
        let mut value = format!("{}.sum", conv.name);
        self.file.node("Conv", [input, &weight, &bias], &value, &kind, attributes);
        if let Some(residual) = residual {
            let total = format!("{}.total", conv.name);
            self.file.node("Add", [&value, residual], &total, &kind, vec![]);
            value = total;
        }
        let activated = format!("{}.activated", conv.name);
        match conv.activation {
            Activation::Linear | Activation::Asymmetric => return value,
            Activation::Relu => self.file.node("Relu", [&value], &activated, &kind, vec![]),
            Activation::Relu6 => {
                let inputs = [&value, "relu6.least", "relu6.most"];
                self.file.node("Clip", inputs, &activated, &kind, vec![]);
            }
        }
        activated
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &String) -> String {
        let kind = Kind::planes(FLOAT, self.graph.shape(pool.output));
        self.file.node("MaxPool", [input], &pool.name, &kind, window(pool.window));
        pool.name.clone()
    }
}
