//! The trainer's files, read by programs that others wrote.

use std::process::Command;

use anyhow::Result;

use crate::setup::python;
use crate::shell::root;
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let python = python::environment(python::ORACLES)?;
    for script in ["network.py", "tensorboard_events.py"] {
        let script = root().join("tests/oracle").join(script);
        job.run(Command::new(&python).arg(script).arg(made.trainer()?))?;
    }
    Ok(Outcome::Passed)
}
