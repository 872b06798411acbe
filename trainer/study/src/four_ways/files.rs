//! The files of the network's numbers.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;

use tagsight_core::artifact;
use tagsight_data::write_atomically;
use tagsight_onnx::{Batch, Style, write_float, write_integers};
use tagsight_train::checkpoint::Checkpoint;

use super::way::Way;
use crate::error::StudyError;
use crate::networks::Networks;
use crate::runtimes::said_by;

/// What a file is, or why it is not there.
pub(super) type Files = BTreeMap<Way, Result<PathBuf, String>>;

/// Photos for others' quantisers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calibration<'a> {
    /// Their float32.
    pub(super) pixels: &'a Path,
    pub(super) photos: usize,
}

/// Writes all files into `folder`; those of onnxruntime's quantiser by the program `quantiser`, if there is one.
///
/// # Errors
/// If one cannot be written.
pub(super) fn write(
    float: &Checkpoint,
    networks: &Networks,
    quantiser: Option<&Path>,
    calibration: Calibration,
    folder: &Path,
) -> Result<Files, StudyError> {
    let mut files = Files::new();
    for way in Way::ALL {
        let path = folder.join(way.file());
        let written = match bytes(way, networks)? {
            Some(bytes) => {
                let file = if way == Way::OwnIntegers {
                    fs::create_dir_all(&path).map_err(StudyError::io(&path))?;
                    path.join(artifact::FILE_NAME)
                } else {
                    path.clone()
                };
                write_atomically(&file, &bytes).map_err(StudyError::io(file))?;
                Ok(path)
            }
            None if way == Way::OwnFloat => {
                // Without what a run goes on from.
                Checkpoint { resume: None, ..float.clone() }.write(&path)?;
                Ok(path)
            }
            None => {
                let from = folder.join(Way::OnnxFloat.file());
                quantised(quantiser, way, &from, calibration, &path).map(|()| path)
            }
        };
        files.insert(way, written);
    }
    Ok(files)
}

/// What this program writes; none of what others do.
fn bytes(way: Way, networks: &Networks) -> Result<Option<Vec<u8>>, StudyError> {
    // Some runtimes want to know the batch.
    let one = Batch::Fixed(NonZero::<usize>::MIN);
    let integers = |style| Some(write_integers(&networks.trained, style, one));
    Ok(match way {
        Way::OwnIntegers => Some(networks.trained.write()?),
        Way::OnnxFloat => Some(write_float(&networks.spec, &networks.float, one)),
        Way::OnnxQdq => integers(Style::Qdq),
        Way::OnnxQOperator => integers(Style::QOperator),
        Way::OwnFloat | Way::OnnxStatic | Way::OnnxDynamic => None,
    })
}

/// Has onnxruntime quantise `from`.
fn quantised(
    program: Option<&Path>,
    way: Way,
    from: &Path,
    Calibration { pixels, photos }: Calibration,
    to: &Path,
) -> Result<(), String> {
    let program = program.ok_or("its quantiser is not in --runtimes")?;
    let how = if way == Way::OnnxDynamic { "dynamic" } else { "static" };
    let mut command = Command::new(program);
    command.arg(how).args([from, pixels]).arg(photos.to_string()).arg(to);
    said_by(command)?;
    if to.is_file() { Ok(()) } else { Err("it writes nothing".into()) }
}
