//! The Python wheel, installed and used as its users do.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::photos;
use crate::models;
use crate::setup::python;
use crate::shell::root;
use crate::test::build::{Build, Made, wheel_folder};
use crate::test::cargo::Kind;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;
use crate::trainer::{data, images};
use crate::wheel;

/// Photos that the wheel and the command line are compared on.
const COMPARED: usize = 20;
/// Photos of the cluster.
const MANY: usize = 200;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let python = python::environment(python::WHEEL)?;
    let installed = wheel_folder().join("installed");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]);
    job.run(pip.arg(&installed).arg(wheel::built(&wheel_folder())?))?;
    let script = |script: &str| {
        let mut command = python_with(&python, &installed);
        command.arg(root().join("bindings/python/tests").join(script));
        command
    };
    job.say("what the types say is so:");
    job.run(python_with(&python, &installed).args(["-m", "mypy.stubtest", "tagsight"]))?;
    let model = models::default()?;
    let program = made.of(Build::Native)?.file(Kind::Program, "tagsight")?;
    let compared = photos::all(job)?;
    // Every encoding, and as many real photos as there is time for.
    let compared = compared.iter().rev().take(COMPARED);
    job.run(script("test_tagger.py").arg(&model).arg(program).args(compared))?;
    job.say("on a cluster:");
    job.run(script("test_ray.py").arg(&model).args(&many()?))?;
    Ok(Outcome::Passed)
}

/// Real photos where there are any.
fn many() -> Result<Vec<PathBuf>> {
    let folder = data().map(|data| data.join("coco/val"));
    let folder = folder.unwrap_or_else(|| root().join("tests/fixtures/photos"));
    let mut photos = images(&folder)?;
    photos.truncate(MANY);
    Ok(photos)
}

/// Python with the wheel; Ray tells nobody about its use.
fn python_with(python: &Path, installed: &Path) -> Command {
    let mut command = Command::new(python);
    command.env("PYTHONPATH", installed).env("RAY_USAGE_STATS_ENABLED", "0");
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
