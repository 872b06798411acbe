//! What Python hands in as a photo.

use std::path::PathBuf;

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use tagsight_core::photo::Rgb8;

/// A photo that can be read without the GIL.
pub(crate) enum Photo {
    /// A file's bytes.
    Bytes(PyBackedBytes),
    /// A file.
    Path(PathBuf),
    /// Upright pixels in sRGB.
    Pixels(Rgb8),
}

const EXPECTED: &str =
    "a photo is a file's bytes, a path, or pixels: uint8 [height, width, 3] of RGB";

impl<'py> FromPyObject<'_, 'py> for Photo {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        // Before paths, which bytes can be as well.
        if let Ok(bytes) = object.extract() {
            return Ok(Self::Bytes(bytes));
        }
        if let Ok(path) = object.extract() {
            return Ok(Self::Path(path));
        }
        let buffer = PyBuffer::<u8>::get(&object).map_err(|_| PyTypeError::new_err(EXPECTED))?;
        pixels(object.py(), &buffer).map(Self::Pixels)
    }
}

/// A copy of an array's pixels, whatever its strides, since others may write to it meanwhile.
fn pixels(py: Python<'_>, buffer: &PyBuffer<u8>) -> PyResult<Rgb8> {
    let &[height, width, 3] = buffer.shape() else {
        let shape = buffer.shape();
        return Err(PyTypeError::new_err(format!("{EXPECTED}; this array is {shape:?}")));
    };
    if height == 0 || width == 0 {
        return Err(PyValueError::new_err("the array has no pixels"));
    }
    Ok(Rgb8 { width, height, bytes: buffer.to_vec(py)? })
}
