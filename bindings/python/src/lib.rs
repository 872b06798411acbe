//! Tagsight for Python: the core behind a handful of classes. What they do is documented where Python's
//! readers look, in `python/tagsight/__init__.pyi`.

mod error;
mod photo;
mod pool;
mod tag;
mod tagger;

use pyo3::prelude::*;

/// The extension module.
#[pymodule]
mod _tagsight {
    #[pymodule_export]
    use crate::error::{ModelError, PhotoError};
    #[pymodule_export]
    use crate::tag::Tag;
    #[pymodule_export]
    use crate::tagger::Tagger;
}
