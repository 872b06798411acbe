//! A tag, as Python has it.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A label that a photo got.
#[pyclass(frozen, eq, module = "tagsight")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag {
    /// The label's name.
    #[pyo3(get)]
    label: String,
    /// Its calibrated score in `0..=1`.
    #[pyo3(get)]
    score: f32,
}

#[pymethods]
impl Tag {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("label", "score")
    }

    #[new]
    fn new(label: String, score: f32) -> Self {
        Self { label, score }
    }

    /// So that it can be pickled: it goes from process to process.
    fn __getnewargs__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        (self.label.clone(), self.score).into_pyobject(py)
    }

    fn __repr__(&self) -> String {
        format!("Tag(label={:?}, score={:.4})", self.label, self.score)
    }
}

impl From<tagsight_core::tags::Tag> for Tag {
    fn from(tagsight_core::tags::Tag { label, score }: tagsight_core::tags::Tag) -> Self {
        Self { label, score }
    }
}
