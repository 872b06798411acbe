//! The teachers of a run.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tagsight_core::artifact;

use super::{DistilError, IntegerTeacher, Teacher};

/// A teacher and how much it counts. `weight`s need not add up to anything: the sum of logits is
/// calibrated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherConfig {
    /// A YOLOX detector (`.onnx`), relative to the data folder, or the folder of an artifact of
    /// COCO's labels, relative to the working folder.
    pub model: PathBuf,
    /// Factor of its logits.
    #[serde(default = "one")]
    pub weight: f32,
}

/// A teacher, read, and the factor of its logits.
pub struct Weighted {
    /// Whom to ask.
    pub teacher: Box<dyn Teacher>,
    /// See [`TeacherConfig::weight`].
    pub weight: f32,
}

fn one() -> f32 {
    1.0
}

/// Reads the teachers of a run; `data` is the data folder.
///
/// # Errors
/// If one of them cannot be read or is no teacher.
pub fn load(teachers: &[TeacherConfig], data: &Path) -> Result<Vec<Weighted>, DistilError> {
    let load = |config: &TeacherConfig| {
        Ok(Weighted { teacher: load_one(&config.model, data)?, weight: config.weight })
    };
    teachers.iter().map(load).collect()
}

fn load_one(model: &Path, data: &Path) -> Result<Box<dyn Teacher>, DistilError> {
    let is_onnx = model.extension().is_some_and(|extension| extension == "onnx");
    let path = if is_onnx { data.join(model) } else { model.join(artifact::FILE_NAME) };
    let bytes =
        std::fs::read(&path).map_err(|source| DistilError::Io { path: path.clone(), source })?;
    let teacher: Result<Box<dyn Teacher>, String> = if is_onnx {
        detector(bytes)
    } else {
        IntegerTeacher::new(&bytes).map(|t| Box::new(t) as _)
    };
    teacher.map_err(|detail| DistilError::Unusable { path, detail })
}

#[cfg(feature = "teacher-onnx")]
fn detector(bytes: Vec<u8>) -> Result<Box<dyn Teacher>, String> {
    super::Yolox::new(bytes).map(|teacher| Box::new(teacher) as _)
}

#[cfg(not(feature = "teacher-onnx"))]
fn detector(_: Vec<u8>) -> Result<Box<dyn Teacher>, String> {
    Err("this program was built without the feature teacher-onnx".into())
}
