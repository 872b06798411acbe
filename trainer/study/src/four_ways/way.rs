//! What is compared: one network in several numbers and files.

use serde::{Deserialize, Serialize};

/// A network's numbers, and the file that they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Way {
    /// Own checkpoint of floats.
    OwnFloat,
    /// Own artifact of trained integers.
    OwnIntegers,
    /// ONNX of the same floats.
    OnnxFloat,
    /// ONNX of the same integers, in pairs of QuantizeLinear and DequantizeLinear.
    OnnxQdq,
    /// ONNX of the same integers, in operators of integers.
    OnnxQOperator,
    /// onnxruntime's own integers of the floats, ranges of activations from photos.
    OnnxStatic,
    /// onnxruntime's own integers of the floats, ranges of activations from each photo as it comes.
    OnnxDynamic,
}

impl Way {
    /// All of them, in the order of the report.
    pub(super) const ALL: [Self; 7] = [
        Self::OwnFloat,
        Self::OwnIntegers,
        Self::OnnxFloat,
        Self::OnnxQdq,
        Self::OnnxQOperator,
        Self::OnnxStatic,
        Self::OnnxDynamic,
    ];

    /// In words.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OwnFloat => "own float32",
            Self::OwnIntegers => "own INT8, trained (LSQ)",
            Self::OnnxFloat => "ONNX float32",
            Self::OnnxQdq => "ONNX INT8, own as QDQ",
            Self::OnnxQOperator => "ONNX INT8, own as QOperator",
            Self::OnnxStatic => "ONNX INT8, static by onnxruntime",
            Self::OnnxDynamic => "ONNX INT8, dynamic by onnxruntime",
        }
    }

    /// The file's or folder's name.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::OwnFloat => "float.safetensors",
            Self::OwnIntegers => "integers",
            Self::OnnxFloat => "float.onnx",
            Self::OnnxQdq => "qdq.onnx",
            Self::OnnxQOperator => "qoperator.onnx",
            Self::OnnxStatic => "static.onnx",
            Self::OnnxDynamic => "dynamic.onnx",
        }
    }

    /// Whether others' runtimes may read it.
    pub(super) fn is_onnx(self) -> bool {
        !matches!(self, Self::OwnFloat | Self::OwnIntegers)
    }

    /// The own network whose numbers it has; none of those that others rounded.
    pub(super) fn original(self) -> Option<Self> {
        match self {
            Self::OwnFloat | Self::OnnxFloat => Some(Self::OwnFloat),
            Self::OwnIntegers | Self::OnnxQdq | Self::OnnxQOperator => Some(Self::OwnIntegers),
            Self::OnnxStatic | Self::OnnxDynamic => None,
        }
    }
}
