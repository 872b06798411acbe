//! Why an artifact is refused.

use super::version::FORMAT_VERSION;
use crate::graph::GraphError;

/// Why an artifact was refused.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// Cut short, or not this format at all.
    #[error("the model file is damaged or not a model ({0}); download or export it again")]
    Container(String),
    /// A later or unknown version.
    #[error(
        "the model has format version {found}, this program reads up to {FORMAT_VERSION}; \
         update the program or export the model again"
    )]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// Metadata that contradicts itself.
    #[error("the model's metadata is not usable: {0}")]
    Metadata(String),
    /// Layers that are no network.
    #[error("the model's network is not usable: {0}")]
    Graph(#[from] GraphError),
    /// A tensor is absent, or has a wrong type or shape.
    #[error("the model's tensor {name} is not usable: {reason}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl ArtifactError {
    pub(super) fn tensor(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Tensor { name: name.into(), reason: reason.into() }
    }
}
