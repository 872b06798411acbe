//! A network's parameters on the host, by torchvision's names: what checkpoints hold, what is
//! imported, and what is exported. Burn modules are made from it and give it back.

mod batch_norm;
mod dequantise;
mod expect;
mod floats;
mod import;
mod names;
mod pytorch;
mod refusal;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use batch_norm::{fold_batch_norm, norm_epsilon, norm_name};
pub use dequantise::dequantised;
pub use expect::{Missing, check, check_with, expected_shapes};
pub use import::{load, read_named};

/// One tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Sizes, outermost first.
    pub shape: Vec<usize>,
    /// Elements, row-major.
    pub values: Vec<f32>,
}

impl Weight {
    /// A tensor of `shape`.
    ///
    /// # Panics
    /// If the number of values is not the shape's.
    pub fn new(shape: impl Into<Vec<usize>>, values: Vec<f32>) -> Self {
        let shape = shape.into();
        assert_eq!(shape.iter().product::<usize>(), values.len(), "one value an element");
        Self { shape, values }
    }
}

/// Tensors by name, e.g. `layer1.0.conv1.weight`.
pub type Weights = BTreeMap<String, Weight>;

/// Why weights could not be read or used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The file could not be opened.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Neither safetensors nor a PyTorch state dictionary, or cut short.
    #[error("{path} is damaged or holds no weights ({detail}); download or save it again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The parser's word.
        detail: String,
    },
    /// A sound file that holds something else.
    #[error(
        "{path} holds {found}, not a state dictionary; load it where it was made, and save \
         model.state_dict() alone with torch.save, or as safetensors"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: String,
    },
    /// Two tensors have one name once the names that wrappers add are left out.
    #[error("{path} has two tensors for {name}; save the state dictionary of one network alone")]
    Ambiguous {
        /// The file.
        path: PathBuf,
        /// The tensor.
        name: String,
    },
    /// Tensors have values that no network computes with.
    #[error(
        "these tensors have values that are not finite: {}; take weights of before their training \
         diverged", summary(.0)
    )]
    NotFinite(Vec<String>),
    /// A tensor is of a type that is no weight.
    #[error(
        "tensor {name} has type {dtype}; weights must be float32, float16, bfloat16 or float64: \
         convert them (.float(), .dequantize(), .to_dense()) and save them again"
    )]
    Type {
        /// The tensor.
        name: String,
        /// What it is.
        dtype: String,
    },
    /// Tensors are absent, of other shapes, or do not belong.
    #[error("the weights do not fit {architecture}: {}", summary(.problems))]
    Mismatch {
        /// The architecture that was asked for.
        architecture: String,
        /// One line a tensor.
        problems: Vec<String>,
    },
}

/// The first few problems and how many more there are.
fn summary(problems: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = problems.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    if problems.len() > SHOWN {
        text.push_str(&format!("; and {} more", problems.len() - SHOWN));
    }
    text
}
