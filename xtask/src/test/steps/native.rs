//! The workspace's tests on this machine.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::setup::python;
use crate::shell;
use crate::test::build::{Build, Made};
use crate::test::cargo::{Kind, Program};
use crate::test::job::{self, Job};
use crate::test::lint;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

/// Every test but those of graphics devices, which have a step of their own.
pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let python = python::environment(python::ORACLES)?;
    let programs = made.of(Build::Native)?.programs.iter().filter(|program| is_test(program));
    tests(job, programs, |command| {
        command.env("TAGSIGHT_PYTHON", &python);
    })?;
    // Examples in documentation, which rustdoc builds and runs.
    let mut doc = shell::cargo("test");
    doc.args(["--profile=checked", "--workspace", "--doc"]);
    lint::lint(&mut doc, &job::folder().join("lints"))?;
    job.run(&mut doc)?;
    Ok(Outcome::Passed)
}

/// Unit tests alone.
pub(super) fn unit(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let programs =
        made.of(Build::Native)?.programs.iter().filter(|program| program.kind == Kind::UnitTests);
    tests(job, programs, |_| ())?;
    Ok(Outcome::Passed)
}

fn is_test(program: &Program) -> bool {
    matches!(program.kind, Kind::UnitTests | Kind::Suite)
}

/// Runs all of `programs`, and fails if one did.
fn tests<'a>(
    job: &Job,
    programs: impl Iterator<Item = &'a Program>,
    prepare: impl Fn(&mut Command),
) -> Result<()> {
    let mut failed = Vec::new();
    let mut number = 0;
    for program in programs {
        number += 1;
        let mut command = program.command();
        prepare(&mut command);
        if program.name == super::webgpu::TESTS {
            command.args(["--skip", super::webgpu::MODULE]);
        }
        job.say(&format!("{} of {}:", program.name, program.package.display()));
        if let Err(error) = job.run(&mut command) {
            job.say(&format!("{error:#}"));
            failed.push(program.name.as_str());
        }
    }
    ensure!(number > 0, "there is nothing to run");
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}
