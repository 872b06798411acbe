//! The integer arithmetic against an independent implementation: onnxruntime's `QLinearConv`.
//!
//! `fixtures/qlinearconv.py` made the layers and ran them. No code may differ.

use safetensors::SafeTensors;
use serde::Deserialize;
use tagsight_core::graph::{Padding, Window};
use tagsight_core::kernels::conv::{ConvLayouts, ConvParams, prepare};
use tagsight_core::quant::{self, Activation};
use tagsight_core::{Isa, Layout, Tensor, Threads};

const GOLDEN: &[u8] = include_bytes!("../fixtures/qlinearconv.safetensors");

#[derive(Deserialize)]
struct Attributes {
    kernel: usize,
    stride: usize,
    padding: usize,
    rectified: bool,
}

struct Case<'data> {
    tensors: SafeTensors<'data>,
    index: usize,
    attributes: Attributes,
}

impl Case<'_> {
    fn bytes(&self, name: &str) -> &[u8] {
        self.tensors.tensor(&format!("{}.{name}", self.index)).unwrap().data()
    }

    fn i8s(&self, name: &str) -> Vec<i8> {
        self.bytes(name).iter().map(|&byte| byte as i8).collect()
    }

    fn f32s(&self, name: &str) -> Vec<f32> {
        let words = self.bytes(name).chunks_exact(4);
        words.map(|word| f32::from_le_bytes(word.try_into().unwrap())).collect()
    }

    fn i32s(&self, name: &str) -> Vec<i32> {
        let words = self.bytes(name).chunks_exact(4);
        words.map(|word| i32::from_le_bytes(word.try_into().unwrap())).collect()
    }

    fn shape(&self, name: &str) -> [usize; 3] {
        let tensor = self.tensors.tensor(&format!("{}.{name}", self.index)).unwrap();
        tensor.shape().try_into().unwrap()
    }

    fn activation(&self) -> Activation {
        if self.attributes.rectified { Activation::Relu } else { Activation::Linear }
    }

    /// onnxruntime's output codes, brought to ours: its range is 0..=255 around its zero point.
    fn expected(&self) -> Vec<i8> {
        let zero = if self.attributes.rectified { 0 } else { 128 };
        let low = self.activation().quant_min();
        let codes = self.bytes("y").iter().map(|&code| i32::from(code) - zero);
        codes.map(|code| code.clamp(low, quant::ACTIVATION_MAX) as i8).collect()
    }

    fn params(&self) -> ConvParams {
        let Attributes { kernel, stride, padding, .. } = self.attributes;
        let scales = self.f32s("scales");
        let weight_scales = self.f32s("weight_scale");
        let multiplier = |&scale: &f32| quant::multiplier(scales[0], scale, scales[1]);
        ConvParams {
            window: Window::new(kernel, stride, Padding::even(padding)),
            weight: self.i8s("weight"),
            bias: self.i32s("bias"),
            multiplier: weight_scales.iter().map(multiplier).collect(),
            residual_multiplier: Vec::new(),
            activation: self.activation(),
        }
    }

    fn run(&self, isa: Isa) -> Vec<i8> {
        let ([height, width, inputs], [out_height, out_width, outputs]) =
            (self.shape("x"), self.shape("y"));
        let input_layout = Layout::padded(height, width, inputs, self.attributes.padding);
        let output_layout = Layout::padded(out_height, out_width, outputs, 0);
        let layouts = ConvLayouts { input: input_layout, residual: None, output: output_layout };
        let layer = prepare(isa, self.params(), layouts).unwrap();
        let (mut input, mut output) = (Tensor::zeros(input_layout), Tensor::zeros(output_layout));
        input.copy_from_dense(&self.i8s("x"));
        layer.run(&input, None, &mut output, &mut Threads::One);
        output.to_dense()
    }
}

fn cases() -> Vec<Case<'static>> {
    let (_, header) = SafeTensors::read_metadata(GOLDEN).unwrap();
    let entries = header.metadata().as_ref().unwrap();
    let case = |index: usize| {
        let attributes = serde_json::from_str(&entries[&index.to_string()]).unwrap();
        Case { tensors: SafeTensors::deserialize(GOLDEN).unwrap(), index, attributes }
    };
    (0..entries.len()).map(case).collect()
}

#[test]
fn every_engine_gives_onnxruntimes_codes() {
    let cases = cases();
    assert!(cases.len() >= 8);
    for case in &cases {
        let expected = case.expected();
        for isa in Isa::available() {
            let codes = case.run(isa);
            let differing = codes.iter().zip(&expected).filter(|(a, b)| a != b).count();
            assert_eq!(differing, 0, "layer {} on {isa:?}, of {} codes", case.index, codes.len());
        }
    }
}

/// The golden codes must tell layers apart: neither all clamped nor all zero.
#[test]
fn the_golden_codes_are_spread() {
    for case in cases() {
        let mut seen: Vec<i8> = case.expected();
        seen.sort_unstable();
        seen.dedup();
        assert!(seen.len() > 50, "layer {}: only {} different codes", case.index, seen.len());
    }
}
