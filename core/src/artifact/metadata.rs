//! What an artifact says of itself.

use serde::Serialize;

use super::error::ArtifactError;
use super::graph::{self, Layers};
use super::json::{Json, Read, keep, need, unknown};
use super::version::FORMAT_VERSION;
use crate::graph::Architecture;
use crate::labels;
use crate::preprocessing::Preprocessing;
use crate::tags::Calibration;
use crate::task::{Quantity, Task};
use crate::thresholds::{Steps, Thresholds};

/// The first version that says what its task is; before, all were multi-label.
const TASK_VERSION: u32 = 4;
/// The field that says the version.
const VERSION: &str = "format_version";
/// Largest side of an input image.
pub const MAX_SIDE: usize = 1024;
const MIN_SIDE: usize = 32;
const MAX_CLASSES: usize = 10_000;
/// Longest name of an architecture, in bytes.
const MAX_NAME: usize = 100;

/// The `tagsight` entry of the file's metadata.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metadata {
    /// [`FORMAT_VERSION`]: what is read of an earlier version is of today's from then on.
    pub format_version: u32,
    /// What the network is called; [`Architecture::name`] of those that are trained here.
    pub architecture: String,
    /// One label an output.
    pub labels: Vec<String>,
    /// How a photo becomes the input.
    pub preprocessing: Preprocessing,
    /// What the outputs stand for.
    pub task: Task,
}

impl Metadata {
    /// The architecture of that name, if it is one of those that are trained here.
    pub fn architecture(&self) -> Option<Architecture> {
        Architecture::from_name(&self.architecture)
    }

    /// Checks what types do not say.
    pub(super) fn validate(&self) -> Result<(), ArtifactError> {
        let fail = |reason: String| Err(ArtifactError::Metadata(reason));
        if self.format_version != FORMAT_VERSION {
            return Err(ArtifactError::Version { found: self.format_version });
        }
        let name = &self.architecture;
        if name.is_empty() || name.len() > MAX_NAME || name.contains(char::is_control) {
            return fail("the architecture's name cannot be shown".into());
        }
        let classes = self.labels.len();
        if !(1..=MAX_CLASSES).contains(&classes) {
            return fail(format!("{classes} labels"));
        }
        if let Err(reason) = labels::check(&self.labels) {
            return fail(reason);
        }
        let side = self.preprocessing.side;
        if !(MIN_SIDE..=MAX_SIDE).contains(&side) {
            return fail(format!("input side {side} is not in {MIN_SIDE}..={MAX_SIDE}"));
        }
        let unit = |values: &[f32]| values.iter().all(|value| (0.0..=1.0).contains(value));
        if !unit(&self.preprocessing.mean) {
            return fail("channel means outside 0..=1".into());
        }
        if self.preprocessing.std.iter().any(|std| !(std.is_finite() && *std > 0.0)) {
            return fail("channel deviations that are not positive".into());
        }
        self.task.validate(classes).map_err(ArtifactError::Metadata)
    }
}

impl Metadata {
    /// Reads what is written as JSON, of whichever version, and the layers that later ones have.
    pub(super) fn read(json: &mut Json) -> Read<(Self, Option<Layers>)> {
        let mut layers = None;
        let (mut version, mut architecture, mut labels) = (None, None, None);
        let (mut preprocessing, mut task, mut fields) = (None, None, TaskFields::default());
        json.object(&mut |name, json| match name {
            VERSION => keep(&mut version, name, read_version(json)?),
            "architecture" => keep(&mut architecture, name, json.string()?),
            "graph" => keep(&mut layers, name, graph::read(json)?),
            "labels" => keep(&mut labels, name, json.array(Json::string)?),
            "preprocessing" => keep(&mut preprocessing, name, read_preprocessing(json)?),
            "task" => keep(&mut task, name, read_task(json)?),
            "thresholds" | "calibration" => fields.read(name, json),
            _ => unknown(name),
        })?;
        let format_version = need(version, VERSION)?;
        if format_version < TASK_VERSION {
            keep(&mut task, "task", fields.multi_label()?)?;
        } else {
            fields.refuse()?;
        }
        let metadata = Self {
            format_version,
            architecture: need(architecture, "architecture")?,
            labels: need(labels, "labels")?,
            preprocessing: need(preprocessing, "preprocessing")?,
            task: need(task, "task")?,
        };
        Ok((metadata, layers))
    }

    /// Reads the version alone, as later ones may shape the rest differently.
    pub(super) fn read_version(json: &mut Json) -> Read<u32> {
        let mut version = None;
        json.object(&mut |name, json| match name {
            VERSION => keep(&mut version, name, read_version(json)?),
            _ => json.skip(),
        })?;
        need(version, VERSION)
    }
}

fn read_preprocessing(json: &mut Json) -> Read<Preprocessing> {
    let (mut side, mut mean, mut std) = (None, None, None);
    json.object(&mut |name, json| match name {
        "side" => keep(&mut side, name, json.integer()?),
        "mean" => keep(&mut mean, name, json.array_of(Json::float)?),
        "std" => keep(&mut std, name, json.array_of(Json::float)?),
        _ => unknown(name),
    })?;
    Ok(Preprocessing {
        side: need(side, "side")?,
        mean: need(mean, "mean")?,
        std: need(std, "std")?,
    })
}

fn read_version(json: &mut Json) -> Read<u32> {
    u32::try_from(json.integer()?).map_err(|error| error.to_string())
}

/// What belongs to one task or another, as it stands in the metadata of earlier versions, and in the task
/// of later ones.
#[derive(Default)]
struct TaskFields {
    thresholds: Option<Thresholds>,
    calibration: Option<Calibration>,
    temperature: Option<f32>,
    quantities: Option<Vec<Quantity>>,
}

impl TaskFields {
    fn read(&mut self, name: &str, json: &mut Json) -> Read<()> {
        match name {
            "thresholds" => keep(&mut self.thresholds, name, read_thresholds(json)?),
            "calibration" => keep(&mut self.calibration, name, read_calibration(json)?),
            "temperature" => keep(&mut self.temperature, name, json.float()?),
            "quantities" => keep(&mut self.quantities, name, json.array(read_quantity)?),
            _ => unknown(name),
        }
    }

    /// The task of that kind, of fields that are its own and no others.
    fn task(mut self, kind: &str) -> Read<Task> {
        let task = match kind {
            "multi-label" => self.multi_label()?,
            "single-label" => {
                Task::SingleLabel { temperature: need(self.temperature.take(), "temperature")? }
            }
            "regression" => {
                Task::Regression { quantities: need(self.quantities.take(), "quantities")? }
            }
            _ => return Err(format!("unknown task {kind:?}")),
        };
        self.refuse()?;
        Ok(task)
    }

    fn multi_label(&mut self) -> Read<Task> {
        let thresholds = need(self.thresholds.take(), "thresholds")?;
        let calibration = need(self.calibration.take(), "calibration")?;
        Ok(Task::MultiLabel { thresholds, calibration })
    }

    /// Refuses what is left.
    fn refuse(&self) -> Read<()> {
        let fields = [
            ("thresholds", self.thresholds.is_some()),
            ("calibration", self.calibration.is_some()),
            ("temperature", self.temperature.is_some()),
            ("quantities", self.quantities.is_some()),
        ];
        match fields.into_iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => Err(format!("the field {name} does not belong to the task")),
            None => Ok(()),
        }
    }
}

fn read_task(json: &mut Json) -> Read<Task> {
    let (mut kind, mut fields) = (None, TaskFields::default());
    json.object(&mut |name, json| match name {
        "kind" => keep(&mut kind, name, json.string()?),
        _ => fields.read(name, json),
    })?;
    fields.task(&need(kind, "kind")?)
}

fn read_quantity(json: &mut Json) -> Read<Quantity> {
    let (mut unit, mut scale, mut offset) = (None, None, None);
    json.object(&mut |name, json| match name {
        "unit" => keep(&mut unit, name, json.string()?),
        "scale" => keep(&mut scale, name, json.float()?),
        "offset" => keep(&mut offset, name, json.float()?),
        _ => unknown(name),
    })?;
    let (unit, scale) = (need(unit, "unit")?, need(scale, "scale")?);
    Ok(Quantity { unit, scale, offset: need(offset, "offset")? })
}

/// The three lists, or the one that files had up to version 2: then it is that of every step.
fn read_thresholds(json: &mut Json) -> Read<Thresholds> {
    if json.is_array() {
        return json.array(Json::float).map(Steps::all);
    }
    let (mut sure, mut balanced, mut more) = (None, None, None);
    json.object(&mut |name, json| match name {
        "sure" => keep(&mut sure, name, json.array(Json::float)?),
        "balanced" => keep(&mut balanced, name, json.array(Json::float)?),
        "more" => keep(&mut more, name, json.array(Json::float)?),
        _ => unknown(name),
    })?;
    let (sure, balanced) = (need(sure, "sure")?, need(balanced, "balanced")?);
    Ok(Steps { sure, balanced, more: need(more, "more")? })
}

fn read_calibration(json: &mut Json) -> Read<Calibration> {
    let (mut slope, mut offset) = (None, None);
    json.object(&mut |name, json| match name {
        "slope" => keep(&mut slope, name, json.array(Json::float)?),
        "offset" => keep(&mut offset, name, json.array(Json::float)?),
        _ => unknown(name),
    })?;
    Ok(Calibration { slope: need(slope, "slope")?, offset: need(offset, "offset")? })
}
