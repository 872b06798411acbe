//! The portable tests in Chromium.

use anyhow::{Result, ensure};

use super::e2e::node;
use crate::test::Terms;
use crate::test::build::Made;
use crate::test::job::Job;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    for (features, compiled) in made.wasm()? {
        job.say(&format!("built with {features}:"));
        let binaries: Vec<_> = compiled.programs.iter().map(|program| &program.file).collect();
        ensure!(binaries.len() == 2, "one binary each of core and tests, not {binaries:?}");
        job.run(node("browser/unit.mjs")?.args(&binaries))?;
        job.say("negative control, one test fails:");
        let control = compiled.programs.iter().find(|program| program.name == "tagsight_tests");
        let control = control.map(|program| &program.file);
        ensure!(control.is_some(), "the tests have no control");
        job.run(node("browser/unit.mjs")?.arg("--must-fail").args(control))?;
    }
    Ok(Outcome::Passed)
}
