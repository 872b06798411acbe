//! Why an ONNX file is not read.

use tagsight_core::artifact::ArtifactError;
use tagsight_core::graph::GraphError;

/// Why an ONNX file was refused.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// Cut short, altered, or no ONNX.
    #[error("it is damaged or no ONNX file ({0}); export it again")]
    Damaged(String),
    /// Nodes that no network here can have; all of them.
    #[error("these of its nodes are not supported:{}", listed(.0))]
    Unsupported(Vec<String>),
    /// Its input or output, or what was said of them.
    #[error("{0}")]
    Interface(String),
    /// Its layers are no network here.
    #[error("its layers cannot be run here: {0}")]
    Graph(#[from] GraphError),
    /// Its integers cannot.
    #[error("its integers cannot be run here: {0}")]
    Artifact(#[from] ArtifactError),
}

/// One a line.
fn listed(problems: &[String]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}
